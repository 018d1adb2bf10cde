/** What a history says of one process, from the first reading that is kept to the last. */

import type { ProcessPast } from "../report/show.ts";
import { msUntil, type Point, trendOf } from "../stats.ts";
import type { Limits, Machine, ProcessInfo } from "../types.ts";
import { Course, type Hour, HOUR_MS } from "./course.ts";
import type { History } from "./open.ts";
import { patienceOf } from "./patience.ts";
import { HOUR_VALUES, hourOf } from "./source.ts";

/** Looks that are searched for it, the last ones: a month of them at one a minute. */
const MOST_LOOKS = 50_000;
/** The start of a process is told by a clock that may be set. */
const LEEWAY_MS = HOUR_MS;

const SQL = {
  series: "SELECT s.id FROM series s JOIN host h ON h.id = s.host " +
    "WHERE s.pid = ? AND s.started = ? AND s.boot = ? AND h.name = ? AND s.instance IS NOT NULL",
  hours: `SELECT ${HOUR_VALUES} FROM hour WHERE hour >= ? AND series IN ` +
    "(SELECT value FROM json_each(?)) ORDER BY hour",
  // The joins stay in this order: each look is asked for its samples, never all samples read.
  readings: "SELECT l.at, r.interval, s.footprint FROM " +
    "(SELECT id, at, run FROM look WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?) l " +
    "CROSS JOIN run r ON r.id = l.run CROSS JOIN sample s ON s.look = l.id " +
    "AND s.series IN (SELECT value FROM json_each(?)) ORDER BY l.at, l.id",
} as const;

/** Whose past is asked for. */
export interface Subject {
  readonly process: ProcessInfo;
  readonly machine: Machine;
  readonly limits: Limits;
  /** What it holds now; null: it can't be read. */
  readonly footprintBytes: number | null;
}

/** What is recorded of this very process, or null if nothing is. Throws a DatabaseError. */
export function readProcess(history: History, subject: Subject): ProcessPast | null {
  const { process: { key, startedAtMs }, machine: { name, boot } } = subject;
  const ids = history.prepare(SQL.series).rows(key.pid, key.started, boot, name);
  if (ids.length === 0) return null;
  const series = JSON.stringify(ids.map(([id]) => Number(id)));
  const sinceMs = Math.floor(startedAtMs - LEEWAY_MS);
  const hours = history.prepare(SQL.hours).rows(Math.floor(sinceMs / HOUR_MS), series)
    .map(([values]) => hourOf(JSON.parse(String(values))));
  const readings = history.prepare(SQL.readings).rows(sinceMs, MOST_LOOKS, series)
    .map(([at, interval, bytes]): Read => ({
      atMs: Number(at),
      intervalMs: Number(interval),
      bytes: bytes === null ? null : Number(bytes),
    }));
  return pastOf(hours, readings, subject);
}

interface Read {
  readonly atMs: number;
  readonly intervalMs: number;
  /** null: it could not be read. */
  readonly bytes: number | null;
}

/** Both in the order of time, and hours before readings. */
function pastOf(
  hours: readonly Hour[],
  readings: readonly Read[],
  { limits, footprintBytes }: Subject,
): ProcessPast | null {
  const times = [
    ...hours.flatMap(({ firstAtMs, lastAtMs }) => [firstAtMs, lastAtMs]),
    ...readings.map(({ atMs }) => atMs),
  ];
  const [firstAtMs, lastAtMs] = [times[0], times.at(-1)];
  if (firstAtMs === undefined || lastAtMs === undefined) return null;
  const course = new Course(limits, null);
  const points: Point[] = [];
  for (const hour of hours) {
    course.addHour(hour);
    const { meanBytes } = hour;
    if (meanBytes === null) continue;
    points.push({ atMs: (hour.firstAtMs + hour.lastAtMs) / 2, value: meanBytes });
  }
  for (const { atMs, intervalMs, bytes } of readings) {
    course.add({ atMs, intervalMs, patienceMs: patienceOf(intervalMs) }, bytes);
    if (bytes !== null) points.push({ atMs, value: bytes });
  }
  const statistics = course.statistics();
  const trend = trendOf(points);
  const until = (limit: number) =>
    footprintBytes === null ? null : msUntil(limit, footprintBytes, trend);
  return {
    ...{ firstAtMs, lastAtMs, statistics, trend, points },
    msToWarning: until(limits.warningBytes),
    msToCritical: until(limits.criticalBytes),
  };
}
