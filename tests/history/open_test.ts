/** Whose file it is, which version, and what is said if it can't be used. */

import assert from "node:assert/strict";
import { DatabaseError, type DatabaseTrouble } from "../../src/errors.ts";
import { explained, historyPath, openHistory } from "../../src/history/open.ts";
import { APPLICATION_ID, VERSIONS } from "../../src/history/schema.ts";
import type { Database, DatabasePlace } from "../../src/world.ts";
import { pure } from "../support.ts";
import { kept, schemaOf, troubleOf } from "./opening.ts";
import { rowsOf } from "./recording.ts";

const FILE: DatabasePlace = { kind: "file", path: "/h/history.db" };
const READ: DatabasePlace = { kind: "read", path: "/h/history.db" };

pure("where the history is: XDG_STATE_HOME, then HOME; what is not absolute is no folder", () => {
  const paths: readonly [env: Record<string, string>, path: string | null][] = [
    [{ XDG_STATE_HOME: "/s", HOME: "/h" }, "/s/ocmem/history.db"],
    [{ XDG_STATE_HOME: "s", HOME: "/h" }, "/h/.local/state/ocmem/history.db"],
    [{ XDG_STATE_HOME: "", HOME: "/h" }, "/h/.local/state/ocmem/history.db"],
    [{ HOME: "h" }, null],
    [{ HOME: "" }, null],
    [{}, null],
  ];
  for (const [env, path] of paths) {
    assert.equal(historyPath({ env: (name) => env[name] }), path, JSON.stringify(env));
  }
});

pure("an empty file becomes a history of this version that is ours", async () => {
  const { database, world } = await kept();
  await openHistory(world, FILE);
  assert.deepEqual(rowsOf(database, "PRAGMA application_id"), [[APPLICATION_ID]]);
  assert.deepEqual(rowsOf(database, "PRAGMA user_version"), [[VERSIONS.length]]);
  assert.equal(
    APPLICATION_ID.toString(16),
    [..."ocme"].map((c) => c.charCodeAt(0).toString(16)).join(""),
  );
  database[Symbol.dispose]();
});

pure("what can't be used: why, what to do, and nothing is changed", async () => {
  const ours = `PRAGMA application_id = ${APPLICATION_ID};`;
  const cases: readonly [sql: string, DatabasePlace, DatabaseTrouble, RegExp][] = [
    ["", READ, "missing", /nothing is in it yet\. watch --record begins one$/],
    ["CREATE TABLE t (a)", FILE, "foreign", /another program's database\. Nothing .* --database /],
    ["CREATE TABLE t (a)", READ, "foreign", /another program's database/],
    ["PRAGMA application_id = 7", FILE, "foreign", /another program's/],
    ["PRAGMA user_version = 1", FILE, "foreign", /another program's/],
    [
      `${ours} PRAGMA user_version = 99`,
      FILE,
      "newer",
      /version 99, and this one knows \d+\)\. Update ocmem/,
    ],
    [`${ours} PRAGMA user_version = 99`, READ, "newer", /a newer ocmem wrote it/],
  ];
  for (const [sql, place, trouble, sentence] of cases) {
    const { database, ran, world } = await kept(sql);
    const before = [schemaOf(database), rowsOf(database, "PRAGMA user_version")];
    const error = await troubleOf(() => openHistory(world, place));
    assert.equal(error.trouble, trouble, sql);
    assert.match(error.message, sentence);
    const verb = place.kind === "read" ? "read" : "record into";
    assert.ok(
      error.message.startsWith(`Cannot ${verb} the history /h/history.db: `),
      error.message,
    );
    assert.deepEqual([schemaOf(database), rowsOf(database, "PRAGMA user_version")], before);
    assert.equal(ran.at(-1), "closed");
    database[Symbol.dispose]();
  }
});

pure("an older history is not changed by who only reads, who says what renews it", async () => {
  const { database, ran, world } = await kept(
    `CREATE TABLE t (a); PRAGMA application_id = ${APPLICATION_ID}`,
  );
  const { message } = await troubleOf(() => openHistory(world, READ));
  assert.match(message, /it is of version 0, and watch --record renews it/);
  assert.deepEqual(ran.filter((sql) => !/^(?:PRAGMA \w+$|SELECT|closed)/.test(sql)), []);
  database[Symbol.dispose]();
});

pure("who reads asks, and writes nothing", async () => {
  const { database, ran, world } = await kept();
  await openHistory(world, FILE);
  ran.length = 0;
  await openHistory(world, READ);
  assert.deepEqual(ran.filter((sql) => !/^(?:PRAGMA \w+$|SELECT)/.test(sql)), []);
  database[Symbol.dispose]();
});

pure("a damaged file is found before anything is written into it", async () => {
  const { database, world } = await kept();
  await openHistory(world, FILE);
  const spoiled: Database = {
    execute: (sql) => assert.fail(`runs ${sql}`),
    prepare: (sql) =>
      sql.includes("quick_check")
        ? { run: () => 0, rows: () => [["Page 3 is never used"]] }
        : database.prepare(sql),
    isInPlace: () => true,
    [Symbol.dispose]: () => {},
  };
  const broken = { openDatabase: () => Promise.resolve(spoiled) };
  const { trouble, message } = await troubleOf(() => openHistory(broken, FILE));
  assert.equal(trouble, "damaged");
  assert.match(
    message,
    /malformed\. Nothing in it was changed\. Move it away .*sqlite3 FILE \.recover/,
  );
  assert.throws(() => spoiled.execute("x"), /runs x/, "the test would have seen it");
  database[Symbol.dispose]();
});

pure("each trouble says what to do, once, and what is no trouble stays what it is", () => {
  const help: Readonly<Record<DatabaseTrouble, RegExp>> = {
    missing: /watch --record begins one$/,
    denied: /--database names another file$/,
    foreign: /--database names another file, or move this one away$/,
    newer: /Update ocmem, or name another file with --database$/,
    damaged: /\.recover shows what can be saved from the old one$/,
    busy: /Another process writes to it for long$/,
    full: /Make room: nothing that was recorded before is lost$/,
    failed: /--database names another file$/,
  };
  for (const [trouble, sentence] of Object.entries(help)) {
    const error = explained(FILE, new DatabaseError(trouble as DatabaseTrouble, "it is so."));
    assert.ok(error instanceof DatabaseError);
    assert.match(
      error.message,
      /^Cannot record into the history \/h\/history\.db: it is so\. [^ ]/,
    );
    assert.match(error.message, sentence);
    assert.equal(explained(FILE, error), error, "said once");
  }
  const bug = new TypeError("a bug");
  assert.equal(explained(FILE, bug), bug);
});
