/** What is thinned out, what stays, and what failures leave. */

import assert from "node:assert/strict";
import { thin } from "../../src/history/thin.ts";
import { DatabaseError } from "../../src/errors.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { GIB } from "../fake.ts";
import { pure } from "../support.ts";
import { failing } from "./failing.ts";
import {
  BEGIN_MS,
  contentOf,
  DAY,
  empty,
  HOUR,
  MINUTE,
  onlyInstance,
  past,
  rowsOf,
  Scribe,
} from "./recording.ts";
import { thinAll } from "./thinning.ts";
import { levelEvent } from "./told.ts";

/** A look each 10 minutes for so many hours, at which the process holds 100 bytes and one more each time. */
async function recorded(hours: number, from = 0) {
  const database = await empty();
  const scribe = new Scribe(database, { intervalMs: 10 * MINUTE });
  for (let i = 0; i < hours * 6; i++) {
    scribe.look(from + i * 10 * MINUTE, looked([seen(10, 100 + i)]));
  }
  return database;
}

function count(database: Awaited<ReturnType<typeof empty>>, table: string): number {
  return rowsOf(database, `SELECT count(*) FROM ${table}`)[0]![0] as number;
}

pure("every reading that is not older than is kept stays, to the hour", async () => {
  using database = await recorded(3);
  const before = contentOf(database);
  assert.equal(thinAll(database, DAY + HOUR - 1), 1);
  assert.deepEqual(contentOf(database), before);
  thinAll(database, DAY + HOUR);
  assert.equal(rowsOf(database, "SELECT min(at) FROM look")[0]![0], BEGIN_MS + HOUR);
  assert.deepEqual([count(database, "look"), count(database, "hour")], [12, 2]);
});

pure(
  "of an older hour one row for each series is left, which says what its readings said",
  async () => {
    using database = await recorded(2);
    const before = past(database);
    thinAll(database, 10 * DAY);
    assert.deepEqual([count(database, "look"), count(database, "sample")], [0, 0]);
    const after = past(database);
    const { statistics, firstAtMs, lastAtMs } = onlyInstance(before);
    const found = onlyInstance(after);
    assert.deepEqual(found.statistics, statistics);
    assert.deepEqual([found.firstAtMs, found.lastAtMs], [firstAtMs, lastAtMs]);
    assert.deepEqual([after.total.maxBytes, after.total.maxAtMs], [
      before.total.maxBytes,
      before.total.maxAtMs,
    ]);
    assert.equal(after.total.maxBytes, 111);
    assert.equal(after.looks, 0);
  },
);

pure("hours that are older than is kept go; peaks, events and who it was never do", async () => {
  using database = await recorded(2);
  const session = looked([seen(10, 3 * GIB)]);
  const event = levelEvent(2 * HOUR, session, ["normal", "critical"]);
  new Scribe(database).take({ atMs: BEGIN_MS + 2 * HOUR, look: lookAt(session), events: [event] });
  thinAll(database, 365 * DAY + HOUR);
  assert.deepEqual(rowsOf(database, "SELECT DISTINCT hour * 3600000 FROM hour ORDER BY 1"), [
    [BEGIN_MS + HOUR],
    [BEGIN_MS + 2 * HOUR],
  ]);
  thinAll(database, 20 * 365 * DAY);
  assert.deepEqual(["look", "sample", "hour", "event"].map((table) => count(database, table)), [
    0,
    0,
    0,
    1,
  ]);
  assert.deepEqual(
    rowsOf(database, "SELECT peak, peak_at FROM series"),
    Array.from({ length: 2 }, () => [3 * GIB, BEGIN_MS + 2 * HOUR]),
  );
});

pure("room that becomes free is given back", async () => {
  using database = await recorded(240);
  const pages = () => rowsOf(database, "PRAGMA page_count")[0]![0] as number;
  const before = pages();
  thinAll(database, 12 * DAY);
  assert.ok(pages() < before * 0.7, `${pages()} of ${before} pages are left`);
  assert.deepEqual(rowsOf(database, "PRAGMA freelist_count"), [[0]]);
});

