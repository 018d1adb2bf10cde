/** Reads a time of a history, from one database or several, in the order of time. */

import type { Database, SqlValue, Statement } from "../world.ts";
import { type Hour, HOUR_MS, patienceOf } from "./course.ts";

/** A series as it is written, names not made harmless. */
export interface SeriesRow {
  /** The same in every database. */
  readonly key: string;
  readonly isInstance: boolean;
  /** The key of its instance. */
  readonly instance: string | null;
  readonly host: string;
  readonly pid: number;
  readonly ppid: number;
  readonly started: string;
  readonly startedAtMs: number;
  readonly role: string;
  readonly name: string;
  readonly directory: string | null;
  readonly commandLine: readonly string[] | null;
}

/** A time at which all was read. */
export interface LookRow {
  readonly atMs: number;
  readonly intervalMs: number;
  readonly patienceMs: number;
  readonly host: string;
  readonly samples: readonly { readonly series: SeriesRow; readonly bytes: number | null }[];
}

export interface HourRow extends Hour {
  readonly series: SeriesRow;
}

export interface EventRow {
  readonly atMs: number;
  readonly kind: string;
  readonly level: string | null;
  readonly json: string;
  readonly series: SeriesRow | null;
  /** Which run told of it. */
  readonly run: string;
}

/** Looks that are read at once. */
const LOOKS_A_PIECE = 2000;

const SQL = {
  looks: "SELECT l.id, l.at, l.run FROM look l WHERE l.at >= ? AND l.at < ? ORDER BY l.at, l.id",
  runs: "SELECT r.id, r.interval, h.name FROM run r JOIN host h ON h.id = r.host",
  samples: "SELECT s.look, s.series, s.footprint FROM look l JOIN sample s ON s.look = l.id " +
    "WHERE l.at >= ? AND l.at <= ?",
  series: "SELECT r.instance, h.name, r.pid, r.ppid, r.started, r.started_at, r.role, n.value, " +
    "d.value, c.value, r.boot FROM series r JOIN host h ON h.id = r.host " +
    "JOIN text n ON n.id = r.name LEFT JOIN text d ON d.id = r.directory " +
    "LEFT JOIN text c ON c.id = r.command WHERE r.id = ?",
  hours: "SELECT hour, series, count, unread, first, last, min, max, max_at, mean, covered, " +
    "over_warning, over_critical FROM hour WHERE hour > ? AND hour < ? ORDER BY hour",
  events: "SELECT at, kind, level, json, series, run FROM event WHERE at >= ? AND at < ? " +
    "ORDER BY at, id",
} as const;

/** A look before its samples are read. */
interface Head {
  readonly source: Source;
  readonly id: number;
  readonly atMs: number;
  readonly run: number;
}

/** A time of all these databases together. Times are milliseconds since 1970. Throws DatabaseErrors. */
export class Reader {
  readonly #sources: readonly Source[];
  readonly #sinceMs: number;
  readonly #untilMs: number;
  readonly #heads: readonly Head[];

  constructor(databases: readonly Database[], sinceMs: number, untilMs: number) {
    this.#sources = databases.map((database) => new Source(database));
    this.#sinceMs = sinceMs;
    this.#untilMs = untilMs;
    const heads = this.#sources.flatMap((source) => source.heads(sinceMs, untilMs));
    this.#heads = databases.length === 1 ? heads : heads.sort((a, b) => a.atMs - b.atMs);
  }

  /** How many looks there are. */
  get length(): number {
    return this.#heads.length;
  }

