/** Databases as files: whose they are, who is let in, and what is said when they can't be used. */

import assert from "node:assert/strict";
import type { DatabaseTrouble } from "../../src/errors.ts";
import { openHistory } from "../../src/history/open.ts";
import { within } from "../../src/history/thin.ts";
import { openDatabase } from "../../src/world/database.ts";
import type { Database } from "../../src/world.ts";
import { looked, seen } from "../follow/looks.ts";
import { past, rowsOf, Scribe, WORLD } from "../history/recording.ts";
import { troubleOf } from "../history/opening.ts";
import { module } from "../live/module.ts";
import { live, pure, temporaryFolder } from "../support.ts";

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** A database with one table that holds numbers. */
async function numbers(path: string): Promise<Database> {
  const database = await openDatabase({ kind: "file", path });
  database.execute("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS n (n INTEGER)");
  return database;
}

pure("in memory it needs nothing, and is always in its place", async () => {
  using database = await openDatabase({ kind: "memory" });
  database.execute("CREATE TABLE t (a, b)");
  const insert = database.prepare("INSERT INTO t VALUES (?, ?)");
  assert.deepEqual([insert.run(1, "x"), insert.run(null, 2.5)], [1, 2]);
  assert.deepEqual(database.prepare("SELECT * FROM t").rows(), [[1, "x"], [null, 2.5]]);
  assert.ok(database.isInPlace());
});

pure("after it was closed, it can be closed again", async () => {
  const database = await openDatabase({ kind: "memory" });
  database[Symbol.dispose]();
  database[Symbol.dispose]();
  assert.equal((await troubleOf(() => database.execute("SELECT 1"))).trouble, "failed");
});

live(
  "files and the folders above them are for this user alone, whatever the umask",
  {},
  async () => {
    const before = Deno.umask();
    try {
      // The last one takes rights from the user, too: there, the folder must be there.
      for (const umask of [0, 0o077, 0o377]) {
        using folder = temporaryFolder();
        const state = umask === 0o377 ? folder.path : `${folder.path}/state/ocmem`;
        Deno.umask(umask);
        using database = await numbers(`${state}/history.db`);
        database.execute("INSERT INTO n VALUES (1)");
        const files = namesIn(state);
        assert.deepEqual(files, ["history.db", "history.db-shm", "history.db-wal"]);
        for (const name of files) {
          assert.equal(
            modeOf(`${state}/${name}`),
            0o600,
            `${name} ${umask}`,
          );
        }
        for (const path of [state, `${state}/..`]) {
          if (umask !== 0o377) assert.equal(modeOf(path), 0o700);
        }
      }
    } finally {
      Deno.umask(before);
    }
  },
);

live("a file that is there keeps its mode", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  Deno.writeTextFileSync(path, "");
  Deno.chmodSync(path, 0o640);
  using _ = await numbers(path);
  assert.equal(modeOf(path), 0o640);
});

live("to read, a file must be there, and nothing is made", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/no/x.db`;
  const error = await troubleOf(() => openDatabase({ kind: "read", path }));
  assert.deepEqual([error.trouble, error.message], ["missing", "it is not there"]);
  assert.deepEqual(namesIn(folder.path), []);
});

live("who reads can't write", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  (await numbers(path))[Symbol.dispose]();
  using reader = await openDatabase({ kind: "read", path });
  assert.equal(
    (await troubleOf(() => reader.execute("INSERT INTO n VALUES (1)"))).trouble,
    "denied",
  );
});

live("nobody waits for a pipe", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/history.db`;
  assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
  for (const kind of ["file", "read"] as const) {
    assert.match((await troubleOf(() => openDatabase({ kind, path }))).message, /no plain file/);
  }
});

live("a name is a name: of a folder, of memory, of a URI", {}, async () => {
  using folder = temporaryFolder();
  const names = [":memory:", "file:x.db?mode=memory", "a b%20c.db", "ü.db"];
  const code = `
    import { openDatabase } from "SRC/world/database.ts";
    Deno.chdir(${JSON.stringify(folder.path)});
    for (const path of ${JSON.stringify(names)}) {
      using database = await openDatabase({ kind: "file", path });
      database.execute("CREATE TABLE t (a)");
    }`;
  const { code: exit, stderr } = await module(code, "-A");
  assert.deepEqual([exit, stderr], [0, ""]);
  assert.deepEqual(namesIn(folder.path), names.toSorted());
  for (const { name } of Deno.readDirSync(folder.path)) {
    assert.ok(Deno.statSync(`${folder.path}/${name}`).size > 0, name);
  }
});

live("without the grant, what is missing is named", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  (await numbers(path))[Symbol.dispose]();
  const code = `
    import { openDatabase } from "SRC/world/database.ts";
    for (const kind of ["file", "read"]) {
      await openDatabase({ kind, path: ${JSON.stringify(path)} })
        .catch((error) => console.log(error.trouble, error.message));
    }`;
  const { stdout } = await module(code);
  const line = "denied it is not granted: run with --allow-read --allow-write\n";
  assert.equal(stdout.replace(/Cannot create the folder \S+: /g, ""), line + line);
});

live("a file as a folder, and a name that is too long", {}, async () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  const paths: Readonly<Record<string, DatabaseTrouble>> = {
    [`${folder.path}/file/x.db`]: "denied",
    [`${folder.path}/${"x".repeat(300)}`]: "failed",
  };
  for (const [path, trouble] of Object.entries(paths)) {
    for (const kind of ["file", "read"] as const) {
      const error = await troubleOf(() => openDatabase({ kind, path }));
      assert.doesNotMatch(error.message, /os error/);
      assert.ok([trouble, "failed"].includes(error.trouble), `${error.trouble}: ${error.message}`);
    }
  }
});

live("another one that writes is waited for, and then it is busy", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  using one = await numbers(path);
  using two = await numbers(path);
  one.execute("BEGIN IMMEDIATE; INSERT INTO n VALUES (1)");
  assert.equal((await troubleOf(() => within(two, () => {}))).trouble, "busy");
  one.execute("COMMIT");
  within(two, () => two.execute("INSERT INTO n VALUES (2)"));
  assert.deepEqual(rowsOf(one, "SELECT n FROM n ORDER BY n"), [[1], [2]]);
});

live("who reads sees the last whole look, while another one is written", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.db`;
  using writer = await openHistory(WORLD, { kind: "file", path });
  const scribe = new Scribe(writer);
  scribe.look(0, looked([seen(10, 5)]));
  writer.execute("BEGIN IMMEDIATE; INSERT INTO look (run, at) VALUES (1, 5)");
  using reader = await openHistory(WORLD, { kind: "read", path });
  assert.equal(past(reader).looks, 1);
  writer.execute("ROLLBACK");
  scribe.look(1000, looked([seen(10, 6)]));
  assert.equal(past(reader).looks, 2);
});
