/** What is old is thinned out: readings of an hour to one row, and after a year nothing but peaks and events. */

import { limitsOf } from "../classify.ts";
import { DatabaseError } from "../errors.ts";
import type { Role, Thresholds } from "../types.ts";
import type { Database } from "../world.ts";
import { Course, HOUR_MS } from "./course.ts";
import { rollBack } from "./open.ts";
import { type Looking, Patience, patienceOf } from "./patience.ts";

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

/** A mean, weighted by how long its readings stood, or where that is nothing by how many they are. */
const MEAN = `CASE WHEN mean IS NULL THEN excluded.mean WHEN excluded.mean IS NULL THEN mean
  WHEN covered + excluded.covered > 0 THEN
    (mean * covered + excluded.mean * excluded.covered) / (covered + excluded.covered)
  ELSE (mean * count + excluded.mean * excluded.count) / (count + excluded.count) END`;

const SQL = {
  oldest: "SELECT at FROM look WHERE at < ? ORDER BY at LIMIT 1",
  runs:
    "SELECT r.id, r.host, r.interval, r.started_at, r.thresholds, min(l.at), max(l.at) FROM look l " +
    "JOIN run r ON r.id = l.run WHERE l.at >= ? AND l.at < ? GROUP BY r.id",
  samples: "SELECT l.at, l.run, s.series, s.footprint, r.role FROM look l " +
    "JOIN sample s ON s.look = l.id JOIN series r ON r.id = s.series " +
    "WHERE l.at >= ? AND l.at < ? ORDER BY l.at",
  hour: `INSERT INTO hour (hour, series, count, unread, first_at, last_at, first, last, min, max,
      max_at, mean, covered, over_warning, over_critical)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      mean = ${MEAN},
      max_at = CASE WHEN max >= excluded.max OR excluded.max IS NULL THEN max_at
        ELSE excluded.max_at END,
      max = max(coalesce(max, excluded.max), coalesce(excluded.max, max)),
      min = min(coalesce(min, excluded.min), coalesce(excluded.min, min)),
      first = CASE WHEN first IS NULL OR excluded.first_at < first_at
        THEN coalesce(excluded.first, first) ELSE first END,
      last = CASE WHEN last IS NULL OR excluded.last_at >= last_at
        THEN coalesce(excluded.last, last) ELSE last END,
      first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at),
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
  const insert = database.prepare(SQL.hour);
  for (const [series, { course, firstAtMs, lastAtMs }] of coursesOf(database, ...times)) {
    const s = course.statistics();
    insert.run(
      ...[hour, series, s.count, s.unread, firstAtMs, lastAtMs, s.firstBytes, s.lastBytes],
      ...[s.minBytes, s.maxBytes, s.maxAtMs, s.meanBytes, s.coveredMs],
      ...[s.overWarningMs, s.overCriticalMs],
    );
  }
  database.prepare(SQL.deleteSamples).run(...times);
  database.prepare(SQL.deleteLooks).run(...times);
}

interface Open {
  readonly course: Course;
  readonly firstAtMs: number;
  lastAtMs: number;
}

/** The courses of all series in a time. Their last readings stand until the next ones, which are after it. */
function coursesOf(database: Database, fromMs: number, toMs: number): Map<number, Open> {
  const runs = runsIn(database, fromMs, toMs);
  const slowest = [...runs.values()].reduce((most, one) => Math.max(most, one.intervalMs), 0);
  const endMs = toMs + Math.ceil(patienceOf(slowest)) + 1;
  const patience = new Patience(runsIn(database, fromMs, endMs).values());
  const courses = new Map<number, Open>();
  for (const row of database.prepare(SQL.samples).rows(fromMs, endMs)) {
    const [atMs, series] = [Number(row[0]), Number(row[2])];
    let open = courses.get(series);
    if (atMs >= toMs) {
      open?.course.settle(atMs);
      continue;
    }
    const run = runs.get(Number(row[1]));
    if (run === undefined) throw new DatabaseError("damaged", "it has a look without its run");
    if (open === undefined) {
      const course = new Course(limitsOf(run.thresholds, String(row[4]) as Role), HOUR_MS);
      open = { course, firstAtMs: atMs, lastAtMs: atMs };
      courses.set(series, open);
    }
    const bytes = row[3] === null ? null : Number(row[3]);
    const { intervalMs, host } = run;
    open.course.add({ atMs, intervalMs, patienceMs: patience.at(host, atMs) }, bytes);
    open.lastAtMs = atMs;
  }
  return courses;
}

interface Judging extends Looking {
  readonly thresholds: Thresholds;
}

/** The commands that looked in a time, with what they judged by. */
function runsIn(database: Database, fromMs: number, toMs: number): Map<number, Judging> {
  const rows = database.prepare(SQL.runs).rows(fromMs, toMs);
  return new Map(rows.map(([id, host, interval, startedAt, thresholds, first, last]) => [
    Number(id),
    {
      host: String(host),
      intervalMs: Number(interval),
      fromMs: Math.min(Number(startedAt), Number(first)),
      toMs: Number(last),
      thresholds: thresholdsIn(String(thresholds)),
    },
  ]));
}

function thresholdsIn(text: string): Thresholds {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null) return found as Thresholds;
  } catch {
    // As if it were something else.
  }
  throw new DatabaseError("damaged", "it has a run without limits");
}
