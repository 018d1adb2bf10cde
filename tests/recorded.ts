/** A history in memory that outlives who opens it, as a file does. */

import { openDatabase } from "../src/world/database.ts";
import type { Database } from "../src/world.ts";
import type { Scene } from "./fake_world.ts";

/** A scene whose commands record into one history, and read it. */
export async function withHistory(): Promise<
  Pick<Scene, "openDatabase" | "env"> & { readonly database: Database }
> {
  const database = await openDatabase({ kind: "memory" });
  const kept: Database = {
    execute: (sql) => database.execute(sql),
    prepare: (sql) => database.prepare(sql),
    isInPlace: () => true,
    [Symbol.dispose]: () => {},
  };
  return { database, openDatabase: () => kept, env: { HOME: "/h" } };
}

/** Flags of `history` for all that a scripted World records: its clock begins on 2 January 2026. */
export const ALL = ["--since", "2026-01-01T00:00Z", "--until", "2026-02-01T00:00Z"] as const;
