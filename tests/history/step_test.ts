/** How long a point stands for. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { MOST_POINTS, stepFor } from "../../src/history/step.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

pure("few looks are points themselves, however long it took", () => {
  assert.equal(stepFor(0, null, 0), null);
  assert.equal(stepFor(MOST_POINTS, null, 365 * DAY), null);
});

pure("what is more than a screen shows has steps that people know", () => {
  const points = MOST_POINTS;
  const steps: readonly [extentMs: number, stepMs: number][] = [
    [points * 90, 100],
    [points * 100, 100],
    [points * 100 + 1, 200],
    [points * 21_000, 30_000],
    [points * MINUTE, MINUTE],
    [points * 4 * MINUTE, 5 * MINUTE],
    [points * 4 * HOUR, 6 * HOUR],
    [points * 13 * HOUR, DAY],
    [points * 20 * DAY, 28 * DAY],
    [points * 60.5 * DAY, 61 * DAY],
  ];
  for (const [extentMs, stepMs] of steps) {
    assert.equal(stepFor(points + 1, null, extentMs), stepMs, `${extentMs / points} ms each`);
  }
});

pure("where only hours are left, few looks have steps as well", () => {
  assert.equal(stepFor(3, MOST_POINTS * HOUR, 0), HOUR);
  assert.equal(
    stepFor(0, HOUR, 0),
    [2000, 5000, 10_000].find((step) => step >= HOUR / MOST_POINTS),
  );
});

pure("steps are never more than asked for", () => {
  fc.assert(fc.property(fc.nat(4e12), (extentMs) => {
    assert.ok(extentMs / stepFor(MOST_POINTS + 1, null, extentMs)! <= MOST_POINTS);
  }));
});
