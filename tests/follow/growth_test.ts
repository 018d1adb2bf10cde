import assert from "node:assert/strict";
import fc from "fast-check";
import { growthIn, Window } from "../../src/follow/growth.ts";
import { MIB } from "../fake.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;
/** A footprint in MiB at a minute. */
type Shape = (minute: number) => number;

interface How {
  readonly minutes?: number;
  readonly intervalMs?: number;
  readonly windowMs?: number;
}

/** The minutes when growth is told of: what is suspected already is not told again. */
function told(shape: Shape, how: How = {}): number[] {
  const { minutes = 60, intervalMs = MINUTE, windowMs = 10 * MINUTE } = how;
  const window = new Window(windowMs, intervalMs);
  const times: number[] = [];
  let isGrowing = false;
  for (let atMs = 0; atMs <= minutes * MINUTE; atMs += intervalMs) {
    window.add({ atMs, value: Math.round(shape(atMs / MINUTE) * MIB) });
    const isNow: boolean = growthIn(window, isGrowing) !== null;
    if (isNow && !isGrowing) times.push(atMs / MINUTE);
    isGrowing = isNow;
  }
  return times;
}

/** From 0 to 1, without a pattern that matters, and the same in every run. */
function scatter(minute: number): number {
  return Math.abs(Math.sin(minute * 12_345.678) * 1000) % 1;
}

const INTERVALS = [1000, 10_000, 30_000, MINUTE];

pure("steady growth of 4 MiB a minute is a leak after 10 minutes, and told once", () => {
  for (const intervalMs of INTERVALS) {
    assert.deepEqual(told((t) => 300 + 4 * t, { intervalMs }), [10], `${intervalMs}`);
    assert.deepEqual(told((t) => 300 + 4 * t + 3 * scatter(t), { intervalMs }).length, 1);
  }
});

pure("what does not grow steadily, or not enough, is no leak", () => {
  const shapes: Record<string, Shape> = {
    "20 MiB in 10 minutes, below 32": (t) => 300 + 2 * t,
    "a constant": () => 5000,
    "noise around a constant": (t) => 300 + 30 * scatter(t),
    "shrinking": (t) => 3000 - 20 * t,
    "a sawtooth": (t) => 300 + 100 * ((t % 3) / 3),
    "a jump": (t) => t > 20 ? 600 : 300,
    "a jump with noise": (t) => (t > 20 ? 600 : 300) + 8 * scatter(t),
    "a jump back": (t) => t > 20 && t < 40 ? 600 : 300,
    "one reading that is far off": (t) => t === 20 ? 900 : 300,
    "growth for 5 minutes, then a plateau": (t) => 300 + 20 * Math.min(t, 5),
    "30 MiB in 10 minutes with a peak at the end": (t) => 300 + 2 * t + (t % 10 < 0.02 ? 90 : 0),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const intervalMs of INTERVALS) {
      assert.deepEqual(told(shape, { intervalMs }), [], `${name}, every ${intervalMs} ms`);
    }
  }
});

pure("a large footprint must grow by 5% of itself", () => {
  // In 10 minutes 40 MiB are 5% of 800 MiB.
  assert.deepEqual(told((t) => 750 + 4 * t, { minutes: 10 }), [10]);
  assert.deepEqual(told((t) => 770 + 4 * t, { minutes: 10 }), []);
  assert.deepEqual(told((t) => 8000 + 40 * t, { minutes: 10 }), []);
  assert.deepEqual(told((t) => 8000 + 50 * t, { minutes: 10 }), [10]);
});

pure("a leak with dips and outliers is told once, not at each of them", () => {
  const shapes: Record<string, Shape> = {
    "garbage is collected": (t) => 300 + 8 * t + 30 * ((t % 2.3) / 2.3),
    "readings that are far too low": (t) => 300 + 8 * t - (scatter(t) < 0.05 && t > 12 ? 200 : 0),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const intervalMs of [1000, 10_000, 30_000]) {
      assert.equal(told(shape, { intervalMs }).length, 1, `${name}, every ${intervalMs} ms`);
    }
  }
});