  /** From the first look to the last one, in milliseconds. */
  get extentMs(): number {
    return (this.#heads.at(-1)?.atMs ?? 0) - (this.#heads[0]?.atMs ?? 0);
  }

  hours(): HourRow[] {
    const rows = this.#sources.flatMap((source) => source.hours(this.#sinceMs, this.#untilMs));
    return rows.sort((a, b) => a.atMs - b.atMs);
  }

  events(): EventRow[] {
    const rows = this.#sources.flatMap((source) => source.events(this.#sinceMs, this.#untilMs));
    return rows.sort((a, b) => a.atMs - b.atMs);
  }

  /** In the order of time, some at a time: a year of them would fill the memory. */
  *looks(): Generator<LookRow> {
    const last = new Map<string, Head>();
    for (const head of this.#heads) last.set(nameOfRun(head), head);
    /** Interval of each run that goes on. */
    const running = new Map<string, number>();
    for (let from = 0; from < this.#heads.length; from += LOOKS_A_PIECE) {
      const heads = this.#heads.slice(from, from + LOOKS_A_PIECE);
      const samples = new Map(this.#sources.map((source) => [source, source.samples(heads)]));
      for (const head of heads) {
        const name = nameOfRun(head);
        const { intervalMs, host } = head.source.run(head.run);
        running.set(name, intervalMs);
        // Where two commands record, the slower one tells what a hole is.
        const patienceMs = patienceOf(Math.max(...running.values()));
        if (last.get(name) === head) running.delete(name);
        const found = samples.get(head.source)!.get(head.id) ?? [];
        yield { atMs: head.atMs, intervalMs, patienceMs, host, samples: found };
      }
    }
  }
}

function nameOfRun({ source, run }: Head): string {
  return `${source.name}/${run}`;
}

let sources = 0;

/** One database. */
class Source {
  readonly name = `${++sources}`;
  readonly #database: Database;
  readonly #series = new Map<number, SeriesRow>();
  readonly #seriesById: Statement;
  readonly #runs: ReadonlyMap<number, { readonly intervalMs: number; readonly host: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#seriesById = database.prepare(SQL.series);
    const runs = database.prepare(SQL.runs).rows();
    this.#runs = new Map(runs.map(([id, interval, host]) => [
      Number(id),
      { intervalMs: Number(interval), host: String(host) },
    ]));
  }

  run(id: number): { readonly intervalMs: number; readonly host: string } {
    return this.#runs.get(id) ?? { intervalMs: 0, host: "" };
  }

  heads(sinceMs: number, untilMs: number): Head[] {
    return this.#database.prepare(SQL.looks).rows(sinceMs, untilMs).map(([id, at, run]) => ({
      source: this,
      id: Number(id),
      atMs: Number(at),
      run: Number(run),
    }));
  }

  /** The samples of those of these looks that are of this database, by look. */
  samples(heads: readonly Head[]): Map<number, LookRow["samples"][number][]> {
    const own = heads.filter(({ source }) => source === this);
    const found = new Map<number, LookRow["samples"][number][]>(own.map(({ id }) => [id, []]));
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return found;
    for (const row of this.#database.prepare(SQL.samples).rows(first.atMs, last.atMs)) {
      const [look, series, bytes] = row as [number, number, number | null];
      found.get(look)?.push({ series: this.#seriesOf(series), bytes });
    }
    return found;
  }

  hours(sinceMs: number, untilMs: number): HourRow[] {
    const rows = this.#database.prepare(SQL.hours)
      .rows(Math.floor(sinceMs / HOUR_MS) - 1, Math.ceil(untilMs / HOUR_MS));
    return rows.map((row) => {
      const [hour, series, count, unread, first, last, min, max, maxAt, mean, ...times] = row;
      const [covered, overWarning, overCritical] = times;
      return {
        atMs: Number(hour) * HOUR_MS,
        series: this.#seriesOf(Number(series)),
        count: Number(count),
        unread: Number(unread),
        firstBytes: numberOrNull(first),
        lastBytes: numberOrNull(last),
        minBytes: numberOrNull(min),
        maxBytes: numberOrNull(max),
        maxAtMs: numberOrNull(maxAt),
        meanBytes: numberOrNull(mean),
        growthBytes: null,
        coveredMs: Number(covered),
        overWarningMs: Number(overWarning),
        overCriticalMs: Number(overCritical),
      };
    });
  }

  events(sinceMs: number, untilMs: number): EventRow[] {
    const rows = this.#database.prepare(SQL.events).rows(sinceMs, untilMs);
    return rows.map(([at, kind, level, json, series, run]) => ({
      atMs: Number(at),
      kind: String(kind),
      level: level === null ? null : String(level),
      json: String(json),
      series: series === null ? null : this.#seriesOf(Number(series)),
      run: `${this.name}/${run}`,
    }));
  }

  #seriesOf(id: number): SeriesRow {
    const known = this.#series.get(id);
    if (known) return known;
    const [row] = this.#seriesById.rows(id);
    const series = seriesRow(row ?? [], (instance) => this.#seriesOf(instance).key);
    this.#series.set(id, series);
    return series;
  }
}

function seriesRow(row: readonly SqlValue[], keyOf: (instance: number) => string): SeriesRow {
  const [instance, host, pid, ppid, started, startedAt, role, name, directory, command, boot] = row;
  const machine = String(boot || host).slice(0, 8);
  return {
    key: `${pid}-${started}@${machine}`,
    isInstance: instance === null,
    instance: instance === null || instance === undefined ? null : keyOf(Number(instance)),
    host: String(host),
    pid: Number(pid),
    ppid: Number(ppid),
    started: String(started),
    startedAtMs: Number(startedAt),
    role: String(role),
    name: String(name),
    directory: directory === null ? null : String(directory),
    commandLine: argumentsIn(command),
  };
}

/** A command line as it is kept, or null if there is none. */
function argumentsIn(command: SqlValue | undefined): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(String(command));
    return Array.isArray(parsed) ? parsed.map(String) : null;
  } catch {
    return null;
  }
}

function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
