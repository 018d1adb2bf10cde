/** Files that are moved away, removed or replaced while somebody has them open. */

import assert from "node:assert/strict";
import { openDatabase } from "../../src/world/database.ts";
import type { Database } from "../../src/world.ts";
import { rowsOf } from "../history/recording.ts";
import { live, temporaryFolder } from "../support.ts";

/** A database with one table that holds numbers. */
async function numbers(path: string): Promise<Database> {
  const database = await openDatabase({ kind: "file", path });
  database.execute("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS n (n INTEGER)");
  return database;
}

function add(database: Database, ...all: readonly number[]): void {
  for (const n of all) database.prepare("INSERT INTO n VALUES (?)").run(n);
}

async function numbersIn(path: string): Promise<unknown[]> {
  using database = await openDatabase({ kind: "read", path });
  assert.deepEqual(rowsOf(database, "PRAGMA integrity_check"), [["ok"]]);
  return rowsOf(database, "SELECT n FROM n ORDER BY n").flat();
}

live("whether a file is in its place", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  using database = await numbers(path);
  assert.ok(database.isInPlace());
  Deno.renameSync(path, `${path}.old`);
  assert.ok(!database.isInPlace());
  Deno.writeTextFileSync(path, "");
  assert.ok(!database.isInPlace(), "another file has its name");
  Deno.renameSync(`${path}.old`, path);
  assert.ok(database.isInPlace());
});

live(
  "a file that was moved away without its log has all that was written, once it is let go of",
  {},
  async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/x.db`;
    {
      using database = await numbers(path);
      add(database, 1, 2, 3);
      Deno.mkdirSync(`${folder.path}/away`);
      Deno.renameSync(path, `${folder.path}/away/x.db`);
    }
    assert.deepEqual(await numbersIn(`${folder.path}/away/x.db`), [1, 2, 3]);
  },
);

live(
  "a new file has nothing to do with the log of the old one, nor with who still has that open",
  {},
  async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/x.db`;
    const old = await numbers(path);
    add(old, 1, 2, 3);
    Deno.renameSync(path, `${path}.old`);
    using first = await numbers(path);
    add(first, 10, 11);
    using second = await numbers(path);
    add(second, 12);
    add(old, 4);
    old[Symbol.dispose]();
    add(first, 13);
    assert.deepEqual(rowsOf(second, "SELECT n FROM n ORDER BY n").flat(), [10, 11, 12, 13]);
    first[Symbol.dispose]();
    second[Symbol.dispose]();
    assert.deepEqual(await numbersIn(path), [10, 11, 12, 13]);
  },
);

live("a log without its file is no part of a new one", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  {
    using database = await numbers(path);
    add(database, 1);
    for (const suffix of ["", "-wal", "-shm"]) {
      Deno.copyFileSync(path + suffix, `${path}.copy${suffix}`);
    }
  }
  Deno.removeSync(path);
  for (const suffix of ["-wal", "-shm"]) Deno.renameSync(`${path}.copy${suffix}`, path + suffix);
  {
    using database = await numbers(path);
    add(database, 7);
  }
  assert.deepEqual(await numbersIn(path), [7]);
});
