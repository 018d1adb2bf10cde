/** What became of processes that were to be ended, made harmless: what both formats are made from. */

import type { Ended, Outcome } from "../ending/end.ts";
import type { Refusal } from "../ending/guard.ts";
import type { EndSignal, Hold } from "../ender.ts";
import type { Role } from "../types.ts";
import { visible } from "./harmless.ts";
import type { Report, Style } from "./report.ts";

/** One process. Every text is harmless. */
export interface EndedRow {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly instanceId: string;
  readonly role: Role;
  readonly name: string;
  readonly executable: string | null;
  readonly directory: string | null;
  /** The named process that it goes with, or null if it is named itself. */
  readonly goesWith: number | null;
  readonly footprintBytes: number | null;
  readonly outcome: Outcome;
  readonly refusal: Refusal | null;
  readonly signals: readonly EndSignal[];
  readonly by: Hold["by"] | null;
  readonly waitedMs: number;
}

/** How it was to be done. */
export interface EndFrame {
  readonly toolVersion: string;
  readonly takenAtMs: number;
  readonly host: Report["host"];
  readonly graceMs: number;
  readonly force: boolean;
  readonly exitCode: number;
}

export interface EndReport extends EndFrame {
  readonly rows: readonly EndedRow[];
  readonly totals: {
    readonly processes: number;
    readonly ended: number;
    /** What those that have ended held just before. */
    readonly reclaimedBytes: number;
  };
}

/** A report as text, with its last line break. */
export type EndFormat = (report: EndReport, style: Style) => string;

export const END_FORMATS = {
  text: async (): Promise<EndFormat> => (await import("./ending_text.ts")).formatEnding,
  json: async (): Promise<EndFormat> => (await import("./ending_json.ts")).jsonEnding,
} as const;

/** Builds the report. Text from processes is made harmless here, once for both formats. */
export function buildEndReport(ended: readonly Ended[], frame: EndFrame): EndReport {
  const rows = ended.map(rowOf);
  const over = rows.filter(hasEnded);
  return {
    ...frame,
    rows,
    totals: {
      processes: rows.length,
      ended: over.length,
      reclaimedBytes: over.reduce((sum, { footprintBytes }) => sum + (footprintBytes ?? 0), 0),
    },
  };
}

/** Whether it ran, and was brought to its end. */
export function hasEnded({ outcome }: Pick<EndedRow, "outcome">): boolean {
  return outcome === "ended" || outcome === "killed";
}

/** Whether it is still there where it was to end. */
export function isLeft({ outcome }: Pick<EndedRow, "outcome">): boolean {
  return outcome === "refused" || outcome === "still_running" || outcome === "changed";
}

function rowOf({ target, ...ended }: Ended): EndedRow {
  const { member: { info, role, executable }, instance, top } = target;
  const { outcome, refusal, signals, by, waitedMs, footprintBytes } = ended;
  const { directory } = instance;
  return {
    pid: info.key.pid,
    startedAtMs: info.startedAtMs,
    instanceId: instance.id,
    role,
    name: visible(info.name),
    executable: executable === null ? null : visible(executable),
    directory: directory === null ? null : visible(directory),
    goesWith: top === info.key.pid ? null : top,
    ...{ footprintBytes, outcome, refusal, signals, by, waitedMs },
  };
}
