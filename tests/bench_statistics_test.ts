import assert from "node:assert/strict";
import fc from "fast-check";
import { lineThrough } from "./bench/statistics.ts";
import { pure } from "./support.ts";

const counts = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), {
  minLength: 2,
  maxLength: 20,
});
const whole = fc.integer({ min: -1000, max: 1000 });

pure("a line through points of a line is that line", () => {
  fc.assert(fc.property(counts, whole, whole, (xs, slope, intercept) => {
    const line = lineThrough(xs.map((x) => [x, intercept + slope * x]));
    // The size of what is added up bounds what rounding can do.
    const size = Math.max(...xs) * Math.abs(slope) + Math.abs(intercept) + 1;
    assert.ok(Math.abs(line!.slope - slope) <= 1e-9 * size, `slope ${line!.slope}`);
    assert.ok(Math.abs(line!.intercept - intercept) <= 1e-9 * size, `at 0: ${line!.intercept}`);
  }));
});

pure("a line through other points: as worked out by hand", () => {
  // Means 2 and 3; squares 1 + 0 + 1, products 1 + 0 + 3.
  const line = lineThrough([[1, 2], [2, 1], [3, 6]]);
  assert.deepEqual(line, { slope: 2, intercept: -1 });
});

pure("no other line is nearer to the points", () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 50 }), whole);
  const points = fc.uniqueArray(point, { minLength: 3, maxLength: 10, selector: ([x]) => x });
  const part = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(fc.property(points, part, part, (points, dSlope, dIntercept) => {
    const { slope, intercept } = lineThrough(points)!;
    const distance = (a: number, b: number) =>
      points.reduce((sum, [x, y]) => sum + (y - a * x - b) ** 2, 0);
    const best = distance(slope, intercept);
    assert.ok(best <= distance(slope + dSlope, intercept + dIntercept) + 1e-6 * (1 + best));
  }));
});

pure("there is no line through one place or none", () => {
  assert.equal(lineThrough([]), null);
  assert.equal(lineThrough([[5, 1], [5, 2]]), null);
});
