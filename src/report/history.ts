/** The history of a time, made harmless: what every format of `ocmem history` and every page is made from. */

import type { Os, Role, Thresholds } from "../types.ts";
import type { JsonObject } from "./json.ts";

/** What part of the past is asked for. */
export interface PastQuery {
  /** Milliseconds since 1970: from then on, and until before then. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Only these, where there are any: pids of processes, … */
  readonly pids: readonly number[];
  /** … roles of processes or of their instances, … */
  readonly roles: readonly string[];
  /** … directories that instances run in or below. */
  readonly projects: readonly string[];
}

/** Milliseconds since 1970, and bytes; null: from here on there is a hole in the readings. */
export type HistoryPoint = readonly [atMs: number, bytes: number | null];

/** What the readings of a time say. Bytes; null where nothing could be read. */
export interface HistoryStatistics {
  /** Readings. */
  readonly count: number;
  /** Looks at which it could not be read. */
  readonly unread: number;
  readonly firstBytes: number | null;
  readonly lastBytes: number | null;
  readonly minBytes: number | null;
  readonly maxBytes: number | null;
  /** When it was highest, in milliseconds since 1970. */
  readonly maxAtMs: number | null;
  /** Each reading counts as long as it stands for. */
  readonly meanBytes: number | null;
  /** Last minus first. */
  readonly growthBytes: number | null;
  /** How long the readings stand for: each until the next one, or for its interval before a hole. */
  readonly coveredMs: number;
  /** How much of that was above each limit. */
  readonly overWarningMs: number;
  readonly overCriticalMs: number;
}

/** A process, or an instance's total, over a time. */
export interface HistorySeries {
  /** Opaque: names it in every report of the machine. */
  readonly key: string;
  readonly pid: number;
  readonly role: Role;
  readonly name: string;
  readonly startedAtMs: number;
  /** First and last look at it in this time. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly statistics: HistoryStatistics;
  /** Alerts about it: over a limit, growing, many copies. */
  readonly alerts: number;
  readonly points: readonly HistoryPoint[];
}

export interface HistoryProcess extends HistorySeries {
  readonly ppid: number;
  /** null: the system did not tell, or it is not to be shown. */
  readonly commandLine: readonly string[] | null;
}

export interface HistoryInstance extends HistorySeries {
  /** As in other reports; after a restart of the machine another one may have it. */
  readonly id: string;
  /** Name of the machine that it ran on. */
  readonly host: string;
  readonly directory: string | null;
  /** Highest first. */
  readonly processes: readonly HistoryProcess[];
}

/** Something that happened. Every text in it is harmless. */
export interface HistoryEvent {
  readonly atMs: number;
  /** One of EventKind, or of a later ocmem. */
  readonly kind: string;
  readonly level: string | null;
  /** Whether somebody had to be told of it: over a limit, growing, or many copies. */
  readonly isAlert: boolean;
  readonly message: string;
  /** As a line of `watch --format ndjson`. */
  readonly json: JsonObject;
}

export interface HistoryReport {
  readonly toolVersion: string;
  readonly takenAtMs: number;
  /** The machine that made this report. */
  readonly host: { readonly os: Os; readonly arch: string; readonly memoryBytes: number };
  readonly thresholds: Thresholds;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Times that readings were taken. */
  readonly looks: number;
  /** How long a point stands for, in milliseconds: it is the highest in that time. null: a look is a point. */
  readonly stepMs: number | null;
  /** Of all instances together, at each moment. */
  readonly total: Pick<HistoryStatistics, "maxBytes" | "maxAtMs"> & {
    readonly points: readonly HistoryPoint[];
  };
  /** Highest first. */
  readonly instances: readonly HistoryInstance[];
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
}
