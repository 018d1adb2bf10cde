/** What is shown of a time: what is asked for, and nothing that is not of that time. */

import assert from "node:assert/strict";
import type { PastQuery } from "../../src/report/history.ts";
import type { Looked } from "../../src/look.ts";
import { GIB } from "../fake.ts";
import { looked, type Seen, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import {
  BEGIN_MS,
  DAY,
  empty,
  HOUR,
  MINUTE,
  onlyInstance,
  past,
  processOf,
  Scribe,
} from "./recording.ts";
import { thinAll } from "./thinning.ts";

function sessionIn(directory: string | null, ...processes: readonly Seen[]): Looked {
  const session = looked(processes);
  return { ...session, instance: { ...session.instance, directory } };
}

const WEB = sessionIn("/home/ann/web", seen(10, 50), seen(11, 20), seen(12, 3, { role: "helper" }));
const API = sessionIn("/home/ann/web/api", seen(20, 80, { role: "server" }), seen(21, 9));
const NOWHERE = sessionIn(null, seen(30, 7, { role: "orphan" }));

/** The pids of each instance and its processes, the highest first. */
async function shown(query: Partial<PastQuery>): Promise<number[][]> {
  using database = await empty();
  new Scribe(database).look(0, WEB, API, NOWHERE);
  return past(database, query).instances.map(({ pid, processes }) => [
    pid,
    ...processes.map((process) => process.pid),
  ]);
}

pure("the highest instances and processes come first", async () => {
  assert.deepEqual(await shown({}), [[20, 20, 21], [10, 10, 11, 12], [30, 30]]);
});

pure("pids, roles of processes or of instances, and folders", async () => {
  const cases: readonly [Partial<PastQuery>, number[][]][] = [
    [{ pids: [11] }, [[10, 11]]],
    [{ pids: [12, 21] }, [[20, 21], [10, 12]]],
    [{ pids: [999] }, []],
    [{ roles: ["server"] }, [[20, 20, 21]]],
    [{ roles: ["helper", "orphan"] }, [[10, 12], [30, 30]]],
    [{ roles: ["child"] }, [[20, 21], [10, 11]]],
    [{ projects: ["/home/ann/web"] }, [[20, 20, 21], [10, 10, 11, 12]]],
    [{ projects: ["/home/ann/web/"] }, [[20, 20, 21], [10, 10, 11, 12]]],
    [{ projects: ["/home/ann/web/api"] }, [[20, 20, 21]]],
    [{ projects: ["/home/ann/we", "/home/ann/web/apis"] }, []],
    [{ projects: ["/"] }, [[20, 20, 21], [10, 10, 11, 12]]],
    [{ roles: ["child"], projects: ["/home/ann/web/api"] }, [[20, 21]]],
    [{ pids: [10], roles: ["server"] }, []],
  ];
  for (const [query, expected] of cases) {
    assert.deepEqual(await shown(query), expected, JSON.stringify(query));
  }
});

pure("the total is of what is asked for", async () => {
  using database = await empty();
  new Scribe(database).look(0, WEB, API, NOWHERE);
  const totalOf = (query: Partial<PastQuery>) => past(database, query).total.points;
  assert.deepEqual(totalOf({}), [[BEGIN_MS, 50 + 20 + 3 + 80 + 9 + 7]]);
  assert.deepEqual(totalOf({ pids: [11, 21] }), [[BEGIN_MS, 29]]);
  assert.deepEqual(totalOf({ pids: [999] }), [[BEGIN_MS, null]]);
});

pure("a time begins with its first millisecond, and ends before its last", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  for (const minute of [0, 1, 2, 3]) scribe.look(minute * MINUTE, looked([seen(10, minute + 1)]));
  const countIn = (fromMs: number, toMs: number) =>
    past(database, { sinceMs: BEGIN_MS + fromMs, untilMs: BEGIN_MS + toMs }).looks;
  assert.equal(countIn(MINUTE, 3 * MINUTE), 2);
  assert.equal(countIn(MINUTE + 1, 3 * MINUTE), 1);
  assert.equal(countIn(MINUTE, 3 * MINUTE + 1), 3);
  const { firstAtMs, lastAtMs, statistics } = onlyInstance(
    past(database, { sinceMs: BEGIN_MS + MINUTE, untilMs: BEGIN_MS + 3 * MINUTE }),
  );
  assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS + MINUTE, BEGIN_MS + 2 * MINUTE]);
  // The last one stands until the end of the time, not beyond.
  assert.deepEqual([statistics.minBytes, statistics.maxBytes, statistics.coveredMs], [
    2,
    3,
    2 * MINUTE,
  ]);
});

