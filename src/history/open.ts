/** Opening a history: whose file it is, which version, and what to do if it can't be used. */

import { DatabaseError, type DatabaseTrouble } from "../errors.ts";
import type { Database, DatabasePlace, World } from "../world.ts";
import { APPLICATION_ID, VERSIONS } from "./schema.ts";

/** Where the history is if no other file is named, or null if there is no home. As XDG says, on macOS too. */
export function historyPath(world: Pick<World, "env">): string | null {
  const state = world.env("XDG_STATE_HOME");
  if (state?.startsWith("/")) return `${state}/ocmem/history.db`;
  const home = world.env("HOME");
  return home?.startsWith("/") ? `${home}/.local/state/ocmem/history.db` : null;
}

/** An open history. Errors of its own are sentences that say what to do. */
export interface History extends Database {
  /** A DatabaseError as such a sentence; any other error as it is. */
  explain(error: unknown): unknown;
}

/** More pages than these, 256 MiB of them, take too long to check. */
const MOST_CHECKED_PAGES = 65_536;

/**
 * Opens a history, makes it if it is to be written and is not there, and brings an older one up to
 * this version. `checks`: reads all of a file that is to be written, since writing into one that is
 * damaged may damage more. Throws a DatabaseError whose message is a sentence that says what to do.
 */
export async function openHistory(
  world: Pick<World, "openDatabase">,
  place: DatabasePlace,
  { checks = true }: { readonly checks?: boolean } = {},
): Promise<History> {
  let database: Database | null = null;
  try {
    database = await world.openDatabase(place);
    prepare(database, place.kind, checks);
    return explaining(database, (error) => explained(place, error));
  } catch (error) {
    database?.[Symbol.dispose]();
    throw explained(place, error);
  }
}

/** A DatabaseError as a sentence about its history; any other error as it is. */
export function explained(place: DatabasePlace, error: unknown): unknown {
  if (!(error instanceof DatabaseError) || EXPLAINED.test(error.message)) return error;
  const path = place.kind === "memory" ? "in memory" : place.path;
  const verb = place.kind === "read" ? "read" : "record into";
  const reason = error.message.replace(/\.$/, "");
  const message = `Cannot ${verb} the history ${path}: ${reason}. ${HELP[error.trouble]}`;
  return new DatabaseError(error.trouble, message);
}

function explaining(database: Database, explain: History["explain"]): History {
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    explain,
    execute: (sql) => attempt(() => database.execute(sql)),
    prepare: (sql) => {
      const statement = attempt(() => database.prepare(sql));
      return {
        run: (...values) => attempt(() => statement.run(...values)),
        rows: (...values) => attempt(() => statement.rows(...values)),
      };
    },
    isInPlace: () => database.isInPlace(),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

const EXPLAINED = /^Cannot (?:record into|read) the history /;

const HELP: Readonly<Record<DatabaseTrouble, string>> = {
  missing: "watch --record begins one",
  denied: "--database names another file",
  foreign: "Nothing in it was changed. --database names another file, or move this one away",
  newer: "Update ocmem, or name another file with --database",
  damaged:
    "Nothing in it was changed. Move it away with the files beside it that are named after it, " +
    "and a new one is begun; sqlite3 FILE .recover shows what can be saved from the old one",
  busy: "Another process writes to it for long",
  full: "Make room: nothing that was recorded before is lost",
  failed: "--database names another file",
};

/** Throws a DatabaseError if a page is not what it should be. */
function check(database: Database): void {
  const [[pages]] = database.prepare("PRAGMA page_count").rows() as [[number]];
  if (pages > MOST_CHECKED_PAGES) return;
  const [[found]] = database.prepare("PRAGMA quick_check(1)").rows() as [[string]];
  if (found !== "ok") throw new DatabaseError("damaged", "database disk image is malformed");
}

function prepare(database: Database, kind: DatabasePlace["kind"], checks: boolean): void {
  const [version, tables] = look(database);
  if (checks && kind === "file" && tables > 0) check(database);
  if (version === VERSIONS.length) {
    if (kind !== "read") setUp(database);
    return;
  }
  if (kind === "read") {
    if (tables === 0) throw new DatabaseError("missing", "nothing is in it yet");
    throw new DatabaseError("failed", `it is of version ${version}, and watch --record renews it`);
  }
  // Only while nothing is in it. Room that becomes free can then be given back bit by bit.
  if (tables === 0) database.execute("PRAGMA auto_vacuum = INCREMENTAL");
  setUp(database);
  migrate(database);
}

/** The version of a history, 0 of an empty file, and how many tables it has. */
function look(database: Database): [version: number, tables: number] {
  const number = (sql: string) => Number(database.prepare(sql).rows()[0]![0]);
  const application = number("PRAGMA application_id");
  const version = number("PRAGMA user_version");
  const tables = number("SELECT count(*) FROM sqlite_schema");
  const isEmpty = application === 0 && version === 0 && tables === 0;
  if (application !== APPLICATION_ID && !isEmpty) {
    throw new DatabaseError("foreign", "it is another program's database");
  }
  if (version > VERSIONS.length) {
    throw new DatabaseError(
      "newer",
      `a newer ocmem wrote it (version ${version}, and this one knows ${VERSIONS.length})`,
    );
  }
  return [version, tables];
}

/**
 * A log beside the file: readers see the last whole look while another one is written, and what is cut
 * off in the middle never was. Without a sync at each look: when the machine goes down, the last looks
 * may be missing, and the file is whole.
 */
function setUp(database: Database): void {
  database.execute(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304",
  );
}

function migrate(database: Database): void {
  database.execute("BEGIN IMMEDIATE");
  try {
    // Another process may have done it meanwhile.
    const [version] = look(database);
    for (const step of VERSIONS.slice(version)) database.execute(step);
    database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.execute(`PRAGMA user_version = ${VERSIONS.length}`);
    database.execute("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Undoes a transaction that failed, unless the failure has done so itself. */
export function rollBack(database: Database): void {
  try {
    database.execute("ROLLBACK");
  } catch {
    // There is none any more.
  }
}
