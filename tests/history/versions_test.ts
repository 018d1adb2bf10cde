/** Older files become what they are now, wholly or not at all. */

import assert from "node:assert/strict";
import { openHistory } from "../../src/history/open.ts";
import { APPLICATION_ID, VERSIONS } from "../../src/history/schema.ts";
import type { Database, DatabasePlace } from "../../src/world.ts";
import { pure } from "../support.ts";
import { failing } from "./failing.ts";
import { kept, schemaOf, troubleOf } from "./opening.ts";
import { rowsOf } from "./recording.ts";

const FILE: DatabasePlace = { kind: "file", path: "/h/history.db" };

pure("every version that there was becomes this one, step by step", async () => {
  const { database: now, world } = await kept();
  await openHistory(world, FILE);
  for (let version = 0; version <= VERSIONS.length; version++) {
    const steps = VERSIONS.slice(0, version).join(";");
    const marks = version === 0
      ? ""
      : `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`;
    const { database, world } = await kept(`${steps};${marks}`);
    await openHistory(world, FILE);
    assert.deepEqual(schemaOf(database), schemaOf(now), `from version ${version}`);
    assert.deepEqual(rowsOf(database, "PRAGMA user_version"), [[VERSIONS.length]]);
    database[Symbol.dispose]();
  }
  now[Symbol.dispose]();
});

pure("another process that was quicker has made it: nothing is made twice", async () => {
  const { database, world } = await kept();
  const opened = await world.openDatabase(FILE);
  const slow: Database = {
    ...opened,
    execute: (sql) => {
      if (sql.startsWith("BEGIN")) {
        database.execute(VERSIONS.join(";"));
        database.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
      }
      database.execute(sql);
    },
  };
  await openHistory({ openDatabase: () => Promise.resolve(slow) }, FILE);
  assert.deepEqual(rowsOf(database, "PRAGMA user_version"), [[VERSIONS.length]]);
  database[Symbol.dispose]();
});

pure("a step that fails leaves the file as it was", async () => {
  for (const at of [1, 2, 3, 4]) {
    const { database } = await kept();
    const within = /CREATE|PRAGMA application_id =|PRAGMA user_version =|COMMIT/;
    const spoiled = failing(database, { at, within });
    const world = {
      openDatabase: () => Promise.resolve({ ...spoiled, [Symbol.dispose]: () => {} }),
    };
    assert.equal((await troubleOf(() => openHistory(world, FILE))).trouble, "full");
    assert.deepEqual([schemaOf(database), rowsOf(database, "PRAGMA user_version")], [[], [[0]]]);
    database[Symbol.dispose]();
  }
});