pure(
  "a suspicion is kept with half of the evidence, ends with the growth, and may come again",
  () => {
    const minutes = (shape: Shape) => told(shape, { minutes: 120 });
    // 20 MiB in 10 minutes would not begin one: had it ended in between, it would be told again.
    const slower: Shape = (t) => 300 + 2 * t + 4 * (Math.min(t, 15) + Math.max(0, t - 60));
    assert.deepEqual(minutes(slower), [10]);
    // A plateau of half an hour ends it.
    const twice = minutes((t) => 300 + 4 * Math.min(t, 30) + 4 * Math.max(0, t - 60));
    assert.equal(twice.length, 2);
    assert.ok(twice[0] === 10 && twice[1]! > 64 && twice[1]! <= 70, `${twice}`);
  },
);

pure("too few readings and too short a time say nothing", () => {
  const steep: Shape = (t) => 300 + 100 * t;
  assert.deepEqual(told(steep, { minutes: 9 }), []);
  assert.deepEqual(told(steep, { minutes: 9.9, intervalMs: 1000 }), []);
  // Ten readings every 5 minutes take 45.
  assert.deepEqual(told(steep, { intervalMs: 5 * MINUTE }), [45]);
  assert.deepEqual(told(steep, { windowMs: 100, intervalMs: MINUTE }), [9]);
});

pure("one reading in each window that is far too low ends no suspicion", () => {
  assert.deepEqual(told((t) => 300 + 8 * t - (t % 13 === 12 ? 200 : 0)), [10]);
});

pure("a suspicion does not begin with a reading that is far too low", () => {
  const shape: Shape = (t) => t === 10 ? 200 : 300 + 8 * t;
  assert.deepEqual(told(shape, { intervalMs: MINUTE / 8 }), [10.125]);
});

pure("large noise looks like a leak by chance only, in 1 of 1,000 windows", () => {
  for (const height of [100, 200, 400]) {
    // Nearly 300 windows that share no reading.
    const times = told((t) => 300 + height * scatter(t), { minutes: 3000 });
    assert.ok(times.length <= 3, `${times}`);
  }
});

pure("growth says how much, over what time, and how fast", () => {
  const window = new Window(10 * MINUTE, MINUTE);
  for (let t = 0; t <= 12; t++) window.add({ atMs: t * MINUTE, value: (300 + 6 * t) * MIB });
  const growth = growthIn(window, false)!;
  assert.equal(growth.overMs, 10 * MINUTE);
  assert.equal(growth.growthBytes, 60 * MIB);
  assert.ok(Math.abs(growth.trend.slope * MINUTE / MIB - 6) < 1e-9);
});

const everySeconds = fc.constantFrom(5, 10, 30, 60).map((s) => s * 1000);
const walk = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 31, maxLength: 31 });

pure("any noise below 32 MiB, any shrinking and any single jump are no leak", () => {
  fc.assert(fc.property(everySeconds, walk, (intervalMs, noise) => {
    const how = { intervalMs, minutes: 30 };
    const at = (t: number) => noise[Math.floor(t * 7) % noise.length]!;
    assert.deepEqual(told((t) => 300 + at(t), how), []);
    assert.deepEqual(told((t) => 9000 - 32 * t + at(t), how), []);
  }));
  const jump = fc.integer({ min: 1, max: 9000 });
  const minute = fc.double({ min: 0, max: 30, noNaN: true });
  fc.assert(fc.property(everySeconds, jump, minute, walk, (intervalMs, height, minute, noise) => {
    const at = (t: number) => noise[Math.floor(t * 7) % noise.length]! / 8;
    assert.deepEqual(
      told((t) => (t > minute ? 300 + height : 300) + at(t), { intervalMs, minutes: 40 }),
      [],
    );
  }));
});

pure("any line that rises steeply enough is a leak as soon as the window is full", () => {
  const rate = fc.double({ min: 3.3, max: 1000, noNaN: true });
  fc.assert(fc.property(everySeconds, rate, (intervalMs, rate) => {
    assert.deepEqual(told((t) => 300 + rate * t, { intervalMs, minutes: 30 }), [10]);
  }));
});
