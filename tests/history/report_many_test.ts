/** More looks than a chart has points, more commands, databases and machines than one, and hostile names. */

import assert from "node:assert/strict";
import { MOST_POINTS } from "../../src/history/step.ts";
import type { HistoryReport } from "../../src/report/history.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
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
import { gapEvent } from "./told.ts";

/** No two instances have the same key, and no two processes of one. */
function requireKeys({ instances }: HistoryReport): void {
  for (const series of [instances, ...instances.map(({ processes }) => processes)]) {
    assert.equal(new Set(series.map(({ key }) => key)).size, series.length);
  }
}

pure("so many looks are points, one more makes steps, and no step hides a peak", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  const peakAt = 333;
  for (let i = 0; i < MOST_POINTS; i++) {
    scribe.look(i * MINUTE, looked([seen(10, i === peakAt ? 9999 : 100)]));
  }
  const raw = past(database);
  assert.deepEqual([raw.stepMs, raw.total.points.length], [null, MOST_POINTS]);
  scribe.look(MOST_POINTS * MINUTE, looked([seen(10, 100)]));
  const stepped = past(database);
  assert.equal(stepped.looks, MOST_POINTS + 1);
  assert.ok(stepped.stepMs! >= MINUTE);
  const { points, statistics } = onlyInstance(stepped);
  assert.ok(points.length <= MOST_POINTS + 2);
  assert.deepEqual([statistics.maxBytes, statistics.maxAtMs], [9999, BEGIN_MS + peakAt * MINUTE]);
  assert.equal(Math.max(...points.map(([, bytes]) => bytes ?? 0)), 9999);
  assert.equal(Math.max(...stepped.total.points.map(([, bytes]) => bytes ?? 0)), 9999);
  assert.ok(
    points.every(([at]) => at % stepped.stepMs! === 0),
    "points of several series share their times",
  );
});

pure(
  "looks are read in pieces, and two of the very same time are both read",
  async () => {
    using database = await empty();
    const [one, two] = [new Scribe(database), new Scribe(database)];
    for (let i = 0; i < 2100; i++) {
      one.look(i * MINUTE, looked([seen(10, 100 + i)]));
      two.look(i * MINUTE, looked([seen(20, 100)]), looked([seen(10, 90)]));
    }
    const report = past(database);
    assert.equal(report.looks, 4200);
    // At its last look, one sees the highest that 10 ever was, and two has seen 20 just before.
    assert.equal(report.total.maxBytes, 100 + 2099 + 100);
    assert.deepEqual(
      report.instances.map(({ statistics: { count, coveredMs } }) => [count, coveredMs]),
      [
        [4200, 2100 * MINUTE],
        [2100, 2100 * MINUTE],
      ],
    );
  },
);

pure("two databases are one history", async () => {
  using file = await empty();
  using memory = await empty();
  const [inFile, inMemory] = [new Scribe(file), new Scribe(memory)];
  // Ids are others in each of them.
  inFile.look(0, looked([seen(20, 7)]), looked([seen(10, 100)]));
  inMemory.look(30_000, looked([seen(10, 110), seen(11, 5)]));
  inFile.look(MINUTE, looked([seen(20, 8)]), looked([seen(10, 120)]));
  inMemory.look(90_000, looked([seen(10, 90), seen(11, 6)]));
  for (const databases of [[file, memory], [memory, file]]) {
    const report = past(databases);
    requireKeys(report);
    assert.equal(report.looks, 4);
    const [session, other] = report.instances;
    assert.deepEqual([session!.pid, session!.processes.length, other!.pid], [10, 2, 20]);
    assert.deepEqual(processOf(session!, 10).points.map(([, bytes]) => bytes), [100, 110, 120, 90]);
    assert.equal(session!.statistics.coveredMs, 90_000 + MINUTE);
  }
});

