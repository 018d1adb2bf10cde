/** OpenCode's database as files that it has open: its log, and that nothing of them is touched. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { readStore } from "../../src/sessions/store.ts";
import { outside } from "../../src/world/outside.ts";
import { live, temporaryFolder } from "../support.ts";
import { add, addProject, outsideOf, TABLES } from "./made.ts";
import { idsOf, never, PATH, wanted } from "./reading.ts";

/** Every file of a folder: what is in it, and what the system keeps of it. */
function stateOf(folder: string): unknown {
  return [...Deno.readDirSync(folder)].map(({ name }) => {
    const { size, mtime, ctime, ino, mode, nlink } = Deno.statSync(`${folder}/${name}`);
    const text = Deno.readFileSync(`${folder}/${name}`).toString();
    return { name, size, mtime, ctime, ino, mode, nlink, text };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Locks of a folder's files, as Linux shows them. */
function locksOf(folder: string): string[] {
  if (Deno.build.os !== "linux") return [];
  const inodes = [...Deno.readDirSync(folder)].map(({ name }) =>
    Deno.statSync(`${folder}/${name}`).ino
  );
  return Deno.readTextFileSync("/proc/locks").split("\n")
    .filter((line) => inodes.some((inode) => line.includes(`:${inode} `)))
    .map((line) => line.replace(/^\d+: /, "")).sort();
}

live("what is in the log alone is read, and nothing of the folder is touched", {}, async () => {
  for (const mode of ["", "PRAGMA locking_mode = EXCLUSIVE; "]) {
    using folder = temporaryFolder();
    const path = `${folder.path}/opencode.db`;
    const database = new DatabaseSync(path);
    try {
      database.exec(`${mode}PRAGMA journal_mode = WAL; ${TABLES}`);
      addProject(database, "p", "/w");
      add(database, { id: "ses_1", directory: "/w", updatedAtMs: 1 });
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      add(database, { id: "ses_2", directory: "/w", updatedAtMs: 2 });
      database.exec("UPDATE session SET title = 'renamed' WHERE id = 'ses_1'");
      // It has begun, and is not committed.
      database.exec("BEGIN IMMEDIATE");
      add(database, { id: "ses_3", directory: "/w", updatedAtMs: 3 });
      const before = [stateOf(folder.path), locksOf(folder.path)];
      const { sessions } = await readStore(outside, path, wanted(["/w"]), never);
      assert.deepEqual([stateOf(folder.path), locksOf(folder.path)], before);
      assert.deepEqual(sessions.map(({ id, title }) => [id, title]), [
        ["ses_2", "ses_2"],
        ["ses_1", "renamed"],
      ]);
      database.exec("COMMIT");
      assert.equal((await readStore(outside, path, wanted(["/w"]), never)).sessions.length, 3);
      // The log begins anew, and what it held before lies behind what it holds now.
      database.exec("PRAGMA wal_checkpoint(RESTART)");
      add(database, { id: "ses_4", directory: "/w", updatedAtMs: 4 });
      const after = await readStore(outside, path, wanted(["/w"]), never);
      assert.deepEqual(idsOf(after), ["ses_4", "ses_3", "ses_2", "ses_1"]);
    } finally {
      database.close();
    }
    const { sessions } = await readStore(outside, path, wanted(["/w"]), never);
    assert.equal(sessions.length, 4);
  }
});

live("a log that is cut off anywhere has what was committed before", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/opencode.db`;
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA journal_mode = WAL; ${TABLES}; PRAGMA wal_checkpoint(TRUNCATE)`);
    addProject(database, "p", "/w");
    for (let i = 0; i < 10; i++) add(database, { id: `ses_${i}`, directory: "/w", updatedAtMs: i });
    const [file, log] = [Deno.readFileSync(path), Deno.readFileSync(`${path}-wal`)];
    let last = 0;
    for (let end = 0; end <= log.length; end += 1013) {
      const files = { [PATH]: file, [`${PATH}-wal`]: log.slice(0, end) };
      const { sessions } = await readStore(outsideOf(files), PATH, wanted(["/w"]), never);
      assert.ok(sessions.length >= last);
      last = sessions.length;
    }
    assert.ok(last >= 9);
    // A frame that was never written whole: nothing behind it counts.
    const spoiled = log.slice();
    spoiled[32 + 24 + 100]! ^= 1;
    const files = { [PATH]: file, [`${PATH}-wal`]: spoiled };
    const { sessions } = await readStore(outsideOf(files), PATH, wanted(["/w"]), never);
    assert.equal(sessions.length, 0);
  } finally {
    database.close();
  }
});

live("a million sessions: the last ones, in the time that there is", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/opencode.db`;
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; ${TABLES}`);
    database.exec(
      "INSERT INTO session (id, project_id, slug, directory, title, version, time_created, time_updated) " +
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) " +
        "SELECT 'ses_' || i, 'p', 's', '/w/' || (i % 1000), 'title ' || i, '1', i, i FROM n",
    );
  } finally {
    database.close();
  }
  const begin = performance.now();
  const store = await readStore(
    outside,
    path,
    wanted(["/w/0"]),
    () => performance.now() > begin + 100,
  );
  assert.equal(store.sessions[0]!.id, "ses_1000000");
  const tookMs = performance.now() - begin;
  if (store.shortfall !== null) assert.match(store.shortfall, /^only the \d+ sessions/);
  // The clock is looked at every 256 rows: nowhere near as long as all of it takes.
  assert.ok(tookMs < 2000, `${tookMs} ms`);
  const all = await readStore(outside, path, wanted(["/w/0"]), never);
  assert.deepEqual([all.shortfall, all.sessions.length], [null, 20]);
});
