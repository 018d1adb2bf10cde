/** What is shown of a time of which neither readings nor hours are left: peaks and events. */

import assert from "node:assert/strict";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { GIB, MIB } from "../fake.ts";
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
import { levelEvent } from "./told.ts";

const OLD = looked([seen(10, 3 * GIB), seen(11, MIB)]);

/** An instance that was highest in its second minute, its helper in the first; and nothing is left of them. */
async function longAgo() {
  const database = await empty();
  const scribe = new Scribe(database);
  scribe.look(0, looked([seen(10, GIB), seen(11, 2 * MIB)]));
  const event = levelEvent(MINUTE, OLD, ["normal", "critical"]);
  scribe.take({ atMs: BEGIN_MS + MINUTE, look: lookAt(OLD), events: [event] });
  const after = looked([seen(10, GIB), seen(11, MIB)]);
  const over = levelEvent(2 * MINUTE, after, ["critical", "normal"]);
  scribe.take({ atMs: BEGIN_MS + 2 * MINUTE, look: lookAt(after), events: [over] });
  thinAll(database, 400 * DAY);
  return database;
}

pure("the highest reading of each is left, and when it was", async () => {
  using database = await longAgo();
  const instance = onlyInstance(past(database));
  const { statistics, points, firstAtMs, lastAtMs } = processOf(instance, 10);
  assert.deepEqual([statistics.count, statistics.unread], [1, 0]);
  for (const name of ["firstBytes", "lastBytes", "minBytes", "maxBytes", "meanBytes"] as const) {
    assert.equal(statistics[name], 3 * GIB, name);
  }
  assert.deepEqual([statistics.growthBytes, statistics.maxAtMs], [0, BEGIN_MS + MINUTE]);
  assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS + MINUTE, BEGIN_MS + MINUTE]);
  assert.ok(points.some(([, bytes]) => bytes === 3 * GIB));
  assert.equal(instance.statistics.maxBytes, 3 * GIB + MIB, "its total at one moment");
  assert.equal(processOf(instance, 11).statistics.maxBytes, 2 * MIB);
});

pure("it is shown in the time in which it was, and to who asks for it", async () => {
  using database = await longAgo();
  const pids = (query: Parameters<typeof past>[1]) =>
    past(database, query).instances.flatMap((one) => one.processes.map(({ pid }) => pid));
  const minute = { sinceMs: BEGIN_MS + MINUTE, untilMs: BEGIN_MS + MINUTE + 1 };
  assert.deepEqual(pids(minute), [10]);
  assert.deepEqual(pids({ ...minute, untilMs: BEGIN_MS + MINUTE }), []);
  assert.deepEqual(pids({ sinceMs: BEGIN_MS + MINUTE + 1 }), []);
  assert.deepEqual(pids({ pids: [11] }), [11]);
  assert.deepEqual(pids({ pids: [12] }), []);
});

pure("events are shown, though nothing else of that time is", async () => {
  using database = await longAgo();
  const kinds = (query: Parameters<typeof past>[1]) =>
    past(database, query).events.map(({ kind }) => kind);
  assert.deepEqual(kinds({}), ["level", "level"]);
  assert.deepEqual(onlyInstance(past(database)).alerts, 1);
  // All were highest before that.
  const later = { sinceMs: BEGIN_MS + 2 * MINUTE };
  assert.deepEqual([kinds(later), past(database, later).instances], [["level"], []]);
  assert.deepEqual(kinds({ projects: ["/nowhere"] }), []);
});

pure("where readings or hours are left, they say it all", async () => {
  using database = await longAgo();
  const scribe = new Scribe(database);
  const late = 400 * DAY;
  scribe.look(late, looked([seen(20, MIB)]));
  scribe.look(late + MINUTE, looked([seen(20, 2 * MIB)]));
  const query = { sinceMs: BEGIN_MS + late, untilMs: BEGIN_MS + late + HOUR };
  const { statistics } = processOf(onlyInstance(past(database, query)), 20);
  assert.deepEqual([statistics.count, statistics.maxBytes], [2, 2 * MIB]);
  const both = past(database, { untilMs: BEGIN_MS + late + HOUR });
  assert.equal(both.instances.length, 2);
  const later = both.instances.find(({ pid }) => pid === 20)!;
  assert.equal(processOf(later, 20).statistics.count, 2, "no reading counts twice");
  // Nobody knows what was between: a line does not go from then to now.
  const points = processOf(both.instances.find(({ pid }) => pid === 10)!, 10).points;
  assert.equal(points.filter(([, bytes]) => bytes !== null).length, 1);
});

pure("who was highest long ago and runs on is one line with a hole", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  scribe.look(0, looked([seen(10, 3 * GIB)]));
  thinAll(database, 400 * DAY);
  const late = 400 * DAY;
  scribe.look(late, looked([seen(10, MIB)]));
  scribe.look(late + MINUTE, looked([seen(10, MIB)]));
  const { statistics, points } = processOf(
    onlyInstance(past(database, { untilMs: BEGIN_MS + late + HOUR })),
    10,
  );
  assert.deepEqual([statistics.count, statistics.maxBytes, statistics.lastBytes], [
    3,
    3 * GIB,
    MIB,
  ]);
  const highest = points.findIndex(([, bytes]) => bytes === 3 * GIB);
  assert.equal(points[highest + 1]![1], null);
});
