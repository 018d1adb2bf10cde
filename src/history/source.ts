/** Reads one database of a history. Times are milliseconds since 1970. */

import type { SqlValue } from "../world.ts";
import { type Hour, HOUR_MS } from "./course.ts";
import type { History } from "./open.ts";
import { type SeriesRow, SeriesTable } from "./series.ts";

/** A look before its samples are read. */
export interface Head {
  readonly source: Source;
  readonly id: number;
  readonly atMs: number;
  readonly run: RunRow;
}

/** A command that recorded. */
export interface RunRow {
  readonly intervalMs: number;
  readonly startedAtMs: number;
  readonly host: string;
}

/** What a look read: a footprint of each of these series, or null. */
export interface Samples {
  /** The same list as long as it is the same series. */
  readonly series: readonly SeriesRow[];
  readonly bytes: readonly (number | null)[];
}

/** The highest reading of a series, which is left when all others are gone. */
export interface PeakRow {
  readonly series: SeriesRow;
  readonly atMs: number;
  readonly bytes: number;
}

export interface HourRow {
  readonly series: SeriesRow;
  readonly hour: Hour;
}

/** All of an hour, read when it is asked for: a year of them would fill the memory. */
export interface HourRows {
  readonly hour: number;
  read(): readonly HourRow[];
}

export interface EventRow {
  readonly atMs: number;
  readonly kind: string;
  readonly level: string | null;
  readonly json: string;
  readonly series: SeriesRow | null;
  /** Who told of it. */
  readonly run: RunRow;
}

/** What is left of an hour of a series: as JSON, HourValues. */
export const HOUR_VALUES = "json_array(hour, series, count, unread, first_at, last_at, first, " +
  "last, min, max, max_at, mean, covered, over_warning, over_critical)";

const SQL = {
  looks: "SELECT id, at, run FROM look WHERE at >= ? AND at < ? ORDER BY at, id",
  runs: "SELECT r.id, r.interval, r.started_at, h.name FROM run r JOIN host h ON h.id = r.host",
  // A row for each look, or hour: a row for each sample takes twice as long.
  samples: "SELECT l.id, json_group_array(s.series), json_group_array(s.footprint) " +
    "FROM look l JOIN sample s ON s.look = l.id WHERE l.at >= ? AND l.at <= ? GROUP BY l.at, l.id",
  firstHour: "SELECT min(first_at) FROM hour WHERE hour >= ? AND hour <= ? " +
    "AND last_at >= ? AND first_at < ? GROUP BY hour ORDER BY hour LIMIT 1",
  hours: `SELECT hour, json_group_array(${HOUR_VALUES}) FROM hour ` +
    "WHERE hour >= ? AND hour <= ? AND last_at >= ? AND first_at < ? GROUP BY hour ORDER BY hour",
  firstLook: "SELECT min(at) FROM look",
  firstKept: "SELECT first_at FROM hour ORDER BY hour LIMIT 1",
  peaks: "SELECT id, peak_at, peak FROM series WHERE peak_at >= ? AND peak_at < ? ORDER BY peak_at",
  events: "SELECT at, kind, level, json, series, run FROM event WHERE at >= ? AND at < ? " +
    "ORDER BY at, id",
} as const;

const NO_SAMPLES: Samples = { series: [], bytes: [] };
/** A run that is not there. */
const NO_RUN: RunRow = { intervalMs: 0, startedAtMs: 0, host: "" };

/** One database. Throws DatabaseErrors. */
export class Source {
  readonly #history: History;
  readonly #series: SeriesTable;
  readonly #runs: ReadonlyMap<number, RunRow>;

