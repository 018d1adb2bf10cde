/** A recorder on a database that fails as a test says. */

import { DatabaseError, type DatabaseTrouble } from "../../src/errors.ts";
import { openHistory } from "../../src/history/open.ts";
import { Recorder } from "../../src/history/recorder.ts";
import { type Keep } from "../../src/history/thin.ts";
import type { Database } from "../../src/world.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { BEGIN_MS, DAY, empty, MINUTE, rowsOf, runOf, WORLD } from "./recording.ts";

/** What opening and each statement go through before they are done; it throws where something fails. */
export type Heed = (what: string) => void;

export class Scripted implements Disposable {
  readonly recorder: Recorder;
  /** What is in the file, whoever has it open. */
  database: Database;
  /** What fails now. */
  heed: Heed = () => {};
  /** Whether the file is where it was when it was opened. */
  isInPlace = true;
  opened = 0;
  closed = 0;
  #looks = 0;

  private constructor(database: Database, keep: Keep) {
    this.database = database;
    const open = () => {
      this.heed("open");
      this.opened++;
      return Promise.resolve(this.#handle(this.database));
    };
    const place = { kind: "file", path: "/h/history.db" } as const;
    this.recorder = new Recorder({ openDatabase: open }, place, runOf(), keep);
  }

  static async begin(keep: Keep = { allMs: 30 * DAY, hourlyMs: 365 * DAY }): Promise<Scripted> {
    return new Scripted(await empty(), keep);
  }

  [Symbol.dispose](): void {
    this.recorder[Symbol.dispose]();
    this.database[Symbol.dispose]();
  }

  /** Takes the next look, a minute after the one before. Its process holds 1 byte, 2 bytes, … */
  async take(): Promise<string | null> {
    const i = this.#looks++;
    const look = lookAt(looked([seen(10, i + 1)]));
    return await this.recorder.take({ atMs: BEGIN_MS + i * MINUTE, look, events: [] });
  }

  /** Takes so many looks. Returns what was said. */
  async takeMany(count: number): Promise<string[]> {
    const said: string[] = [];
    for (let i = 0; i < count; i++) said.push(await this.take() ?? "");
    return said.filter((sentence) => sentence !== "");
  }

  /** The numbers of the looks that are in the file, from 1, in the order in which they were written. */
  written(): number[] {
    const sql = "SELECT footprint FROM sample JOIN series ON id = series " +
      "WHERE instance IS NOT NULL ORDER BY look";
    return rowsOf(this.database, sql).map(([number]) => Number(number));
  }

  /** Has a new file in the place of the old one. */
  async replace(): Promise<void> {
    this.isInPlace = false;
    this.database[Symbol.dispose]();
    this.database = await openHistory(WORLD, { kind: "memory" });
  }

  #handle(database: Database): Database {
    const wasInPlace = this.database;
    return {
      execute: (sql) => {
        this.heed(sql);
        database.execute(sql);
      },
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return {
          run: (...values) => (this.heed(sql), statement.run(...values)),
          rows: (...values) => (this.heed(sql), statement.rows(...values)),
        };
      },
      isInPlace: () => this.isInPlace || wasInPlace === this.database,
      [Symbol.dispose]: () => {
        this.closed++;
        // As SQLite does: what was not committed is undone.
        if (database === this.database) undo(database);
      },
    };
  }
}

function undo(database: Database): void {
  try {
    database.execute("ROLLBACK");
  } catch {
    // There was nothing to undo.
  }
}

/** Has everything fail of which the name fits. */
export function fail(what: RegExp, trouble: DatabaseTrouble, message = `it is ${trouble}`): Heed {
  return (name) => {
    if (what.test(name)) throw new DatabaseError(trouble, message);
  };
}
