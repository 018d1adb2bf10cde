/** OpenCode's database when it is another's, damaged, changing, or too large for the time there is. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readStore } from "../../src/sessions/store.ts";
import { Trouble } from "../../src/sessions/trouble.ts";
import { pure } from "../support.ts";
import { add, addMessages, addProject, bytesOf, outsideOf, rawFile } from "./made.ts";
import { idsOf, never, PATH, read, wanted } from "./reading.ts";

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
      addMessages(database, `ses_${i}`, { time: { created: i } }, { time: { created: i + 1 } });
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
