/** Points, their trend, and what plain references make of them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Point, type Trend, trendOf } from "../src/stats.ts";

/** Values at 1, 2, 3, … */
export function atOnes(values: readonly number[]): Point[] {
  return values.map((value, i) => ({ atMs: i + 1, value }));
}

/** The trend of points that have one. */
export function trend(points: readonly Point[]): Trend {
  const found = trendOf(points);
  assert.ok(found);
  return found;
}

/** Whether two numbers are the same but for rounding, by default of themselves. */
export function isClose(actual: number, expected: number, scale = Math.abs(expected)): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * scale, `${actual} is not ${expected}`);
}

export const bytes: fc.Arbitrary<number> = fc.integer({ min: 0, max: 2 ** 40 });

/** Times that grow by 1 to 100 each, as readings' do. */
export function points(
  minLength: number,
  maxLength: number,
  value: fc.Arbitrary<number> = bytes,
): fc.Arbitrary<Point[]> {
  const step = fc.tuple(fc.integer({ min: 1, max: 100 }), value);
  return fc.array(step, { minLength, maxLength, size: "max" }).map((steps) => {
    let atMs = 0;
    return steps.map(([step, value]): Point => ({ atMs: atMs += step, value }));
  });
}

/** The median, as textbooks have it. */
export function naiveMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
