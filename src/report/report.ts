/** The Report: what every format is made from, and the table of formats. */

import type { Advice, Purpose, PurposeGroup } from "../detail.ts";
import type {
  Because,
  HeldSession,
  Instance,
  Level,
  MatchedBy,
  Member,
  Missing,
  Os,
  Project,
  Reading,
  Role,
  Sample,
  Thresholds,
  Verdict,
} from "../types.ts";
import { redact, visible } from "./harmless.ts";

export interface Report {
  readonly toolVersion: string;
  readonly takenAtMs: number;
  readonly host: { readonly os: Os; readonly arch: string; readonly memoryBytes: number };
  /** null: nothing was judged (`list`). */
  readonly thresholds: Thresholds | null;
  readonly level: Level | null;
  readonly exitCode: number;
  readonly scan: {
    readonly processes: number;
    readonly durationMs: number;
    /** Processes whose table row, arguments or memory the system did not let us read. */
    readonly unreadable: number;
  };
  readonly totals: {
    readonly instances: number;
    readonly processes: number;
    /** Of the processes that could be read. */
    readonly footprintBytes: number;
    /** Processes without a reading. */
    readonly unread: number;
  };
  /** Largest first. */
  readonly instances: readonly ReportInstance[];
  /** Those that are shown, in the order in which they are; without it all, as they are. */
  readonly shown?: readonly ReportInstance[];
  /** Whether instances that were found are left out, as not asked for. */
  readonly isNarrowed?: boolean;
  /** What could not be found out besides, in sentences. */
  readonly notes: readonly string[];
}

export interface ReportInstance {
  readonly id: string;
  readonly role: Role;
  readonly level: Level | null;
  readonly because: Because | null;
  readonly directory: string | null;
  /** Of the processes that could be read; null if none could. */
  readonly footprintBytes: number | null;
  /** In tree order, the root first. */
  readonly processes: readonly ReportProcess[];
  /** null: not known, or nobody asked. */
  readonly project: Project | null;
  /** null: nobody asked. */
  readonly sessions: readonly HeldSession[] | null;
  /** What runs around the session, by what it is for, the most first. null: nobody asked. */
  readonly children: readonly PurposeGroup[] | null;
  /** What to do about it; null: nobody asked, or nothing is over a limit. */
  readonly advice: readonly Advice[] | null;
}

export interface ReportProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number | null;
  readonly name: string;
  readonly executable: string | null;
  readonly commandLine: readonly string[] | null;
  readonly role: Role;
  readonly matchedBy: MatchedBy;
  readonly depth: number;
  readonly startedAtMs: number;
  /** Opaque: tells it from others that had its pid. */
  readonly started: string;
  readonly level: Level | null;
  readonly because: Because | null;
  readonly reading: Reading | null;
  readonly missing: Missing | null;
  /** What it is for, around a session. null: nobody asked, or it is the session itself. */
  readonly purpose: Purpose | null;
}

/** A member with its reading, and the verdict on it if there is one. */
export interface Judged {
  readonly member: Member;
  readonly sample: Sample;
  readonly verdict: Verdict | null;
}

/** An instance with its readings, and the verdict on it if there is one. */
export interface JudgedInstance {
  readonly instance: Instance;
  readonly judged: readonly Judged[];
  readonly verdict: Verdict | null;
}

/** The parts of a Report that are not derived from the instances. */
export type Frame = Omit<Report, "instances" | "totals" | "notes">;

/** Builds the Report. Text from other processes is made harmless here, once for all formats. */
export function buildReport(
  frame: Frame,
  found: readonly JudgedInstance[],
  options: { readonly showSecrets: boolean },
): Report {
  const instances = found.map((one) => reportInstance(one, options.showSecrets))
    .sort((a, b) => (b.footprintBytes ?? -1) - (a.footprintBytes ?? -1));
  const processes = instances.flatMap((i) => i.processes);
  const unread = processes.filter((p) => p.reading === null);
  const refused = unread.filter((p) => p.missing === "denied" || p.missing === "unsupported");
  return {
    ...frame,
    scan: { ...frame.scan, unreadable: frame.scan.unreadable + refused.length },
    totals: {
      instances: instances.length,
      processes: processes.length,
      footprintBytes: sumFootprints(processes),
      unread: unread.length,
    },
    instances,
    notes: [],
  };
}

