/** Looks, written into a history in memory as a command writes them, and read again. */

import { type History, openHistory, rollBack } from "../../src/history/open.ts";
import { readHistory } from "../../src/history/report.ts";
import { within } from "../../src/history/thin.ts";
import { type Run, type Taken, Writer } from "../../src/history/writer.ts";
import type { Looked } from "../../src/look.ts";
import type {
  HistoryInstance,
  HistoryProcess,
  HistoryReport,
  PastQuery,
} from "../../src/report/history.ts";
import { openDatabase } from "../../src/world/database.ts";
import type { Database, SqlValue, World } from "../../src/world.ts";
import { GIB, NOW_MS } from "../fake.ts";
import { lookAt } from "../follow/looks.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** When all of this begins: a whole hour. */
export const BEGIN_MS: number = Math.floor(NOW_MS / HOUR) * HOUR;
export const THRESHOLDS = { warningBytes: GIB, criticalBytes: 2 * GIB, scope: "process" } as const;
export const FRAME = {
  toolVersion: "1.2.3",
  takenAtMs: BEGIN_MS,
  host: { os: "linux", arch: "x86_64", memoryBytes: 16 * GIB },
  thresholds: THRESHOLDS,
} as const;

export const WORLD: Pick<World, "openDatabase"> = { openDatabase };

/** An empty history. */
export async function empty(): Promise<History> {
  return await openHistory(WORLD, { kind: "memory" });
}

export function runOf(rest: Partial<Run> = {}): Run {
  return {
    command: "watch",
    toolVersion: "1.2.3",
    host: FRAME.host,
    machine: { name: "mybox", boot: "boot-1" },
    startedAtMs: BEGIN_MS,
    intervalMs: MINUTE,
    thresholds: THRESHOLDS,
    home: "/home/ann",
    ...rest,
  };
}

/** A command that records into a database. */
export class Scribe {
  readonly #database: Database;
  readonly #writer: Writer;

  constructor(database: Database, run: Partial<Run> = {}) {
    this.#database = database;
    let writer: Writer | undefined;
    within(database, () => writer = new Writer(database, runOf(run)));
    this.#writer = writer!;
  }

  /** Writes a look at so many milliseconds after the beginning. */
  look(afterMs: number, ...found: readonly Looked[]): void {
    this.take({ atMs: BEGIN_MS + afterMs, look: lookAt(...found), events: [] });
  }

  take(taken: Taken): void {
    within(this.#database, () => this.#writer.write(taken));
  }

  /** Writes it, and undoes that. */
  takeInVain(taken: Taken): void {
    this.#database.execute("BEGIN");
    this.#writer.write(taken);
    rollBack(this.#database);
  }
}

export const ALL: PastQuery = {
  ...{ sinceMs: BEGIN_MS - 1000 * DAY, untilMs: BEGIN_MS + 1000 * DAY },
  ...{ pids: [], roles: [], projects: [] },
};

/** What `history` shows of a part of the past, or of all of it. */
export function past(
  histories: History | readonly History[],
  query: Partial<PastQuery> = {},
): HistoryReport {
  const all = "prepare" in histories ? [histories] : histories;
  return readHistory(all, { ...ALL, ...query }, FRAME);
}

/** The only instance of a report. Throws if there are none, or more. */
export function onlyInstance({ instances }: HistoryReport): HistoryInstance {
  const [only, ...others] = instances;
  if (only && others.length === 0) return only;
  throw new Error(`There are ${instances.length} instances`);
}

/** Its process with this pid. Throws if there is none. */
export function processOf({ processes }: HistoryInstance, pid: number): HistoryProcess {
  const found = processes.find((process) => process.pid === pid);
  if (found) return found;
  throw new Error(`There is no process ${pid}`);
}

/** The rows of a query. */
export function rowsOf(
  database: Database,
  sql: string,
  ...values: readonly SqlValue[]
): readonly (readonly SqlValue[])[] {
  return database.prepare(sql).rows(...values);
}

/** Every row of every table, to compare before and after. */
export function contentOf(database: Database): Record<string, readonly (readonly SqlValue[])[]> {
  const tables = ["host", "run", "text", "series", "look", "sample", "hour", "event"];
  return Object.fromEntries(
    tables.map((table) => [table, rowsOf(database, `SELECT * FROM ${table} ORDER BY 1, 2`)]),
  );
}
