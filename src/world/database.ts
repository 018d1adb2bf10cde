/** SQLite databases: opened so that nobody else can read them, with errors that say what is wrong. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DatabaseError, type DatabaseTrouble, FileError } from "../errors.ts";
import type { Database, DatabasePlace, SqlValue, Statement } from "../world.ts";
import { makeFolder, removeFile } from "./files.ts";

/** For this user alone: there are command lines and paths in it. */
const PRIVATE_FILE = 0o600;
/** How long to wait for another process that writes: nothing else happens meanwhile. */
const BUSY_MS = 500;

/** What SQLite says (sqlite3_errstr, and its parser of files), and what that means. */
const TROUBLES: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  [/database (?:table )?is locked|database schema is locked/, "busy"],
  [/database or disk is full/, "full"],
  [/disk image is malformed|malformed database schema/, "damaged"],
  [/file is not a database/, "foreign"],
  [/unable to open database|readonly database|access permission denied/, "denied"],
];

/** Opens a database; a file that is to be written is made if it is not there. Throws a DatabaseError. */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  // Here and not above: in the one bundled file, what stands above is loaded at every start.
  const { DatabaseSync } = await import("node:sqlite");
  if (place.kind === "memory") return new Sqlite(new DatabaseSync(":memory:"), null);
  const { path } = place;
  return attempt(path, () => {
    if (place.kind === "file") makeFile(path);
    requireFile(path);
    const options = { readOnly: place.kind === "read", timeout: BUSY_MS };
    // Of names without a folder some mean something else, such as ":memory:".
    const location = path.startsWith("/") ? path : `./${path}`;
    return new Sqlite(new DatabaseSync(location, options), path);
  });
}

/** Makes an empty file, and the folders above it, unless it is there. SQLite gives its mode to others beside it. */
function makeFile(path: string): void {
  const slash = path.lastIndexOf("/");
  if (slash > 0) makeFolder(path.slice(0, slash));
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: PRIVATE_FILE }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw error;
  }
  // Whatever the umask.
  Deno.chmodSync(path, PRIVATE_FILE);
  // Left by a file that had this name, and maybe still in use by who had it open: no part of this one.
  for (const suffix of ["-wal", "-shm"]) removeFile(path + suffix);
}

function requireFile(path: string): void {
  try {
    if (Deno.statSync(path).isFile) return;
  } catch (error) {
    const isLink = error instanceof Deno.errors.NotFound && isThere(path);
    throw isLink ? new DatabaseError("foreign", "it is a link that leads nowhere") : error;
  }
  throw new DatabaseError("foreign", "it is no plain file");
}

/** Whether something has this name, if only a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** https://nodejs.org/api/sqlite.html#statementsetreturnarraysenabled */
interface ReturningArrays {
  setReturnArrays(enabled: boolean): void;
}

class Sqlite implements Database {
  readonly #database: DatabaseSync;
  readonly #name: string;
  readonly #path: string | null;
  readonly #identity: string | null;

  /** `path`: null in memory. */
  constructor(database: DatabaseSync, path: string | null) {
    this.#database = database;
    this.#name = path ?? "memory";
    this.#path = path;
    this.#identity = path === null ? null : identityOf(path);
  }

  isInPlace(): boolean {
    return this.#path === null || identityOf(this.#path) === this.#identity;
  }

  execute(sql: string): void {
    attempt(this.#name, () => this.#database.exec(sql));
  }

  prepare(sql: string): Statement {
    const statement = attempt(this.#name, () => this.#database.prepare(sql));
    // A row as an array costs a third of one as an object. The runtime's types don't know it yet.
    (statement as StatementSync & ReturningArrays).setReturnArrays(true);
    return new Prepared(statement, this.#name);
  }

  [Symbol.dispose](): void {
    try {
      // Moved away, while the log has stayed where it was. Nobody else has that name for a database now.
      const isMoved = this.#path !== null && identityOf(this.#path) === null;
      if (isMoved) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // It was only read, or its disk is full.
    }
    try {
      this.#database.close();
    } catch {
      // It was closed, or its last words could not be written: what was committed is in its log.
    }
  }
}

class Prepared implements Statement {
  readonly #statement: StatementSync;
  readonly #name: string;

  constructor(statement: StatementSync, name: string) {
    this.#statement = statement;
    this.#name = name;
  }

  run(...values: readonly SqlValue[]): number {
    return attempt(this.#name, () => Number(this.#statement.run(...values).lastInsertRowid));
  }

  rows(...values: readonly SqlValue[]): readonly (readonly SqlValue[])[] {
    const rows: unknown = attempt(this.#name, () => this.#statement.all(...values));
    return rows as SqlValue[][];
  }
}

/** Tells the file that has this name from others, or null if there is none. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

function attempt<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof DatabaseError ? error : databaseError(name, error);
  }
}

function databaseError(name: string, error: unknown): DatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FileError) return new DatabaseError("denied", message);
  if (error instanceof Deno.errors.NotFound) return new DatabaseError("missing", "it is not there");
  if (error instanceof Deno.errors.NotCapable) {
    const help = "it is not granted: run with --allow-read --allow-write";
    return new DatabaseError("denied", help);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new DatabaseError("denied", "permission denied");
  }
  const trouble = TROUBLES.find(([pattern]) => pattern.test(message))?.[1] ?? "failed";
  return new DatabaseError(
    trouble,
    message.replace(`: ${name}`, "").replace(/ \(os error \d+\)/, ""),
  );
}
