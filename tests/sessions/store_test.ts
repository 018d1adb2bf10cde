/** OpenCode's database, read as it lies on the disk: versions, logs, damage, sizes. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { readStore, type Store, type Wanted } from "../../src/sessions/store.ts";
import { Trouble } from "../../src/sessions/trouble.ts";
import { live, pure, temporaryFolder } from "../support.ts";
import { outside } from "../../src/world/outside.ts";
import { add, addProject, bytesOf, outsideOf, rawFile, TABLES } from "./made.ts";

const PATH = "/d/opencode.db";
const never = () => false;

function wanted(directories: readonly string[], ids: readonly string[] = []): Wanted {
  return { directories: new Set(directories), ids: new Set(ids) };
}

function read(bytes: Uint8Array, what: Wanted, isLate = never): Promise<Store> {
  return readStore(outsideOf({ [PATH]: bytes }), PATH, what, isLate);
}

function idsOf({ sessions }: Store): string[] {
  return sessions.map(({ id }) => id);
}

pure(
  "sessions of a directory, the last active first; subagents' and archived ones not",
  async () => {
    const bytes = bytesOf((database) => {
      addProject(database, "p", "/w");
      addProject(database, "q", "/elsewhere");
      add(
        database,
        { id: "ses_old", directory: "/w", title: "Fix", updatedAtMs: 5 },
        { id: "ses_new", directory: "/w", updatedAtMs: 9 },
        { id: "ses_sub", directory: "/w", updatedAtMs: 10, parentId: "ses_new" },
        { id: "ses_gone", directory: "/w", updatedAtMs: 10, archivedAtMs: 11 },
        { id: "ses_x", directory: "/x", updatedAtMs: 99 },
      );
    });
    const store = await read(bytes, wanted(["/w"]));
    assert.deepEqual(idsOf(store), ["ses_new", "ses_old"]);
    assert.deepEqual(store.sessions[1], {
      ...{ id: "ses_old", projectId: "p", directory: "/w", title: "Fix", updatedAtMs: 5 },
      ...{ isChild: false, isArchived: false },
    });
    assert.deepEqual([...store.projects], [["p", "/w"]]);
    assert.equal(store.shortfall, null);
    // One that is named is found whatever it is.
    assert.deepEqual(idsOf(await read(bytes, wanted([], ["ses_sub"]))), ["ses_sub"]);
  },
);

pure(
  "what a version does not store is null, and what a newer one stores besides is no trouble",
  async () => {
    const add = (columns: string, values: string) => (database: DatabaseSync) =>
      database.exec(`INSERT INTO session (${columns}) VALUES (${values})`);
    const cases: readonly [tables: string, columns: string, values: string, rest: object][] = [
      [
        "CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT)",
        "id, directory",
        "'a', '/w'",
        {},
      ],
      [
        'CREATE TABLE "session" ("time_updated" INTEGER, [directory] TEXT, `id` TEXT, x GENERATED ALWAYS ' +
        "AS (id || ',') VIRTUAL, title TEXT DEFAULT 'a, (b', CHECK (title <> '('), UNIQUE (id))",
        "id, directory, title, time_updated",
        "'a', '/w', 't', 7",
        { title: "t", updatedAtMs: 7 },
      ],
      [
        "CREATE TABLE session (id TEXT, directory TEXT, PRIMARY KEY (id), CONSTRAINT x UNIQUE (id)); " +
        "ALTER TABLE session ADD COLUMN title TEXT; " +
        "ALTER TABLE session ADD COLUMN future BLOB",
        "id, directory, title, future",
        "'a', '/w', 't', x'00ff'",
        { title: "t" },
      ],
      // A time that is none.
      [
        "CREATE TABLE session (id TEXT, directory TEXT, title, time_updated)",
        "id, directory, title, time_updated",
        "'a', '/w', 5, 'yesterday'",
        {},
      ],
    ];
    for (const [tables, columns, values, rest] of cases) {
      const { sessions } = await read(bytesOf(add(columns, values), tables), wanted(["/w"]));
      assert.deepEqual(sessions, [{
        ...{ id: "a", directory: "/w", projectId: null, title: null, updatedAtMs: null },
        ...{ isChild: false, isArchived: false, ...rest },
      }], tables);
    }
  },
);

pure("a column that was added later is missing in older rows", async () => {
  const bytes = bytesOf(
    (database) =>
      database.exec(
        "INSERT INTO session VALUES ('a', '/w'); ALTER TABLE session ADD COLUMN title TEXT",
      ),
    "CREATE TABLE session (id TEXT, directory TEXT)",
  );
  assert.equal((await read(bytes, wanted(["/w"]))).sessions[0]!.title, null);
});

pure("rows that go on in other pages are read to their end", async () => {
  // Around the most that a page of 4096 bytes holds, each length there is.
  const around = Array.from({ length: 100 }, (_, i) => 3980 + i);
  for (const length of [3000, ...around, 9000, 200_000]) {
    const bytes = bytesOf((database) =>
      add(database, { id: "a", directory: "/w", diffs: "x".repeat(length), updatedAtMs: 2 ** 41 })
    );
    const [session] = (await read(bytes, wanted(["/w"]))).sessions;
    assert.equal(session!.updatedAtMs, 2 ** 41, `${length}`);
  }
});

pure("a time before 1970 is none", async () => {
  const bytes = bytesOf((database) => add(database, { id: "a", directory: "/w", updatedAtMs: -5 }));
  assert.equal((await read(bytes, wanted(["/w"]))).sessions[0]!.updatedAtMs, null);
});

pure("pages that lead to themselves are damage", async () => {
  const bytes = bytesOf((database) => {
    for (let i = 0; i < 200; i++) add(database, { id: `ses_${i}`, directory: "/w" });
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => i);
  // Pages that lead to others in a table's tree: the last one is named in their header.
  const interior = pages.filter((page) => bytes[page * 4096] === 5);
  assert.ok(interior.length > 0);
  for (const page of interior) view.setUint32(page * 4096 + 8, page + 1);
  await assert.rejects(read(bytes, wanted(["/w"])), Trouble);
});

pure("what SQLite finds is found, whatever is stored", async () => {
  const text = fc.string({ unit: "grapheme", maxLength: 60 }).map((t) => t.replaceAll("\0", ""));
  const session = fc.record({
    directory: fc.constantFrom("/w", "/x", "/資料/ü"),
    title: text,
    diffs: fc.constantFrom("", "d".repeat(5000)),
    updatedAtMs: fc.integer({ min: 0, max: 8.64e15 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(session, { maxLength: 60 }), async (made) => {
      const bytes = bytesOf((database) =>
        add(database, ...made.map((one, i) => ({ ...one, id: `ses_${i}` })))
      );
      const store = await read(bytes, wanted(["/資料/ü"]));
      const expected = made.map((one, i) => ({ ...one, id: `ses_${i}` }))
        .filter(({ directory }) => directory === "/資料/ü");
      const titles = new Map(expected.map(({ id, title }) => [id, title]));
      assert.equal(store.sessions.length, Math.min(20, expected.length));
      for (const { id, title } of store.sessions) assert.equal(title, titles.get(id));
      const times = expected.map((one) => one.updatedAtMs).sort((a, b) => b - a).slice(0, 20);
      assert.deepEqual(store.sessions.map((one) => one.updatedAtMs), times);
    }),
    { numRuns: 40 },
  );
});

pure("a file that is no database of OpenCode says what it is", async () => {
  const cases: readonly [bytes: Uint8Array, expected: RegExp][] = [
    [new Uint8Array(0), /^nothing is in it yet$/],
    [new TextEncoder().encode("x".repeat(5000)), /^it is no SQLite database$/],
    [bytesOf(() => {}, "CREATE TABLE other (x)"), /^it has no table of sessions$/],
    [
      bytesOf(() => {}, "CREATE TABLE session (x)"),
      /^its table of sessions is of a kind not known/,
    ],
    [bytesOf(() => {}, "CREATE VIEW session AS SELECT 1 AS id"), /no table of sessions/],
    [
      bytesOf(() => {}, "CREATE TABLE session (id TEXT PRIMARY KEY, directory) WITHOUT ROWID"),
      /of another kind/,
    ],
    [
      bytesOf(() => {}, "PRAGMA encoding = 'UTF-16'; CREATE TABLE session (id, directory)"),
      /^its text is not UTF-8$/,
    ],
  ];
  for (const [bytes, expected] of cases) {
    await assert.rejects(read(bytes, wanted(["/w"])), (error: Error) => {
      assert.ok(error instanceof Trouble);
      assert.match(error.message, expected);
      return true;
    });
  }
});

pure("whatever is damaged, it is a Trouble or sessions, and it ends", async () => {
  const whole = bytesOf((database) => {
    addProject(database, "p", "/w");
    for (let i = 0; i < 200; i++) {
      add(database, { id: `ses_${i}`, directory: "/w", diffs: "d".repeat(i * 40) });
    }
  });
  let troubles = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 400 }),
      fc.option(fc.nat(whole.length)),
      async (changes, end) => {
        const bytes = whole.slice(0, end ?? whole.length);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        try {
          const { sessions } = await read(bytes, wanted(["/w"]));
          assert.ok(sessions.length <= 20);
        } catch (error) {
          if (!(error instanceof Trouble)) throw error;
          troubles++;
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(troubles > 30);
});

pure("what is not read in time is said", async () => {
  const bytes = bytesOf((database) => {
    for (let i = 0; i < 2000; i++) {
      add(database, { id: `ses_${i}`, directory: "/w", updatedAtMs: i });
    }
  });
  let asked = 0;
  const store = await read(bytes, wanted(["/w"]), () => ++asked > 2);
  assert.equal(store.shortfall, "only the 512 sessions that were made last were looked at");
  assert.equal(store.sessions[0]!.id, "ses_1999");
});

pure("a file that changes while it is read is read anew, and not for ever", async () => {
  const bytes = bytesOf((database) => add(database, { id: "a", directory: "/w" }));
  for (const changes of [0, 1, 2, 3]) {
    let asked = 0;
    let opened = 0;
    // Another one before than after, so many times.
    const stamp = () => String(asked++ < 2 * changes ? asked : 0);
    const world = {
      ...outsideOf({}),
      openRaw: (path: string) => {
        if (path !== PATH) return Promise.resolve(null);
        opened++;
        return Promise.resolve(rawFile(bytes, stamp));
      },
    };
    const reading = readStore(world, PATH, wanted(["/w"]), never);
    if (changes < 3) assert.deepEqual([idsOf(await reading), opened], [["a"], changes + 1]);
    else await assert.rejects(reading, /OpenCode is writing to it/);
  }
});

pure("a transaction that is being written to the file itself is left alone", async () => {
  const bytes = bytesOf((database) => add(database, { id: "a", directory: "/w" }));
  const world = outsideOf({ [PATH]: bytes, [`${PATH}-journal`]: new Uint8Array(600) });
  await assert.rejects(readStore(world, PATH, wanted(["/w"]), never), /being written|writing/);
});

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
