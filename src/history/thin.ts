/** What is old is thinned out: readings of an hour to one row, and after a year nothing but peaks and events. */

import { limitsOf } from "../classify.ts";
import type { Role, Thresholds } from "../types.ts";
import type { Database } from "../world.ts";
import { Course, HOUR_MS, patienceOf } from "./course.ts";
import { rollBack } from "./open.ts";

/** How long what is kept, in milliseconds. */
export interface Keep {
  /** Every reading. */
  readonly allMs: number;
  /** Minimum, mean and maximum of each hour. */
  readonly hourlyMs: number;
}

/** Hours that are thinned out at a time: others wait to write meanwhile. */
const MOST_HOURS = 4;
/** Pages that are given back to the filesystem at a time. */
const MOST_PAGES = 256;

const SQL = {
  oldest: "SELECT at FROM look WHERE at < ? ORDER BY at LIMIT 1",
  runs: "SELECT id, interval, thresholds FROM run WHERE id IN " +
    "(SELECT DISTINCT run FROM look WHERE at >= ? AND at < ?)",
  samples: "SELECT l.at, l.run, s.series, s.footprint, r.role FROM look l " +
    "JOIN sample s ON s.look = l.id JOIN series r ON r.id = s.series " +
    "WHERE l.at >= ? AND l.at < ? ORDER BY l.at",
  hour: `INSERT INTO hour VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      mean = CASE WHEN mean IS NULL THEN excluded.mean WHEN excluded.mean IS NULL THEN mean
        ELSE (mean * count + excluded.mean * excluded.count) / (count + excluded.count) END,
      max_at = CASE WHEN max >= excluded.max OR excluded.max IS NULL THEN max_at
        ELSE excluded.max_at END,
      max = max(coalesce(max, excluded.max), coalesce(excluded.max, max)),
      min = min(coalesce(min, excluded.min), coalesce(excluded.min, min)),
      first = coalesce(first, excluded.first), last = coalesce(excluded.last, last),
      count = count + excluded.count, unread = unread + excluded.unread,
      covered = covered + excluded.covered,
      over_warning = over_warning + excluded.over_warning,
      over_critical = over_critical + excluded.over_critical`,
  deleteSamples: "DELETE FROM sample WHERE look IN (SELECT id FROM look WHERE at >= ? AND at < ?)",
  deleteLooks: "DELETE FROM look WHERE at >= ? AND at < ?",
  deleteHours: "DELETE FROM hour WHERE hour < ?",
} as const;

/** Thins out some of what is older than is kept. True if there is more. Throws a DatabaseError. */
export function thin(database: Database, keep: Keep, nowMs: number): boolean {
  const wholeHours = (ms: number) => Math.floor(ms / HOUR_MS);
  const before = wholeHours(nowMs - keep.allMs) * HOUR_MS;
  for (let i = 0; i < MOST_HOURS; i++) {
    const [oldest] = database.prepare(SQL.oldest).rows(before);
    if (oldest === undefined) break;
    const hour = wholeHours(Number(oldest[0]));
    within(database, () => thinHour(database, hour));
  }
  within(database, () => database.prepare(SQL.deleteHours).run(wholeHours(nowMs - keep.hourlyMs)));
  database.execute(`PRAGMA incremental_vacuum(${MOST_PAGES})`);
  return database.prepare(SQL.oldest).rows(before).length > 0;
}

/** Runs what is to be done wholly or not at all. */
export function within(database: Database, act: () => void): void {
  database.execute("BEGIN IMMEDIATE");
  try {
    act();
    database.execute("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function thinHour(database: Database, hour: number): void {
  const times = [hour * HOUR_MS, (hour + 1) * HOUR_MS] as const;
  const runs = new Map(
    database.prepare(SQL.runs).rows(...times).map(([id, interval, thresholds]) => [
      Number(id),
      { intervalMs: Number(interval), thresholds: JSON.parse(String(thresholds)) as Thresholds },
    ]),
  );
  const courses = new Map<number, Course>();
  for (const [at, run, series, footprint, role] of database.prepare(SQL.samples).rows(...times)) {
    const { intervalMs, thresholds } = runs.get(Number(run))!;
    let course = courses.get(Number(series));
    if (course === undefined) {
      course = new Course(limitsOf(thresholds, String(role) as Role), HOUR_MS);
      courses.set(Number(series), course);
    }
    const bytes = footprint === null ? null : Number(footprint);
    course.add({ atMs: Number(at), bytes, intervalMs, patienceMs: patienceOf(intervalMs) });
  }
  const insert = database.prepare(SQL.hour);
  for (const [series, course] of courses) {
    const s = course.statistics(times[1]);
    insert.run(
      ...[hour, series, s.count, s.unread, s.firstBytes, s.lastBytes, s.minBytes, s.maxBytes],
      ...[s.maxAtMs, s.meanBytes, s.coveredMs, s.overWarningMs, s.overCriticalMs],
    );
  }
  database.prepare(SQL.deleteSamples).run(...times);
  database.prepare(SQL.deleteLooks).run(...times);
}