pure(
  "machines with the same pids, and one that was started again, have other keys",
  async () => {
    using database = await empty();
    const machines = [
      { name: "one", boot: "11111111-aaaa" },
      { name: "two", boot: "22222222-aaaa" },
      { name: "one", boot: "33333333-aaaa" },
      { name: "mac", boot: "" },
    ];
    for (const machine of machines) {
      new Scribe(database, { machine }).look(
        0,
        looked([seen(10, 5)]),
      );
    }
    const report = past(database);
    assert.equal(report.instances.length, 4);
    requireKeys(report);
    const keys = report.instances.map(({ key }) => key).sort();
    assert.deepEqual(keys, ["10-s@11111111", "10-s@22222222", "10-s@33333333", "10-s@mac"]);
  },
);

pure("containers of one machine that share a file are not one another", async () => {
  using database = await empty();
  for (const name of ["web-1", "web-2"]) {
    new Scribe(database, { machine: { name, boot: "11111111-aaaa" } }).look(
      0,
      looked([seen(10, 5)]),
    );
  }
  const { instances, total } = past(database);
  assert.deepEqual(instances.map(({ host }) => host).sort(), ["web-1", "web-2"]);
  assert.equal(total.maxBytes, 10);
});

pure("a hole at one machine is one, whatever another one waits for", async () => {
  using database = await empty();
  const quick = new Scribe(database, { machine: { name: "quick", boot: "q" } });
  const slow = new Scribe(database, { machine: { name: "slow", boot: "s" }, intervalMs: HOUR });
  for (const minute of [0, 1, 20]) quick.look(minute * MINUTE, looked([seen(10, 5)]));
  for (const hour of [0, 1]) slow.look(hour * HOUR, looked([seen(20, 1)]));
  const [{ statistics, points }] = past(database).instances as [HistoryReport["instances"][0]];
  assert.equal(statistics.coveredMs, 3 * MINUTE);
  assert.deepEqual(points[2], [BEGIN_MS + 2 * MINUTE, null]);
});

pure("old hours and new readings are one line", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  for (let minute = 0; minute < 180; minute++) {
    scribe.look(minute * MINUTE, looked([seen(10, 100 + minute)]));
  }
  const before = onlyInstance(past(database));
  thinAll(database, DAY + 2 * HOUR);
  const report = past(database);
  const after = onlyInstance(report);
  assert.deepEqual(after.statistics, before.statistics);
  assert.equal(report.looks, 60);
  assert.ok(after.points.every(([at], i) => i === 0 || at > after.points[i - 1]![0]));
  assert.ok(!after.points.slice(0, -1).some(([, bytes]) => bytes === null), "no hole");
});

pure("of what is asked for, the peak is also that of old hours", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 100), seen(11, 50)]));
  thinAll(database, 10 * DAY);
  const peakOf = (pids: readonly number[]) => past(database, { pids }).total.maxBytes;
  assert.deepEqual([peakOf([]), peakOf([10]), peakOf([11]), peakOf([10, 11])], [150, 100, 50, 150]);
});

pure("old hours and events of two databases are in the order of time", async () => {
  using file = await empty();
  using memory = await empty();
  const session = looked([seen(10, 5)]);
  for (const [database, hour] of [[file, 2], [memory, 0], [file, 4], [memory, 3]] as const) {
    const atMs = BEGIN_MS + hour * HOUR;
    new Scribe(database).take({ atMs, look: lookAt(session), events: [gapEvent(hour * HOUR)] });
  }
  thinAll(file, 10 * DAY);
  thinAll(memory, 10 * DAY);
  const { events, total, instances } = past([file, memory], { untilMs: BEGIN_MS + 5 * HOUR });
  assert.deepEqual(events.map(({ atMs }) => (atMs - BEGIN_MS) / HOUR), [0, 2, 3, 4]);
  const { firstAtMs, lastAtMs, points } = instances[0]!;
  assert.deepEqual([firstAtMs, lastAtMs].map((ms) => (ms - BEGIN_MS) / HOUR), [0, 4]);
  const hoursOf = (points: readonly (readonly [number, number | null])[]) =>
    points.filter(([, bytes]) => bytes !== null).map(([at]) => Math.floor((at - BEGIN_MS) / HOUR));
  for (const course of [points, total.points]) {
    assert.deepEqual([...new Set(hoursOf(course))], [0, 2, 3, 4]);
  }
});
