import assert from "node:assert/strict";
import fc from "fast-check";
import { LEAST_READINGS, Window } from "../../src/follow/growth.ts";
import { pure } from "../support.ts";

/** A window of 60 spacings holds 61 points at them, one that lies before, and the latest. */
const MOST_POINTS = 62;

/** Any times that go on, over several windows. */
const steps = fc.array(fc.integer({ min: 0, max: 400 }), {
  minLength: 1,
  maxLength: 400,
  size: "max",
});
const lengths = fc.integer({ min: 1, max: 20_000 });
const intervals = fc.integer({ min: 1, max: 1500 });

pure("any times: a window keeps the right readings", () => {
  fc.assert(fc.property(steps, lengths, intervals, (steps, lengthMs, intervalMs) => {
    const window = new Window(lengthMs, intervalMs);
    const wholeMs = Math.max(lengthMs, 9 * intervalMs);
    const added: number[] = [];
    let atMs = 5000;
    for (const step of steps) {
      const point = { atMs: atMs += step, value: added.length };
      added.push(atMs);
      window.add(point);
      const { points } = window;
      const times = points.map((p) => p.atMs);
      assert.equal(points.at(-1), point, "the latest is there");
      assert.ok(points.every((p) => added[p.value] === p.atMs), "they are those that came");
      assert.ok(
        points.every((p, i) => i === 0 || p.value > points[i - 1]!.value),
        "in their order",
      );
      assert.ok(points.length <= MOST_POINTS, `${points.length} points`);
      const kept = times.slice(0, -1);
      assert.ok(kept.every((t, i) => i === 0 || t - kept[i - 1]! >= wholeMs / 60), "apart");
      assert.ok(
        times.slice(1).every((t) => t > atMs - wholeMs || t === atMs),
        "at most one before",
      );
      // Once there were readings over the whole time, there always are.
      const spans = atMs - times[0]! >= wholeMs;
      assert.equal(spans, atMs - added[0]! >= wholeMs, "reaches back");
      assert.equal(window.isFull, spans && points.length >= LEAST_READINGS);
    }
    window.clear();
    assert.deepEqual([window.points.length, window.isFull], [0, false]);
  }));
});

pure("any even readings fill a window in time", () => {
  fc.assert(fc.property(lengths, intervals, (lengthMs, intervalMs) => {
    const window = new Window(lengthMs, intervalMs);
    const turns = Math.ceil(Math.max(lengthMs, 9 * intervalMs) / intervalMs);
    for (let i = 0; i <= turns + 100; i++) {
      window.add({ atMs: i * intervalMs, value: 0 });
      assert.equal(window.isFull, i >= turns, `${i} of ${turns}`);
    }
  }));
});