  constructor(history: History) {
    this.#history = history;
    this.#series = new SeriesTable(history);
    const runs = history.prepare(SQL.runs).rows();
    this.#runs = new Map(runs.map(([id, interval, startedAt, host]) => [
      Number(id),
      { intervalMs: Number(interval), startedAtMs: Number(startedAt), host: String(host) },
    ]));
  }

  heads(sinceMs: number, untilMs: number): Head[] {
    return this.#history.prepare(SQL.looks).rows(sinceMs, untilMs).map(([id, at, run]) => ({
      source: this,
      id: Number(id),
      atMs: Number(at),
      run: this.#run(run),
    }));
  }

  /** The samples of those of these looks that are of this database. */
  samples(heads: readonly Head[]): (head: Head) => Samples {
    const own = heads.filter(({ source }) => source === this);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return () => NO_SAMPLES;
    const rows = this.#history.prepare(SQL.samples).rows(first.atMs, last.atMs);
    const found = new Map(rows.map((row) => [Number(row[0]), row]));
    return ({ id }) => {
      const row = found.get(id);
      if (row === undefined) return NO_SAMPLES;
      const [, series, bytes] = row;
      return { series: this.#series.list(String(series)), bytes: JSON.parse(String(bytes)) };
    };
  }

  /** When the first of its hours in this time begins, or null if there is none. */
  firstHourMs(sinceMs: number, untilMs: number): number | null {
    const [row] = this.#history.prepare(SQL.firstHour).rows(...hoursIn(sinceMs, untilMs));
    return row === undefined ? null : Number(row[0]);
  }

  /** The hours of which a reading is in this time, in their order, to be read one after the other. */
  hours(sinceMs: number, untilMs: number): readonly HourRows[] {
    const rows = this.#history.prepare(SQL.hours).rows(...hoursIn(sinceMs, untilMs));
    return rows.map(([hour, json]) => ({
      hour: Number(hour),
      read: () => {
        const values: HourValues[] = JSON.parse(String(json));
        return values.map((value) => ({ series: this.#series.at(value[1]), hour: hourOf(value) }));
      },
    }));
  }

  /** The highest readings in this time, as far as it lies before all that is kept otherwise. */
  peaks(sinceMs: number, untilMs: number): PeakRow[] {
    const kept = [SQL.firstLook, SQL.firstKept].flatMap((sql) => this.#history.prepare(sql).rows())
      .map(([ms]) => ms === null ? Infinity : Number(ms));
    const endMs = Math.min(untilMs, ...kept);
    if (endMs <= sinceMs) return [];
    return this.#history.prepare(SQL.peaks).rows(sinceMs, endMs).map(([id, at, bytes]) => ({
      series: this.#series.at(Number(id)),
      atMs: Number(at),
      bytes: Number(bytes),
    }));
  }

  events(sinceMs: number, untilMs: number): EventRow[] {
    const rows = this.#history.prepare(SQL.events).rows(sinceMs, untilMs);
    return rows.map(([at, kind, level, json, series, run]) => ({
      atMs: Number(at),
      kind: String(kind),
      level: level === null ? null : String(level),
      json: String(json),
      series: series === null ? null : this.#series.at(Number(series)),
      run: this.#run(run),
    }));
  }

  #run(id: SqlValue | undefined): RunRow {
    return this.#runs.get(Number(id)) ?? NO_RUN;
  }
}

/** The values of the queries for hours. */
function hoursIn(sinceMs: number, untilMs: number) {
  return [Math.floor(sinceMs / HOUR_MS), Math.floor(untilMs / HOUR_MS), sinceMs, untilMs] as const;
}

/** What is left of an hour of a series, in the order of the query. */
export type HourValues = readonly [
  ...[hour: number, series: number, count: number, unread: number, firstAt: number, lastAt: number],
  ...[first: number | null, last: number | null, min: number | null, max: number | null],
  ...[maxAt: number | null, mean: number | null],
  ...[covered: number, overWarning: number, overCritical: number],
];

export function hourOf(values: HourValues): Hour {
  return {
    atMs: values[0] * HOUR_MS,
    count: values[2],
    unread: values[3],
    firstAtMs: values[4],
    lastAtMs: values[5],
    firstBytes: values[6],
    lastBytes: values[7],
    minBytes: values[8],
    maxBytes: values[9],
    maxAtMs: values[10],
    meanBytes: values[11],
    growthBytes: null,
    coveredMs: values[12],
    overWarningMs: values[13],
    overCriticalMs: values[14],
  };
}
