/** Databases that fail where a test wants them to. */

import { DatabaseError, type DatabaseTrouble } from "../../src/errors.ts";
import type { Database } from "../../src/world.ts";

export interface Failure {
  /** The how manyth of these statements fails, from 1. */
  readonly at: number;
  readonly within: RegExp;
  readonly trouble?: DatabaseTrouble;
}

/** The same database, but for one statement that fails. */
export function failing(database: Database, { at, within, trouble = "full" }: Failure): Database {
  let left = at;
  const heed = (sql: string) => {
    if (within.test(sql) && --left === 0) throw new DatabaseError(trouble, `it is ${trouble}`);
  };
  return {
    execute: (sql) => {
      heed(sql);
      database.execute(sql);
    },
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (...values) => (heed(sql), statement.run(...values)),
        rows: (...values) => (heed(sql), statement.rows(...values)),
      };
    },
    isInPlace: () => database.isInPlace(),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}