pure("thinning out once more changes nothing", async () => {
  using database = await recorded(30);
  thinAll(database, 2 * DAY);
  const before = contentOf(database);
  assert.equal(thinAll(database, 2 * DAY), 1);
  assert.deepEqual(contentOf(database), before);
});

pure("a long backlog is worked off some hours at a time", async () => {
  using database = await recorded(30);
  const keep = { allMs: DAY, hourlyMs: 365 * DAY };
  assert.equal(thin(database, keep, BEGIN_MS + 10 * DAY), true);
  assert.equal(count(database, "look"), 26 * 6);
  assert.equal(thinAll(database, 10 * DAY), 7);
  assert.deepEqual([count(database, "look"), count(database, "hour")], [0, 60]);
});

pure("readings that come late into an hour of which a row is left are added to it", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  const memories = [10, 30, "denied", 20, "denied", 25] as const;
  const write = (i: number) =>
    scribe.look((10 + i * 10) * MINUTE, looked([seen(10, memories[i]!)]));
  for (const i of [1, 3]) write(i);
  thinAll(database, 10 * DAY);
  for (const i of [0, 2, 4, 5]) write(i);
  thinAll(database, 10 * DAY);
  const { firstAtMs, lastAtMs, statistics } = onlyInstance(past(database));
  assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS + 10 * MINUTE, BEGIN_MS + 60 * MINUTE]);
  assert.deepEqual(statistics, {
    ...{ count: 4, unread: 2, firstBytes: 10, lastBytes: 25, minBytes: 10, maxBytes: 30 },
    ...{ growthBytes: 15, maxAtMs: BEGIN_MS + 20 * MINUTE },
    // A minute each, as each of them stands before a hole.
    meanBytes: Math.round((10 + 30 + 20 + 25) / 4),
    ...{ coveredMs: 4 * MINUTE, overWarningMs: 0, overCriticalMs: 0 },
  });
});

pure(
  "the first time that something could be read in an hour comes after the first row",
  async () => {
    using database = await empty();
    const scribe = new Scribe(database);
    for (const [minute, memory] of [[10, "denied"], [20, 7], [5, 9]] as const) {
      scribe.look(minute * MINUTE, looked([seen(10, memory)]));
      thinAll(database, 10 * DAY);
    }
    const { statistics: { firstBytes, lastBytes, minBytes, maxBytes, meanBytes } } = onlyInstance(
      past(database),
    );
    assert.deepEqual([firstBytes, lastBytes, minBytes, maxBytes, meanBytes], [9, 7, 7, 9, 8]);
    const { firstAtMs, lastAtMs } = onlyInstance(past(database));
    assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS + 5 * MINUTE, BEGIN_MS + 20 * MINUTE]);
  },
);

pure("a transaction that fails leaves all as it was, at every step of it", async () => {
  using database = await recorded(3);
  const before = contentOf(database);
  const within = /INSERT INTO hour|DELETE FROM (?:look|sample)|COMMIT/;
  const thinWith = (at: number) =>
    thin(
      failing(database, { at, within }),
      { allMs: DAY, hourlyMs: 365 * DAY },
      BEGIN_MS + DAY + HOUR,
    );
  // Two rows of the hour, its samples and its looks, and what makes that count.
  for (let step = 1; step <= 5; step++) {
    assert.throws(() => thinWith(step), DatabaseError);
    assert.deepEqual(contentOf(database), before, `after a failure at step ${step}`);
  }
  // What fails after that takes nothing back.
  assert.throws(() => thinWith(6), DatabaseError);
  assert.deepEqual([count(database, "hour"), count(database, "look")], [2, 12]);
});

pure("what is damaged is an error that says so, and nothing is deleted", async () => {
  const damages = [
    "UPDATE run SET thresholds = 'null'",
    "UPDATE run SET thresholds = '{'",
    "DELETE FROM run",
  ];
  for (const damage of damages) {
    using database = await recorded(2);
    database.execute(`PRAGMA foreign_keys = OFF; ${damage}`);
    const before = contentOf(database);
    assert.throws(
      () => thinAll(database, 10 * DAY),
      (error) => error instanceof DatabaseError && error.trouble === "damaged",
      damage,
    );
    assert.deepEqual(contentOf(database), before);
  }
});
