/** Totals of one machine and of several. */

import assert from "node:assert/strict";
import { TotalCourse } from "../../src/history/total.ts";
import { pure } from "../support.ts";
import { looked, seen } from "../follow/looks.ts";
import { BEGIN_MS, empty, MINUTE, past, Scribe } from "./recording.ts";

const TIME = { intervalMs: 10, patienceMs: 15 } as const;

pure("nothing at all has no total, and no points", () => {
  assert.deepEqual(new TotalCourse(null).end(100), { maxBytes: null, maxAtMs: null, points: [] });
});

pure("several machines: at every time of any of them, what each was last, until its hole", () => {
  const total = new TotalCourse(null);
  total.add("a", { atMs: 0, ...TIME }, 10);
  total.add("b", { atMs: 4, ...TIME }, 100);
  total.add("a", { atMs: 10, ...TIME }, 20);
  total.add("c", { atMs: 12, ...TIME }, null);
  total.add("b", { atMs: 14, ...TIME }, 200);
  total.add("b", { atMs: 100, ...TIME }, 50);
  total.add("a", { atMs: 110, ...TIME }, 1);
  assert.deepEqual(total.end(200), {
    maxBytes: 220,
    maxAtMs: 14,
    points: [
      [0, 10],
      [4, 110],
      [10, 120],
      [12, 120],
      [14, 220],
      // Nobody looked at a since 20, and at b since 24.
      [20, 200],
      [24, null],
      [100, 50],
      [110, 51],
    ],
  });
});

pure("two machines in one file are added up", async () => {
  using database = await empty();
  const [one, two] = ["one", "two"].map((name) =>
    new Scribe(database, { machine: { name, boot: name } })
  );
  one!.look(0, looked([seen(10, 5)]));
  two!.look(1000, looked([seen(10, 70)]));
  one!.look(MINUTE, looked([seen(10, 6)]));
  const { total, instances } = past(database);
  assert.deepEqual(instances.map(({ host }) => host), ["two", "one"]);
  assert.deepEqual(total.points.map(([at, bytes]) => [at - BEGIN_MS, bytes]), [
    [0, 5],
    [1000, 75],
    [MINUTE, 76],
  ]);
  assert.deepEqual([total.maxBytes, total.maxAtMs], [76, BEGIN_MS + MINUTE]);
});

/** Milliseconds after the beginning, and the total. */
function totalsOf(report: ReturnType<typeof past>) {
  return report.total.points.map(([at, bytes]) => [at - BEGIN_MS, bytes]);
}

pure("one command that looks at one process only takes nothing from the total of all", async () => {
  using database = await empty();
  const all = new Scribe(database);
  const one = new Scribe(database, {
    command: "track",
    intervalMs: 1000,
    startedAtMs: BEGIN_MS + 10_000,
  });
  const [session, other] = [looked([seen(10, 100), seen(11, 20)]), looked([seen(12, 7)])];
  all.look(0, session, other);
  one.look(10_000, looked([seen(12, 8)]));
  one.look(11_000, looked([seen(12, 9)]));
  all.look(MINUTE, session, other);
  assert.deepEqual(totalsOf(past(database)), [[0, 127], [10_000, 128], [11_000, 129], [
    MINUTE,
    127,
  ]]);
  assert.equal(past(database, { pids: [12] }).total.maxBytes, 9);
});

pure("two commands that look at all count each process once", async () => {
  using database = await empty();
  const [one, two] = [new Scribe(database), new Scribe(database)];
  one.look(0, looked([seen(10, 100), seen(11, 20)]));
  two.look(30_000, looked([seen(10, 110), seen(11, 20)]));
  // 11 has ended: who saw it and sees it no more knows.
  one.look(MINUTE, looked([seen(10, 120)]));
  two.look(MINUTE + 30_000, looked([seen(10, 130)]));
  one.look(2 * MINUTE, looked([seen(10, 120)]));
  assert.deepEqual(totalsOf(past(database)), [
    [0, 120],
    [30_000, 130],
    [MINUTE, 120],
    [MINUTE + 30_000, 130],
    [2 * MINUTE, 120],
  ]);
});

pure("a command that has ended counts for nothing any more", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 100)]));
  new Scribe(database, { startedAtMs: BEGIN_MS + 1000 }).look(1000, looked([seen(12, 8)]));
  assert.deepEqual(totalsOf(past(database)), [[0, 100], [1000, 8]]);
});

pure("nor one that has not looked for longer than it takes", async () => {
  using database = await empty();
  const [one, two] = [new Scribe(database), new Scribe(database, { intervalMs: 10 * MINUTE })];
  one.look(0, looked([seen(10, 100)]));
  two.look(1000, looked([seen(12, 8)]));
  two.look(10 * MINUTE, looked([seen(12, 9)]));
  two.look(20 * MINUTE, looked([seen(12, 9)]));
  one.look(30 * MINUTE, looked([seen(10, 100)]));
  const totals = totalsOf(past(database));
  assert.deepEqual(totals.find(([at]) => at === 1000), [1000, 108]);
  assert.deepEqual(totals.find(([at]) => at === 20 * MINUTE), [20 * MINUTE, 9]);
});

pure("of two equal peaks of several machines, the first", () => {
  const total = new TotalCourse(null);
  for (const host of ["a", "b"]) {
    for (const atMs of [0, 10]) total.add(host, { atMs, ...TIME }, 5);
  }
  assert.deepEqual(total.end(20).maxAtMs, 0);
});

pure("a process that two commands saw and a third one never looks at is counted once", async () => {
  using database = await empty();
  const [one, two, three] = [new Scribe(database), new Scribe(database), new Scribe(database)];
  two.look(0, looked([seen(12, 100)]));
  three.look(1000, looked([seen(12, 110)]));
  one.look(2000, looked([seen(10, 5)]));
  for (const scribe of [one, two, three]) scribe.look(MINUTE, looked([seen(99, 0)]));
  assert.deepEqual(totalsOf(past(database))[2], [2000, 105]);
});

pure("what nobody could read is not known, and not 0", async () => {
  using database = await empty();
  const [one, two] = [new Scribe(database), new Scribe(database)];
  one.look(0, looked([seen(10, "denied")]));
  two.look(1000, looked([seen(12, "denied")]));
  for (const scribe of [one, two]) scribe.look(MINUTE, looked([seen(99, 0)]));
  assert.deepEqual(totalsOf(past(database)).slice(0, 2), [[0, null], [1000, null]]);
});
