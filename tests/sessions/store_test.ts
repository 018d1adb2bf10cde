/** OpenCode's database, read as it lies on the disk: what is found, in each version. */

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { pure } from "../support.ts";
import { add, addProject, bytesOf } from "./made.ts";
import { idsOf, read, wanted } from "./reading.ts";

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
      ...{ parentId: null, isArchived: false, work: null },
    });
    assert.deepEqual([...store.projects], [["p", "/w"]]);
    assert.equal(store.shortfall, null);
    // The last activity is that of any of them.
    assert.deepEqual([...store.lastActive], [["/w", 10]]);
    // One that is named is found whatever it is, and with it the one that it was made by.
    assert.deepEqual(idsOf(await read(bytes, wanted([], ["ses_sub"]))), ["ses_sub", "ses_new"]);
    assert.deepEqual(idsOf(await read(bytes, wanted([], ["ses_gone"]))), ["ses_gone"]);
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
        ...{ parentId: null, isArchived: false, work: null, ...rest },
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
