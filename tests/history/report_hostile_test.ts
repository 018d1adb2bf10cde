/** A file that anybody may have written. */

import assert from "node:assert/strict";
import { DatabaseError } from "../../src/errors.ts";
import { looked, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import { empty, onlyInstance, past, rowsOf, Scribe } from "./recording.ts";

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

pure("hostile names are harmless in every text", async () => {
  using database = await empty();
  const evil = "\x1b[2J\u202e<img src=x onerror=alert(1)>\n\0\u2028";
  const machine = { name: `host${evil}`, boot: `boot${evil}` };
  const session = looked([seen(10, 5, { started: evil, commandLine: [evil, ""] })]);
  const [main] = session.instance.members.map((one) => ({
    ...one,
    info: { ...one.info, name: evil },
  }));
  const instance = { ...session.instance, directory: evil, main: main!, members: [main!] };
  new Scribe(database, { machine }).look(0, { ...session, instance });
  const report = past(database);
  for (const text of textsIn(report)) assert.doesNotMatch(text, /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
  const { name, directory, host, processes } = onlyInstance(report);
  for (const text of [name, directory, host, processes[0]!.commandLine![0]]) {
    assert.ok(text!.includes("<img src=x"), "each medium escapes for itself");
  }
});

pure("a role or a command line that is not what it should be", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 5)]));
  database.execute("UPDATE series SET role = 'constructor'");
  for (const value of ["", "{}", "7", '[1, {"toString": 1}]', "["]) {
    database.prepare("INSERT INTO text (value) VALUES (?)").run(value);
    database.execute(
      "UPDATE series SET command = (SELECT max(id) FROM text) WHERE instance IS NOT NULL",
    );
    const { role, processes } = onlyInstance(past(database));
    assert.deepEqual([role, processes[0]!.commandLine], ["unknown", null], value);
  }
});

pure("a file without what it needs is damaged, and says so", async () => {
  const damages = [
    "DELETE FROM series WHERE instance IS NULL",
    "DELETE FROM text",
    "UPDATE series SET instance = 2 WHERE id = 2",
    "UPDATE series SET instance = 3 - id",
    "UPDATE series SET started_at = 8640000000000001",
  ];
  for (const damage of damages) {
    using database = await empty();
    new Scribe(database).look(0, looked([seen(10, 5)]));
    database.execute(`PRAGMA foreign_keys = OFF; ${damage}`);
    assert.throws(
      () => past(database),
      (error) => error instanceof DatabaseError && /its series \d is not what/.test(error.message),
      damage,
    );
    assert.equal(rowsOf(database, "PRAGMA quick_check(1)")[0]![0], "ok", "for SQLite all is well");
  }
});
