/** Tracking as JSON: one document at the end, or a line for each reading as it comes. */

import type { Entry, Readings, SeriesStatistics } from "../follow/series.ts";
import { isoTime, jsonHead, jsonLine, type JsonObject, perMinute, seconds } from "./json.ts";
import type {
  InstanceReport,
  ProcessReport,
  Row,
  SeriesReport,
  TrackedSession,
  TrackFormat,
  TrackPlan,
  TrackReport,
} from "./track.ts";

/** One document, when all is over. */
export const TRACK_JSON: TrackFormat = {
  streams: false,
  begin: () => "",
  look: () => "",
  end: (report) =>
    JSON.stringify(
      {
        ...head(report),
        ...tail(report),
        series: report.instances.flatMap((one) =>
          one.processes.map((process) => ({
            ...jsonProcess(process),
            readings: jsonReadings(process.readings),
          }))
        ),
        instances: report.instances.map((one) => ({
          ...jsonInstance(one),
          readings: jsonReadings(one.readings),
        })),
      },
      null,
      2,
    ) + "\n",
};

/** A line for what is planned, each reading, each series at its end, and the end. */
export const TRACK_NDJSON: TrackFormat = {
  streams: true,
  begin: (plan) => jsonLine({ type: "track", ...head(plan) }),
  look: (rows) => rows.map((row) => jsonLine({ type: "reading", ...jsonRow(row) })).join(""),
  end: (report) =>
    report.instances.map((one) =>
      one.processes.map((process) => jsonLine({ type: "series", ...jsonProcess(process) })).join(
        "",
      ) +
      jsonLine({ type: "instance", ...jsonInstance(one) })
    ).join("") + jsonLine({ type: "end", ...tail(report) }),
};

function head(plan: TrackPlan): JsonObject {
  return {
    ...jsonHead(plan),
    duration_ms: plan.durationMs,
    interval_ms: plan.intervalMs,
    planned: plan.count,
    session: plan.session && jsonTracked(plan.session),
  };
}

function jsonTracked({ id, title, certainty, instances }: TrackedSession) {
  return { id, title, certainty, instances };
}

function tail({ endedAtMs, looks, ended }: TrackReport) {
  return { ended_at: isoTime(endedAtMs), looks, ended };
}

/** A reading as it comes. */
export function jsonRow(row: Row): JsonObject {
  return {
    at: isoTime(row.atMs),
    instance: row.instanceId,
    pid: row.pid,
    started_at: isoTime(row.startedAtMs),
    role: row.role,
    name: row.name,
    footprint_bytes: row.footprintBytes,
    resident_bytes: row.residentBytes,
    missing: row.missing,
  };
}

function jsonProcess(process: ProcessReport) {
  const { ppid, name, depth, commandLine } = process;
  return { ...jsonSeries(process), ppid, name, depth, command_line: commandLine };
}

function jsonInstance(instance: InstanceReport) {
  return {
    ...jsonSeries(instance),
    cwd: instance.directory,
    pids: instance.processes.map((process) => process.pid),
  };
}

function jsonSeries(
  { instanceId, pid, startedAtMs, role, statistics, ended, readings }: SeriesReport,
) {
  return {
    instance: instanceId,
    pid,
    started_at: isoTime(startedAtMs),
    role,
    ended,
    unread: readings.length - (statistics?.values.count ?? 0),
    stats: jsonStatistics(statistics),
  };
}

/** Bytes and seconds as whole numbers; null where there are too few readings to say. */
function jsonStatistics(statistics: SeriesStatistics | null) {
  const { values, trend } = statistics ?? {};
  const whole = (value: number | null | undefined) => value == null ? null : Math.round(value);
  const rate = (slope: number | undefined) => slope === undefined ? null : perMinute(slope);
  return {
    count: values?.count ?? 0,
    first_bytes: whole(values?.first),
    last_bytes: whole(values?.last),
    min_bytes: whole(values?.min),
    max_bytes: whole(values?.max),
    mean_bytes: whole(values?.mean),
    median_bytes: whole(values?.median),
    p95_bytes: whole(values?.p95),
    stdev_bytes: whole(values?.stdev),
    growth_bytes: whole(statistics?.growthBytes),
    slope_bytes_per_minute: rate(trend?.slope),
    slope_low_bytes_per_minute: rate(trend?.low),
    slope_high_bytes_per_minute: rate(trend?.high),
    seconds_to_warning: seconds(statistics?.msToWarning ?? null),
    seconds_to_critical: seconds(statistics?.msToCritical ?? null),
  };
}

function jsonReadings(readings: Readings) {
  return Array.from(readings, ({ atMs, footprintBytes, missing }: Entry) => ({
    at: isoTime(atMs),
    footprint_bytes: footprintBytes,
    missing,
  }));
}
