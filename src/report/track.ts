/** What tracking found, made harmless: what every format of `ocmem track` is made from. */

import {
  type Ended,
  type InstanceSeries,
  type ProcessSeries,
  type Readings,
  type SeriesStatistics,
  statisticsOf,
} from "../follow/series.ts";
import { limitsOf } from "../classify.ts";
import type { Look } from "../look.ts";
import type { Certainty, Member, Missing, Os, Role, Thresholds } from "../types.ts";
import { redact, visible } from "./harmless.ts";
import type { Style } from "./report.ts";

/** What is planned, before the first reading. */
export interface TrackPlan {
  readonly toolVersion: string;
  readonly startedAtMs: number;
  readonly host: { readonly os: Os; readonly arch: string; readonly memoryBytes: number };
  readonly thresholds: Thresholds;
  readonly durationMs: number;
  readonly intervalMs: number;
  /** Readings that are planned of each process. */
  readonly count: number;
  /** What is tracked because it holds a session; null: no session was asked for. */
  readonly session: TrackedSession | null;
}

/** A session that was asked for. Its text is harmless. */
export interface TrackedSession {
  readonly id: string;
  readonly title: string | null;
  readonly certainty: Certainty;
  /** Ids of the instances that hold it as surely as any: all that is tracked. */
  readonly instances: readonly string[];
}

export interface TrackReport extends TrackPlan {
  readonly endedAtMs: number;
  /** Times that were looked. */
  readonly looks: number;
  /** Why it ended before its time, or null. */
  readonly ended: Ended | null;
  /** Largest first; the processes of each after it, in tree order. */
  readonly instances: readonly InstanceReport[];
}

export interface SeriesReport {
  readonly instanceId: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly role: Role;
  readonly readings: Readings;
  readonly statistics: SeriesStatistics | null;
  readonly ended: Ended | null;
}

export interface InstanceReport extends SeriesReport {
  readonly directory: string | null;
  readonly processes: readonly ProcessReport[];
}

export interface ProcessReport extends SeriesReport {
  readonly ppid: number;
  readonly name: string;
  readonly depth: number;
  readonly commandLine: readonly string[] | null;
}

/** Builds the report. Text from other processes is made harmless here, once for all formats. */
export function buildTrackReport(
  frame: Omit<TrackReport, "instances">,
  followed: {
    readonly instances: readonly InstanceSeries[];
    readonly processes: readonly ProcessSeries[];
  },
  options: { readonly showSecrets: boolean },
): TrackReport {
  const { thresholds } = frame;
  const instances = followed.instances.map((series) => {
    const { instance: { id, main, directory }, readings, ended } = series;
    return {
      ...seriesReport(id, main, readings, ended, thresholds),
      directory: directory === null ? null : visible(directory),
      processes: followed.processes.filter((p) => p.instanceId === id)
        .map((p) => processReport(p, thresholds, options.showSecrets)),
    };
  });
  const last = (one: SeriesReport) => one.statistics?.values.last ?? -1;
  return { ...frame, instances: instances.sort((a, b) => last(b) - last(a)) };
}

function seriesReport(
  instanceId: string,
  { info, role }: Member,
  readings: Readings,
  ended: Ended | null,
  thresholds: Thresholds,
): SeriesReport {
  const { key: { pid }, startedAtMs } = info;
  const statistics = statisticsOf(readings, limitsOf(thresholds, role), ended);
  return { instanceId, pid, startedAtMs, role, readings, statistics, ended };
}

function processReport(
  { member, instanceId, readings, ended }: ProcessSeries,
  thresholds: Thresholds,
  showSecrets: boolean,
): ProcessReport {
  const { info, depth, commandLine } = member;
  const shown = commandLine === null || showSecrets ? commandLine : redact(commandLine);
  return {
    ...seriesReport(instanceId, member, readings, ended, thresholds),
    ppid: info.ppid,
    name: visible(info.name),
    depth,
    commandLine: shown && shown.map(visible),
  };
}

/** One reading of one process, as it comes. */
export interface Row {
  readonly atMs: number;
  readonly instanceId: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly role: Role;
  readonly name: string;
  readonly footprintBytes: number | null;
  readonly residentBytes: number | null;
  readonly missing: Missing | null;
}

/** The readings of a look, made harmless. Processes that have ended have none. */
export function rowsOf({ found }: Look): Row[] {
  return found.flatMap(({ instance, samples }) =>
    instance.members.flatMap(({ info, role }, i) => {
      const sample = samples[i]!;
      const missing = "missing" in sample ? sample.missing : null;
      if (missing === "gone" || missing === "zombie") return [];
      const reading = "reading" in sample ? sample.reading : null;
      return {
        atMs: sample.atMs,
        instanceId: instance.id,
        pid: info.key.pid,
        startedAtMs: info.startedAtMs,
        role,
        name: visible(info.name),
        footprintBytes: reading?.footprintBytes ?? null,
        residentBytes: reading?.residentBytes ?? null,
        missing,
      };
    })
  );
}

/** A format of tracking: what it writes before, at each look, and at the end. */
export interface TrackFormat {
  /** Whether it writes readings as they come. */
  readonly streams: boolean;
  begin(plan: TrackPlan): string;
  look(rows: readonly Row[]): string;
  end(report: TrackReport, style: Style): string;
}

/** Every format, loaded when it is used. */
export const TRACK_FORMATS = {
  text: async (): Promise<TrackFormat> => (await import("./track_text.ts")).TRACK_TEXT,
  json: async (): Promise<TrackFormat> => (await import("./track_json.ts")).TRACK_JSON,
  ndjson: async (): Promise<TrackFormat> => (await import("./track_json.ts")).TRACK_NDJSON,
  csv: async (): Promise<TrackFormat> => (await import("./track_csv.ts")).TRACK_CSV,
} as const;

export type TrackFormatName = keyof typeof TRACK_FORMATS;
