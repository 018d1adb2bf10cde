/** Whether sessions are at work, by their last messages, in databases that SQLite itself has made. */

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { pure } from "../support.ts";
import { add, addMessages, bytesOf, TABLES } from "./made.ts";
import { read, wanted } from "./reading.ts";

/** As OpenCode 1.18.33 writes them, but for what is not looked at. */
const PERSON = { role: "user", time: { created: 10 } };
const WORKING = { role: "assistant", time: { created: 20 } };
const DONE = { role: "assistant", time: { created: 20, completed: 30 }, finish: "stop" };
const TOOLS = { ...DONE, finish: "tool-calls" };
const ABORTED = { ...DONE, finish: undefined, error: { name: "MessageAbortedError" } };

type Message = Parameters<typeof addMessages>[2];

async function workIn(messages: readonly Message[], tables = TABLES) {
  const bytes = bytesOf((database) => {
    add(database, { id: "ses_a", directory: "/w" });
    addMessages(database, "ses_", { ...DONE, time: { created: 99 } });
    addMessages(database, "ses_a", ...messages);
    addMessages(database, "ses_a2", WORKING);
  }, tables);
  return (await read(bytes, wanted(["/w"]))).sessions[0]!.work;
}

pure(
  "the last message tells: complete is idle, incomplete is at work since it was begun",
  async () => {
    const idle = { kind: "idle" };
    const cases: readonly [messages: readonly Message[], expected: unknown][] = [
      [[], null],
      [[PERSON], null],
      [[PERSON, WORKING], { kind: "working", sinceMs: 20 }],
      [[PERSON, DONE], idle],
      [[PERSON, ABORTED], idle],
      [[PERSON, { ...TOOLS, error: { name: "UnknownError" } } as Message], idle],
      // OpenCode goes on by itself, unless it was killed in between.
      [[PERSON, TOOLS], null],
      // By time, not by the order in which they were written.
      [[{ ...DONE, time: { created: 50, completed: 60 } } as Message, WORKING], idle],
      [[DONE, { ...PERSON, time: { created: 40 } }], null],
      [[{ role: "assistant", time: { created: "soon" } } as unknown as Message], null],
      [[{ ...WORKING, text: "x".repeat(70_000) } as Message], null],
    ];
    for (const [messages, expected] of cases) {
      assert.deepEqual(await workIn(messages), expected, JSON.stringify(messages).slice(0, 200));
    }
  },
);

pure(
  "an index by session alone tells, too; none, and tables of other kinds, are not known",
  async () => {
    const index = /CREATE INDEX `message_[^;]*;/;
    const as = (sql: string) => workIn([PERSON, WORKING], TABLES.replace(index, sql));
    const known = { kind: "working", sinceMs: 20 };
    assert.deepEqual(await as("CREATE INDEX i ON message (session_id)"), known);
    assert.deepEqual(await as("CREATE INDEX i ON message (session_id, time_created)"), known);
    for (
      const sql of [
        "",
        "CREATE INDEX i ON message (id, session_id)",
        "CREATE INDEX i ON message (session_id, id)",
        "CREATE INDEX i ON message (session_id DESC)",
        "CREATE INDEX i ON message (session_id) WHERE time_created < 0",
        "CREATE INDEX i ON session (id)",
      ]
    ) assert.equal(await as(sql), null, sql);
    const otherwise = TABLES.replace(
      /`data` text NOT NULL\n\)/,
      "`data` text NOT NULL) WITHOUT ROWID",
    );
    assert.equal(await workIn([PERSON, WORKING], otherwise), null);
    const gone = (database: DatabaseSync) => {
      add(database, { id: "ses_a", directory: "/w" });
      database.exec("DROP TABLE message");
    };
    assert.equal((await read(bytesOf(gone), wanted(["/w"]))).sessions[0]!.work, null);
    const broken = (database: DatabaseSync) => {
      add(database, { id: "ses_a", directory: "/w" });
      addMessages(database, "ses_a", WORKING);
      database.exec("UPDATE message SET data = '{'");
    };
    assert.equal((await read(bytesOf(broken), wanted(["/w"]))).sessions[0]!.work, null);
  },
);

pure("whatever is stored, the last message is the one that SQLite finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      // Names of one beginning, and so many messages that trees have several levels.
      fc.array(fc.tuple(fc.stringMatching(/^[ab]{1,8}$/), fc.nat(1500)), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.constantFrom(512, 4096),
      fc.nat(300),
      async (sessions, pageSize, length) => {
        const expected = new Map<string, number>();
        const bytes = bytesOf((database) => {
          for (const id of new Set(sessions.map(([id]) => id))) {
            add(database, { id, directory: "/w", updatedAtMs: 1 });
          }
          const insert = database.prepare(
            "INSERT INTO message (id, session_id, time_created, time_updated, data) " +
              "VALUES (?, ?, ?, 1, ?)",
          );
          sessions.forEach(([id, count], series) => {
            for (let i = 0; i < count; i++) {
              // In no order, and each time once.
              const created = ((i * 7919) % 100_003) * 100 + series;
              const data = { ...WORKING, time: { created }, pad: "p".repeat(length) };
              insert.run(`m${series}_${i}`, id, created, JSON.stringify(data));
            }
          });
          const last = database.prepare(
            "SELECT max(time_created) AS at FROM message WHERE session_id = ?",
          );
          for (const [id] of sessions) {
            const at = last.get(id)?.at;
            if (typeof at === "number") expected.set(id, at);
          }
        }, `PRAGMA page_size = ${pageSize}; ${TABLES}`);
        const { sessions: found } = await read(bytes, wanted(["/w"]));
        for (const { id, work } of found) {
          const at = work?.kind === "working" ? work.sinceMs : undefined;
          assert.equal(at, expected.get(id), id);
        }
        assert.equal(found.length, new Set(sessions.map(([id]) => id)).size);
      },
    ),
    { numRuns: 25 },
  );
});
