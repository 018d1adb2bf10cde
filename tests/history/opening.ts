/** Databases that stay when whoever opened them lets go of them, and why some can't be opened. */

import { DatabaseError } from "../../src/errors.ts";
import { openDatabase } from "../../src/world/database.ts";
import type { Database, SqlValue, World } from "../../src/world.ts";
import { rowsOf } from "./recording.ts";

/** A database, what was run on it, and the world in which it is opened. */
export interface Kept {
  readonly database: Database;
  readonly ran: string[];
  readonly world: Pick<World, "openDatabase">;
}

/** A database in memory that stays when whoever opened it lets go of it, and every statement that was run. */
export async function kept(sql = ""): Promise<Kept> {
  const database = await openDatabase({ kind: "memory" });
  if (sql !== "") database.execute(sql);
  const ran: string[] = [];
  const opened: Database = {
    execute: (sql) => (ran.push(sql), database.execute(sql)),
    prepare: (sql) => (ran.push(sql), database.prepare(sql)),
    isInPlace: () => true,
    [Symbol.dispose]: () => void ran.push("closed"),
  };
  return { database, ran, world: { openDatabase: () => Promise.resolve(opened) } };
}

/** Every table and index. */
export function schemaOf(database: Database): readonly (readonly SqlValue[])[] {
  return rowsOf(database, "SELECT name, sql FROM sqlite_schema ORDER BY name");
}

/** The trouble that something has. Throws if it has none. */
export async function troubleOf(act: () => unknown): Promise<DatabaseError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
  throw new Error("It went well");
}
