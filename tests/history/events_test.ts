/** Events of a history: each once, about whom they are, and harmless. */

import assert from "node:assert/strict";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import { duplicatesEvent, gapEvent, goneEvent, levelEvent } from "./told.ts";
import {
  BEGIN_MS,
  empty,
  MINUTE,
  onlyInstance,
  past,
  processOf,
  rowsOf,
  Scribe,
} from "./recording.ts";

const SESSION = looked([seen(10, 5), seen(11, 1)]);
const UP = ["normal", "warning"] as const;

pure("an alert about a process counts for it and for its instance", async () => {
  using database = await empty();
  const events = [levelEvent(0, SESSION, UP, 11), levelEvent(1, SESSION, ["warning", "critical"])];
  new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(SESSION), events });
  const report = past(database);
  const instance = onlyInstance(report);
  assert.deepEqual([
    instance.alerts,
    processOf(instance, 11).alerts,
    processOf(instance, 10).alerts,
  ], [2, 1, 0]);
  assert.deepEqual(report.events.map(({ atMs, kind, level }) => [atMs, kind, level]), [
    [BEGIN_MS, "level", "warning"],
    [BEGIN_MS + 1, "level", "critical"],
  ]);
});

pure("many copies are an alert; who is gone is none", async () => {
  using database = await empty();
  const events = [duplicatesEvent(0, SESSION), goneEvent(0, SESSION)];
  new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(SESSION), events });
  assert.equal(onlyInstance(past(database)).alerts, 1);
});

pure(
  "events are of a time that begins with its first millisecond, and ends before its last",
  async () => {
    using database = await empty();
    const events = [0, 1, 2, 3].map((ms) => gapEvent(ms));
    new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(SESSION), events });
    const { events: found } = past(database, { sinceMs: BEGIN_MS + 1, untilMs: BEGIN_MS + 3 });
    assert.deepEqual(found.map(({ atMs }) => atMs - BEGIN_MS), [1, 2]);
  },
);

pure("down again, or from critical to warning, is no alert", async () => {
  using database = await empty();
  const levels = [["critical", "warning"], ["warning", "normal"], ["normal", "unknown"]] as const;
  const events = levels.map((level, i) => levelEvent(i, SESSION, level));
  new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(SESSION), events });
  const report = past(database);
  assert.deepEqual([onlyInstance(report).alerts, report.events.length], [0, 3]);
});

pure(
  "what two commands tell of the same within 90 s is told once, by the first of them",
  async () => {
    using database = await empty();
    const [one, two] = [new Scribe(database), new Scribe(database)];
    const tell = (
      scribe: Scribe,
      afterMs: number,
      ...events: Parameters<Scribe["take"]>[0]["events"]
    ) => scribe.take({ atMs: BEGIN_MS + afterMs, look: lookAt(SESSION), events });
    tell(one, 0, levelEvent(0, SESSION, UP), gapEvent(0));
    tell(two, 90_000, levelEvent(90_000, SESSION, UP), gapEvent(80_000));
    // Later than that it is another event, and another subject is another one at once.
    tell(two, 90_001, levelEvent(90_001, SESSION, UP, 11));
    tell(one, 91_000, levelEvent(91_000, SESSION, UP, 10));
    tell(two, 200_000, levelEvent(200_000, SESSION, UP));
    const { events } = past(database);
    assert.deepEqual(events.map(({ atMs, kind }) => [atMs - BEGIN_MS, kind]), [
      [0, "level"],
      [0, "gap"],
      [90_001, "level"],
      [91_000, "level"],
      [200_000, "level"],
    ]);
  },
);

pure("one command that tells of the same again and again means it", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  for (const ms of [0, 1000, 2000]) {
    scribe.take({
      atMs: BEGIN_MS + ms,
      look: lookAt(SESSION),
      events: [levelEvent(ms, SESSION, UP)],
    });
  }
  assert.equal(past(database).events.length, 3);
});

pure("holes of two machines are two", async () => {
  using database = await empty();
  for (const name of ["one", "two"]) {
    const scribe = new Scribe(database, { machine: { name, boot: name } });
    scribe.take({ atMs: BEGIN_MS, look: lookAt(SESSION), events: [gapEvent(0)] });
  }
  assert.equal(past(database).events.length, 2);
});

pure("who is gone is known, also to a command that began to write after that", async () => {
  using database = await empty();
  new Scribe(database).look(0, SESSION);
  const events = [goneEvent(MINUTE, SESSION), goneEvent(MINUTE, SESSION, 11)];
  new Scribe(database).take({ atMs: BEGIN_MS + MINUTE, look: lookAt(), events });
  assert.deepEqual(
    rowsOf(
      database,
      "SELECT pid, instance IS NULL FROM event JOIN series ON series.id = series ORDER BY event.id",
    ),
    [[10, 1], [11, 0]],
  );
});

pure("of whom nothing was ever read, the event is about nobody that is known", async () => {
  using database = await empty();
  const unread = looked([seen(10, "gone")]);
  const events = [goneEvent(0, unread), goneEvent(0, unread, 10)];
  new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(), events });
  assert.deepEqual(rowsOf(database, "SELECT series FROM event"), [[null], [null]]);
  assert.equal(past(database).events.length, 2);
});

pure(
  "events about others than those that are asked for are left out; those about nobody are not",
  async () => {
    using database = await empty();
    const other = looked([seen(20, 9)]);
    const events = [levelEvent(0, SESSION, UP), levelEvent(1, other, UP), gapEvent(2)];
    new Scribe(database).take({ atMs: BEGIN_MS, look: lookAt(SESSION, other), events });
    const kinds = past(database, { pids: [20] }).events.map(({ atMs }) => atMs - BEGIN_MS);
    assert.deepEqual(kinds, [1, 2]);
  },
);

/** What somebody may have written into the file. */
const HOSTILE: readonly (readonly [json: string, isShown: boolean])[] = [
  ["", false],
  ["{", false],
  ["null", false],
  ["7", false],
  ['"event"', false],
  ["[]", false],
  ["{}", false],
  ['{"type":"look"}', false],
  ["[".repeat(100_000) + "]".repeat(100_000), false],
  ['{"type":"event","message":"\\u001b[31mred\\u202e","event":"level"}', true],
  ['{"type":"event","message":7,"__proto__":{"a":"\\u0007"},"\\u001b":["\\u009b"]}', true],
];

pure("hostile events are left out, or every text in them is harmless", async () => {
  for (const [json, isShown] of HOSTILE) {
    using database = await empty();
    new Scribe(database).look(0, SESSION);
    const insert = "INSERT INTO event (run, at, kind, level, json) VALUES (1, ?, ?, ?, ?)";
    database.prepare(insert).run(BEGIN_MS, "le\u0007vel", "criti\u202ecal", json);
    const { events } = past(database);
    assert.equal(events.length, isShown ? 1 : 0, json.slice(0, 50));
    assert.doesNotMatch(JSON.stringify(events), /\\u00[01]|[\x7f-\x9f\u202e]/);
    assert.equal(({} as { a?: string }).a, undefined);
  }
});
