/** What is recorded of one process: this one and no other, at whatever length. */

import assert from "node:assert/strict";
import type { History } from "../../src/history/open.ts";
import { readProcess } from "../../src/history/process.ts";
import type { ProcessPast } from "../../src/report/show.ts";
import { MIB } from "../fake.ts";
import { looked, rowOf, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import { BEGIN_MS, empty, HOUR, MINUTE, Scribe } from "./recording.ts";
import { thinAll } from "./thinning.ts";

const MACHINE = { name: "mybox", boot: "boot-1" };
const LIMITS = { warningBytes: 2000 * MIB, criticalBytes: 4000 * MIB };
/** Started when all of this begins. */
const SINCE = { startedAtMs: BEGIN_MS };

/** What is recorded of pid 11, which holds 1000 MiB now. */
function pastOf(
  history: History,
  rest: { started?: string; machine?: typeof MACHINE; footprintBytes?: number | null } = {},
): ProcessPast | null {
  const { started = "s", machine = MACHINE, footprintBytes = 1000 * MIB } = rest;
  const process = rowOf(seen(11, 1, { ...SINCE, started }));
  return readProcess(history, { process, machine, limits: LIMITS, footprintBytes });
}

/** A look a minute at a session and its child of so many MiB. */
function write(history: History, sizes: readonly (number | "denied")[], fromMs = 0): void {
  const scribe = new Scribe(history);
  for (const [i, size] of sizes.entries()) {
    const memory = size === "denied" ? size : size * MIB;
    const child = seen(11, memory, SINCE);
    scribe.look(fromMs + i * MINUTE, looked([seen(10, 5000 * MIB, SINCE), child]));
  }
}

const GROWING = Array.from({ length: 10 }, (_, i) => 100 + 10 * i);

pure("statistics, slope and what lies ahead of what it holds now", async () => {
  using history = await empty();
  write(history, GROWING);
  const past = pastOf(history)!;
  const { count, unread, minBytes, maxBytes, growthBytes } = past.statistics;
  assert.deepEqual([count, unread], [10, 0]);
  assert.deepEqual([minBytes, maxBytes, growthBytes], [100 * MIB, 190 * MIB, 90 * MIB]);
  assert.deepEqual([past.firstAtMs, past.lastAtMs], [BEGIN_MS, BEGIN_MS + 9 * MINUTE]);
  assert.equal(past.trend!.slope, 10 * MIB / MINUTE);
  // From 1000 MiB to 2000 and to 4000 at 10 a minute.
  assert.deepEqual([past.msToWarning, past.msToCritical], [100 * MINUTE, 300 * MINUTE]);
  const over = pastOf(history, { footprintBytes: 3000 * MIB })!;
  assert.deepEqual([over.msToWarning, over.msToCritical], [0, 100 * MINUTE]);
  const unreadNow = pastOf(history, { footprintBytes: null })!;
  assert.deepEqual([unreadNow.msToWarning, unreadNow.msToCritical], [null, null]);
});

pure("what does not surely grow has nothing ahead", async () => {
  using history = await empty();
  write(history, [100, 100, 100, 100, 100, 100]);
  const { msToWarning, msToCritical, trend } = pastOf(history)!;
  assert.deepEqual([msToWarning, msToCritical, trend!.slope], [null, null, 0]);
});

pure("another process of the same pid, another start of the machine, another machine", async () => {
  using history = await empty();
  assert.equal(pastOf(history), null);
  write(history, GROWING);
  assert.equal(pastOf(history, { started: "later" }), null);
  assert.equal(pastOf(history, { machine: { ...MACHINE, boot: "boot-2" } }), null);
  assert.equal(pastOf(history, { machine: { ...MACHINE, name: "other" } }), null);
});

pure("its instance's total is no reading of the main process", async () => {
  using history = await empty();
  write(history, GROWING);
  const process = rowOf(seen(10, 1, SINCE));
  const subject = { process, machine: MACHINE, limits: LIMITS, footprintBytes: null };
  const { statistics } = readProcess(history, subject)!;
  assert.deepEqual([statistics.count, statistics.maxBytes], [10, 5000 * MIB]);
});

pure("seen alone as well as in its instance, it is one process", async () => {
  using history = await empty();
  write(history, [100, 110]);
  const one = looked([seen(11, 150 * MIB, SINCE)]);
  const main = { ...one.instance.main, matchedBy: "pid" as const };
  const alone = { ...one, instance: { ...one.instance, main, members: [main] } };
  new Scribe(history, { command: "track" }).look(30_000, alone);
  const { statistics, points } = pastOf(history)!;
  assert.deepEqual([statistics.count, statistics.maxBytes], [3, 150 * MIB]);
  // In the order of time, whoever recorded them.
  assert.deepEqual(points.map(({ value }) => value / MIB), [100, 150, 110]);
});

pure("looks at which it could not be read are counted, and no points", async () => {
  using history = await empty();
  write(history, ["denied", 100, "denied"]);
  const { statistics, points, trend } = pastOf(history)!;
  assert.deepEqual([statistics.count, statistics.unread, points.length, trend], [1, 2, 1, null]);
  using unread = await empty();
  write(unread, ["denied"]);
  const none = pastOf(unread)!;
  assert.deepEqual([none.statistics.minBytes, none.trend, none.points], [null, null, []]);
});

pure("hours of which no looks are left come before the looks", async () => {
  using history = await empty();
  write(history, Array.from({ length: 60 }, () => 100));
  write(history, [300, 300], 47 * HOUR);
  thinAll(history, 48 * HOUR);
  const { statistics, points, firstAtMs, lastAtMs } = pastOf(history)!;
  assert.deepEqual([statistics.count, statistics.minBytes], [62, 100 * MIB]);
  assert.equal(statistics.maxBytes, 300 * MIB);
  assert.deepEqual(points.map(({ value }) => value / MIB), [100, 300, 300]);
  assert.deepEqual([firstAtMs, lastAtMs], [BEGIN_MS, BEGIN_MS + 47 * HOUR + MINUTE]);
});

pure(
  "a history is searched by its looks from the last one on, and no further than so many",
  async () => {
    using history = await empty();
    write(history, [100, 100]);
    // Looks at nothing, a second apart: written at once, as they are only to be many.
    history.execute(
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 49999) " +
        `INSERT INTO look (run, at) SELECT 1, ${BEGIN_MS + 2 * MINUTE} + i * 1000 FROM c`,
    );
    // Of 50,001 looks the first is left out.
    assert.equal(pastOf(history)!.statistics.count, 1);
  },
);