/** The instances that are shown. */
export function shownOf({ shown, instances }: Report): readonly ReportInstance[] {
  return shown ?? instances;
}

/** How many instances are not shown. */
export function hiddenOf(report: Report): number {
  return report.instances.length - shownOf(report).length;
}

function reportInstance(
  { instance, judged, verdict }: JudgedInstance,
  showSecrets: boolean,
): ReportInstance {
  const processes = judged.map((one) => reportProcess(one, showSecrets));
  return {
    id: instance.id,
    role: instance.main.role,
    level: verdict?.level ?? null,
    because: verdict?.because ?? null,
    directory: nullOr(visible, instance.directory),
    footprintBytes: processes.some((p) => p.reading) ? sumFootprints(processes) : null,
    processes,
    project: null,
    sessions: null,
    children: null,
    advice: null,
  };
}

function reportProcess({ member, sample, verdict }: Judged, showSecrets: boolean): ReportProcess {
  const { info, commandLine } = member;
  const reading = "reading" in sample ? sample.reading : null;
  const shown = commandLine === null || showSecrets ? commandLine : redact(commandLine);
  return {
    pid: info.key.pid,
    ppid: info.ppid,
    uid: info.uid ?? reading?.uid ?? null,
    name: visible(info.name),
    executable: nullOr(visible, member.executable),
    commandLine: shown && shown.map(visible),
    role: member.role,
    matchedBy: member.matchedBy,
    depth: member.depth,
    startedAtMs: info.startedAtMs,
    started: info.key.started,
    level: verdict?.level ?? null,
    because: verdict?.because ?? null,
    reading,
    missing: "missing" in sample ? sample.missing : null,
    purpose: null,
  };
}

function sumFootprints(processes: readonly ReportProcess[]): number {
  return processes.reduce((sum, p) => sum + (p.reading?.footprintBytes ?? 0), 0);
}

function nullOr<T>(make: (text: string) => T, text: string | null): T | null {
  return text === null ? null : make(text);
}

/** How a text format may look. */
export interface Style {
  /** Columns to fit into; Infinity: as wide as it takes. */
  readonly width: number;
  readonly colour: boolean;
  /** The user's home folder, shown as `~`. */
  readonly home: string | null;
  /** Metrics of each process by itself, with its pid as a label. */
  readonly pidLabel?: boolean;
}

/** A Report as text, with its last line break. */
export type Format = (report: Report, style: Style) => string;

/** What text shows besides, where a Report has it. */
export interface TextParts {
  /** The lines of the table with others among them. */
  readonly among?: (table: string[]) => string[];
  /** Lines below the reason of an instance. */
  readonly below?: (instance: ReportInstance, style: Style) => string[];
}

export type TextFormat = (report: Report, style: Style, more?: TextParts) => string;

/** Every format, loaded when it is used. */
export const FORMATS = {
  text: async (): Promise<TextFormat> => (await import("./text.ts")).formatText,
  json: async (): Promise<Format> => (await import("./json.ts")).formatJson,
  ndjson: async (): Promise<Format> => (await import("./ndjson.ts")).formatNdjson,
  csv: async (): Promise<Format> => (await import("./csv.ts")).formatCsv,
  markdown: async (): Promise<Format> => (await import("./markdown.ts")).formatMarkdown,
  nagios: async (): Promise<Format> => (await import("./nagios.ts")).formatNagios,
  prometheus: async (): Promise<Format> => (await import("./prometheus.ts")).formatPrometheus,
  openmetrics: async (): Promise<Format> => (await import("./openmetrics.ts")).formatOpenMetrics,
  swiftbar: async (): Promise<Format> => (await import("./swiftbar.ts")).formatSwiftbar,
} as const;

export type FormatName = keyof typeof FORMATS;