pure(
  "the last reading stands for its interval at most, and until the end of the time",
  async () => {
    using database = await empty();
    new Scribe(database).look(0, looked([seen(10, 5)]));
    const coveredUntil = (ms: number) =>
      onlyInstance(past(database, { untilMs: BEGIN_MS + ms })).statistics.coveredMs;
    assert.deepEqual([1, 30_000, MINUTE, HOUR].map(coveredUntil), [1, 30_000, MINUTE, MINUTE]);
  },
);

pure("a time before anything was recorded, or after it, is empty", async () => {
  using database = await empty();
  new Scribe(database).look(0, WEB);
  for (const sinceMs of [BEGIN_MS - DAY, BEGIN_MS + 1]) {
    const { looks, instances, events, total, stepMs } = past(database, {
      sinceMs,
      untilMs: sinceMs + DAY,
    });
    assert.deepEqual([looks, instances, events, stepMs], [0, [], [], null]);
    assert.deepEqual(total, { maxBytes: null, maxAtMs: null, points: [] });
  }
});

pure("hours are of a time if a reading of them was", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  scribe.look(20 * MINUTE, looked([seen(10, 5)]));
  scribe.look(40 * MINUTE, looked([seen(10, 9)]));
  thinAll(database, 10 * DAY);
  const isIn = (fromMs: number, toMs: number) =>
    past(database, { sinceMs: BEGIN_MS + fromMs, untilMs: BEGIN_MS + toMs }).instances.length === 1;
  assert.ok(isIn(0, 20 * MINUTE + 1));
  assert.ok(isIn(40 * MINUTE, HOUR));
  assert.ok(!isIn(0, 20 * MINUTE));
  assert.ok(!isIn(40 * MINUTE + 1, HOUR));
  assert.ok(!isIn(-HOUR, 0));
  assert.ok(!isIn(HOUR, 2 * HOUR));
});

pure("limits are those of now, each role's own", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 3 * GIB), seen(11, 1.5 * GIB)]));
  const instance = onlyInstance(past(database));
  const over = (
    { statistics: { overWarningMs, overCriticalMs } }:
      | typeof instance
      | typeof instance.processes[0],
  ) => [overWarningMs, overCriticalMs];
  assert.deepEqual(over(instance), [MINUTE, MINUTE]);
  assert.deepEqual(over(processOf(instance, 11)), [MINUTE, 0]);
});

pure("an instance all of which could not be read is shown, with nothing known of it", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, "denied")]));
  const { statistics, points, processes } = onlyInstance(past(database));
  assert.deepEqual([statistics.maxBytes, statistics.unread, points], [null, 1, [[BEGIN_MS, null]]]);
  assert.equal(processes[0]!.statistics.meanBytes, null);
});

pure("a clock that was set back: looks are in the order of their times", async () => {
  using database = await empty();
  const scribe = new Scribe(database, { startedAtMs: BEGIN_MS + 10 * MINUTE });
  for (const minute of [10, 11, 3, 4.2]) {
    scribe.look(minute * MINUTE, looked([seen(10, 10 * minute)]));
  }
  const { points, firstAtMs, lastAtMs, statistics } = onlyInstance(past(database));
  const known = points.map(([, bytes]) => bytes).filter((bytes) => bytes !== null);
  assert.deepEqual(known, [30, 42, 100, 110]);
  assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS + 3 * MINUTE, BEGIN_MS + 11 * MINUTE]);
  // The first one stands until the second one: it goes on, by a clock that was set back.
  assert.equal(statistics.coveredMs, 4.2 * MINUTE);
});
