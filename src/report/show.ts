/** All about one process, made harmless: what both formats of `ocmem show` are made from. */

import { adviceFor } from "./advice.ts";
import type { MemoryPart, Port } from "../detail.ts";
import type { Point, Trend } from "../stats.ts";
import type { Conclusion, Evidence, Missing, ProcessInfo, Thresholds } from "../types.ts";
import { visible } from "./harmless.ts";
import type { HistoryStatistics } from "./history.ts";
import type { HistoryStyle } from "./history_formats.ts";
import type { Report, ReportInstance, ReportProcess } from "./report.ts";
import { resumeCommand } from "./resume.ts";

/** What is recorded of a process. */
export interface ProcessPast {
  /** First and last look at it that was found, in milliseconds since 1970. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly statistics: HistoryStatistics;
  /** In bytes per millisecond; null: there are no two times. */
  readonly trend: Trend | null;
  /** From now until it is over the limit if it goes on so; 0 if it is, null if it is not sure to grow. */
  readonly msToWarning: number | null;
  readonly msToCritical: number | null;
  /** Footprints in the order of time; of an hour its mean. */
  readonly points: readonly Point[];
}

/** How an instance stands in the system. null: the system does not tell. */
export interface ShownStanding {
  /** Of its main process, whose standing this is. */
  readonly pid: number;
  readonly hasTerminal: boolean | null;
  readonly isService: boolean | null;
  /** What its `OPENCODE_PID` names, and whether that is an OpenCode that lives and is older. */
  readonly opener: { readonly pid: number; readonly isAlive: boolean } | null;
  /** The parent of its root, if it lives and is none that inherits others' children. */
  readonly parent: Kin | null;
  /** null: nothing is concluded, whatever the evidence. */
  readonly conclusion: Conclusion | null;
  readonly evidence: readonly Evidence[];
}

/** A process by its pid and its name. */
export interface Kin {
  readonly pid: number;
  readonly name: string;
}

/** What was found out about one process. Texts of others are not made harmless yet. */
export interface Findings {
  /** Of nothing but the process's instance: a Report is harmless already. */
  readonly report: Report;
  readonly pid: number;
  readonly thresholds: Thresholds;
  readonly directory: string | null;
  /** Its parent first. */
  readonly ancestors: readonly ProcessInfo[];
  readonly parts: readonly MemoryPart[] | Missing;
  readonly ports: readonly Port[] | null;
  /** null: nobody lives of whom to tell. */
  readonly standing: ShownStanding | null;
  readonly past: ProcessPast | null;
}

export interface ShowReport extends Pick<Report, "toolVersion" | "takenAtMs" | "host" | "notes"> {
  readonly thresholds: Thresholds;
  readonly process: ReportProcess;
  readonly instance: ReportInstance;
  readonly uptimeMs: number;
  /** Its own, which need not be its instance's. null: not told. */
  readonly directory: string | null;
  /** Its parent first, pid 1 last. */
  readonly ancestors: readonly Kin[];
  /** The most first. null: not told, and `partsMissing` says why. */
  readonly parts: readonly MemoryPart[] | null;
  readonly partsMissing: Missing | null;
  /** null: the system does not tell. */
  readonly ports: readonly Port[] | null;
  readonly standing: ShownStanding | null;
  /** null: nothing is recorded, or it can't be read. */
  readonly past: ProcessPast | null;
  /** What resumes the session of its instance; null: there is none, or nobody knows which. */
  readonly resume: string | null;
}

/** A report as text, with its last line break. */
export type ShowFormat = (report: ShowReport, style: HistoryStyle) => string;

export const SHOW_FORMATS = {
  text: async (): Promise<ShowFormat> => (await import("./show_text.ts")).showAsText,
  json: async (): Promise<ShowFormat> => (await import("./show_json.ts")).showAsJson,
} as const;

/** Builds the report. Text from other processes is made harmless here, once for both formats. */
export function buildShow(findings: Findings): ShowReport {
  const { report, pid, thresholds, directory, parts, ports, standing, past } = findings;
  const [found] = report.instances;
  // All about it is what this is.
  const advice = adviceFor(found!)?.filter(({ kind }) => kind !== "show") ?? null;
  const instance = { ...found!, advice: advice?.length === 0 ? null : advice };
  const process = instance.processes.find((one) => one.pid === pid)!;
  const { toolVersion, takenAtMs, host, notes } = report;
  return {
    ...{ toolVersion, takenAtMs, host, notes, thresholds, process, instance, past },
    // A clock may have been set back.
    uptimeMs: Math.max(0, Math.round(takenAtMs - process.startedAtMs)),
    directory: directory === null ? null : visible(directory),
    ancestors: findings.ancestors.map(({ key, name }) => kin({ pid: key.pid, name })),
    parts: typeof parts === "string" ? null : [...parts].sort((a, b) => b.bytes - a.bytes),
    partsMissing: typeof parts === "string" ? parts : null,
    ports: ports && ports.map(({ address, port }) => ({ address: visible(address), port })),
    standing: standing && {
      ...standing,
      parent: standing.parent && kin(standing.parent),
      evidence: standing.evidence.map(({ kind, detail }) => ({ kind, detail: visible(detail) })),
    },
    resume: resumeCommand(instance),
  };
}

function kin({ pid, name }: Kin): Kin {
  return { pid, name: visible(name) };
}
