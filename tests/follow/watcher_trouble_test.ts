/** Levels and growth of whole instances, and what holes and missed readings do to them. */

import assert from "node:assert/strict";
import type { Missing } from "../../src/types.ts";
import { MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { type Seen, seen } from "./looks.ts";
import { BY_INSTANCE, MINUTE, Watch } from "./watching.ts";

/** A process of so many MiB. */
function mib(pid: number, memory: number | Missing, rest: Partial<Seen> = {}): Seen {
  return seen(pid, typeof memory === "number" ? memory * MIB : memory, rest);
}

pure("scope instance: the total is judged, and no process", () => {
  const watch = new Watch(BY_INSTANCE);
  assert.deepEqual(watch.told([[mib(1, 60), mib(2, 60)]]), [
    "i1 found 2",
    "i1 level normal→warning 120",
  ]);
  assert.deepEqual(watch.told([[mib(1, 60), mib(2, 150)]]), ["i1 level warning→critical 210"]);
  assert.equal(watch.watcher.pulseOf({ pid: 2, started: "s" })!.level, "normal");
  assert.deepEqual(watch.told([[mib(1, 60)]]), ["i1 level critical→normal 60"]);
  assert.deepEqual(watch.told([[mib(1, 60), mib(3, "zombie"), mib(4, "gone")]]), []);
});

pure("scope instance: a total that lacks a reading is unknown, unless it is over a limit", () => {
  const watch = new Watch(BY_INSTANCE);
  const told: [(number | Missing)[], string[]][] = [
    [[60, "denied"], ["i1 found 2", "i1 level normal→unknown 60"]],
    [[60, 10], ["i1 level unknown→normal 70"]],
    [[120, "denied"], ["i1 level normal→warning 120"]],
    [[250, "denied"], ["i1 level warning→critical 250"]],
    // What is not read may be what was too much.
    [[150, "denied"], []],
    [[50, "denied"], []],
    [["denied", "denied"], []],
    [[150, 10], ["i1 level critical→warning 160"]],
  ];
  for (const [[main, child], expected] of told) {
    assert.deepEqual(watch.told([[mib(1, main!), mib(2, child!)]]), expected);
  }
});

pure("scope instance: a total that lacks a process which one look missed ends no alert", () => {
  const watch = new Watch(BY_INSTANCE);
  const [main, child] = [mib(1, 60), mib(2, 60)];
  watch.look([[main, child]]);
  assert.deepEqual(watch.told([[main]], [child]), []);
  assert.deepEqual(watch.told([[main, child]]), []);
  watch.look([[main]], [child]);
  assert.deepEqual(watch.told([[main]], [child]), ["i1 level warning→normal 60"]);
  // It can be over a limit without it.
  assert.deepEqual(watch.told([[mib(1, 250), mib(3, 1)]]), ["i1 level normal→critical 251"]);
  assert.deepEqual(watch.told([[mib(1, 150)]], [mib(3, 1)]), []);
  assert.deepEqual(watch.told([[mib(1, 50)]]), ["i1 level critical→normal 50"]);
  watch.look([[mib(1, 50), mib(3, 1)]]);
  assert.deepEqual(watch.told([[mib(1, 150)]], [mib(3, 1)]), ["i1 level normal→warning 150"]);
  // One of another instance is not missed here.
  const other = new Watch(BY_INSTANCE);
  other.look([[main, child], [mib(5, 1), mib(6, 1)]]);
  assert.deepEqual(other.told([[main], [mib(5, 1)]], [mib(6, 1)]), ["i1 level warning→normal 60"]);
});

pure("alerts are repeated, and wait for readings in a row", () => {
  const watch = new Watch({ remindMs: 2 * MINUTE, forReadings: 2 });
  const told = [150, 150, 150, 150, 50].map((size) => watch.told([[mib(1, size)]]));
  assert.deepEqual(told, [
    ["i1 found 1"],
    ["p1 level normal→warning 150"],
    [],
    ["p1 reminder warning 150"],
    ["p1 level warning→normal 50"],
  ]);
});

/** What is told at each minute but for what is found, as `minute: event`. */
function over(
  minutes: number,
  at: (minute: number) => readonly Seen[],
  watch = new Watch({ thresholds: LIMITLESS }),
): string[] {
  return Array.from(
    { length: minutes + 1 },
    (_, t) =>
      watch.told([at(t)]).filter((event) => !event.includes("found")).map((event) =>
        `${t}: ${event}`
      ),
  ).flat();
}

const LIMITLESS = { warningBytes: 1e15, criticalBytes: 1e15, scope: "process" } as const;

pure("a leak of a process explains that of its instance", () => {
  assert.deepEqual(over(40, (t) => [mib(1, 100), mib(2, 50 + 8 * t)]), ["10: p2 growth"]);
  assert.deepEqual(over(40, (t) => [mib(1, 100 + 8 * t)]), ["10: p1 growth"]);
  // It has ended: nothing of it is left.
  assert.deepEqual(
    over(40, (t) => t < 20 ? [mib(1, 100), mib(2, 50 + 8 * t)] : [mib(1, 100)]),
    ["10: p2 growth", "20: p2 gone peak 202 after 1260s"],
  );
});

pure("helpers that are started again and again are growth of their instance", () => {
  const set = (t: number) => Array.from({ length: t }, (_, i) => mib(10 + i, 10));
  assert.deepEqual(over(40, (t) => [mib(1, 100), ...set(t)]), ["10: i1 growth"]);
  // Many a little: no process by itself would be suspected.
  assert.deepEqual(
    over(40, (t) => [1, 2, 3, 4].map((pid) => mib(pid, 50 + 2 * t))),
    ["10: i1 growth"],
  );
});

pure("growth of an instance is told when what explained it is over", () => {
  // Until minute 20 a process leaks; from then on it is constant, and helpers come.
  const helpers = (t: number) =>
    Array.from({ length: Math.max(0, t - 20) }, (_, i) => mib(9 + i, 20));
  const told = over(60, (t) => [mib(1, 100), mib(2, 50 + 8 * Math.min(t, 20)), ...helpers(t)]);
  assert.equal(told[0], "10: p2 growth");
  assert.match(told[1]!, /^(2[1-9]|30): i1 growth$/);
  assert.equal(told.length, 2);
});

pure("growth is not looked for with 0", () => {
  assert.deepEqual(
    over(40, (t) => [mib(1, 100 + 50 * t)], new Watch({ growthMs: 0, thresholds: LIMITLESS })),
    [],
  );
});

pure("a hole starts slopes anew, and is told before all", () => {
  const watch = new Watch({ thresholds: LIMITLESS });
  const told: string[] = [];
  for (let t = 0; t <= 30; t++) {
    const gap = t === 8 ? { kind: "late", ms: 300_000 } as const : null;
    const size = (100 + 8 * t) + (t >= 8 ? 500 : 0);
    told.push(...watch.told([[mib(1, size)]], [], gap).map((event) => `${t}: ${event}`));
  }
  assert.deepEqual(told, ["0: i1 found 1", "8: gap late", "18: p1 growth"]);
});

pure("a hole ends no alert", () => {
  const watch = new Watch();
  watch.look([[mib(1, 150)]]);
  const gap = { kind: "slept", ms: 300_000 } as const;
  assert.deepEqual(watch.told([[mib(1, 150)]], [], gap), ["gap slept"]);
  assert.deepEqual(watch.told([[mib(1, 50)]], [], gap), [
    "gap slept",
    "p1 level warning→normal 50",
  ]);
});

pure("a leaking process that ends is told gone", () => {
  const watch = new Watch({ thresholds: LIMITLESS });
  over(12, (t) => [mib(1, 100), mib(2, 50 + 8 * t)], watch);
  assert.deepEqual(watch.told([[mib(1, 100)]]), ["p2 gone peak 146 after 840s"]);
});
