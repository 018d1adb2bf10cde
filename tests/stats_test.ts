import assert from "node:assert/strict";
import fc from "fast-check";
import { msUntil, quantile, summarize, thin, type Trend, trendOf } from "../src/stats.ts";
import { atOnes, bytes, isClose, naiveMedian, points, trend } from "./points.ts";
import { pure } from "./support.ts";

pure("quantiles are those of NumPy, R and spreadsheets", () => {
  const ten = Array.from({ length: 10 }, (_, i) => i + 1);
  const known: [number[], number, number][] = [
    [[1, 2, 3, 4], 0.4, 2.2], // np.percentile([1, 2, 3, 4], 40)
    [[1, 2, 3, 4, 7, 10], 0.5, 3.5], // np.percentile([[10, 7, 4], [3, 2, 1]], 50), from its manual
    [ten, 0.25, 3.25], // quantile(1:10) of R
    [ten, 0.75, 7.75],
    [ten, 0.95, 9.55],
    [ten, 0, 1],
    [ten, 1, 10],
    [[7], 0, 7],
    [[7], 0.95, 7],
    [[7], 1, 7],
  ];
  for (const [values, q, expected] of known) isClose(quantile(values, q), expected);
});

pure(
  "a quantile of 20 k + 1 values at 5% steps is one of them, and between them lies on a line",
  () => {
    const share = fc.integer({ min: 0, max: 20 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), share, share, (k, n, part) => {
      const squares = Array.from({ length: 20 * k + 1 }, (_, i) => i * i);
      isClose(quantile(squares, n / 20), squares[n * k]!);
      // Two values are a line from the one to the other.
      isClose(quantile([100, 300], part / 20), 100 + 10 * part);
    }));
  },
);

pure("summaries: published values", () => {
  // The example of a standard deviation in every textbook: squares of the deviations make 32.
  assert.deepEqual(summarize([2, 4, 4, 4, 5, 5, 7, 9]), {
    count: 8,
    min: 2,
    max: 9,
    mean: 5,
    median: 4.5,
    p95: 7 + 2 * (0.95 * 7 - 6),
    stdev: Math.sqrt(32 / 7),
    first: 2,
    last: 9,
  });
  // NIST's Statistical Reference Datasets NumAcc1 to NumAcc4: certified means and deviations.
  const around = (mean: number) =>
    Array.from({ length: 1001 }, (_, i) => mean + (i === 0 ? 0 : i % 2 === 1 ? -0.1 : 0.1));
  const certified: [number[], number, number][] = [
    [[10000001, 10000003, 10000002], 10000002, 1],
    [around(1.2), 1.2, 0.1],
    [around(1000000.2), 1000000.2, 0.1],
    [around(10000000.2), 10000000.2, 0.1],
  ];
  for (const [values, mean, deviation] of certified) {
    const { mean: found, stdev } = summarize(values)!;
    isClose(found, mean);
    // The values themselves are off by half a unit in their last place, 1e-9 at 1e7.
    isClose(stdev!, deviation, 10);
  }
});

pure("summaries: nothing of none; of one value itself, without a deviation", () => {
  assert.equal(summarize([]), null);
  assert.deepEqual(summarize([7]), {
    count: 1,
    min: 7,
    max: 7,
    mean: 7,
    median: 7,
    p95: 7,
    stdev: null,
    first: 7,
    last: 7,
  });
});

pure("summaries: as a plain reference has them, in any order", () => {
  fc.assert(fc.property(fc.array(bytes, { minLength: 2, maxLength: 60, size: "max" }), (values) => {
    const before = [...values];
    const { count, min, max, mean, median, p95, stdev, first, last } = summarize(values)!;
    assert.deepEqual(values, before, "the values stay as they are");
    const sorted = [...values].sort((a, b) => a - b);
    assert.deepEqual([count, first, last], [values.length, values[0], values.at(-1)]);
    assert.deepEqual([min, max], [sorted[0], sorted.at(-1)]);
    isClose(median, naiveMedian(values));
    assert.ok(min <= mean && mean <= max && median <= p95 && p95 <= max);
    // Half of n² differences, another way to write the same: no mean in it.
    let squares = 0;
    for (const a of values) for (const b of values) squares += (a - b) ** 2;
    isClose(stdev!, Math.sqrt(squares / (2 * count * (count - 1))), max);
  }));
});

pure("thin: the points themselves while they are few; then medians of groups of one size", () => {
  const line = atOnes([5, 1, 9, 2, 8, 7]);
  assert.equal(thin(line, 6), line);
  assert.deepEqual(thin(line, 2), [{ atMs: 2, value: 5 }, { atMs: 5, value: 7 }]);
  assert.deepEqual(thin(line, 3), [
    { atMs: 1.5, value: 3 },
    { atMs: 3.5, value: 5.5 },
    { atMs: 5.5, value: 7.5 },
  ]);
  assert.deepEqual(thin(line, 4), [
    { atMs: 1, value: 5 },
    { atMs: 2.5, value: 5 },
    { atMs: 4, value: 2 },
    { atMs: 5.5, value: 7.5 },
  ]);
  fc.assert(fc.property(points(0, 60), fc.integer({ min: 1, max: 20 }), (readings, most) => {
    const few = thin(readings, most);
    assert.equal(few.length, Math.min(readings.length, most));
    const times = few.map((p) => p.atMs);
    assert.deepEqual(times, [...new Set(times)].sort((a, b) => a - b));
    const values = readings.map((p) => p.value);
    for (const { value } of few) {
      assert.ok(value >= Math.min(...values) && value <= Math.max(...values));
    }
  }));
});

pure("until a limit: 0 above it, exact on a line, null without sure growth", () => {
  // From 6 at 1 by 2 each: 20 at 8.
  const rising = trend(atOnes([6, 8, 10, 12, 14, 16, 18, 20]));
  const falling = trend(atOnes([20, 18, 16, 14, 12, 10, 8, 6]));
  const level = trend(atOnes([6, 6, 6, 6, 6, 6, 6, 6]));
  const noisy = trend(atOnes([6, 9, 5, 8, 7, 9, 6, 8]));
  const cases: [number, number, Trend | null, number | null][] = [
    [30, 20, rising, 5],
    [21, 20, rising, 0.5],
    [20, 20, rising, 0],
    [19, 20, rising, 0],
    [19, 20, falling, 0],
    [19, 20, level, 0],
    [19, 20, null, 0],
    [20, 20, falling, null],
    [20, 20, level, null],
    [30, 20, falling, null],
    [30, 20, level, null],
    [30, 20, noisy, null],
    [30, 20, null, null],
  ];
  for (const [limit, last, trend, ms] of cases) {
    assert.equal(msUntil(limit, last, trend), ms, `${limit} from ${last}`);
  }
});

pure("until a limit: by the slope, where the least that it may be and the score agree", () => {
  const grows = { slope: 2, low: 1, high: 3, z: 2 };
  assert.equal(msUntil(30, 20, grows), 5);
  assert.equal(msUntil(30, 20, { ...grows, low: 0 }), null);
  assert.equal(msUntil(30, 20, { ...grows, z: 1.9 }), null);
  // A single step: more pairs rise than chance would make, yet nearly half of them don't.
  const step = trend(atOnes([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]));
  assert.ok(step.z > 2);
  assert.equal(msUntil(30, 1, step), null);
});

pure("until a limit: fewer than five points are sure of nothing", () => {
  // Of four values in any order one in 24 orders rises all the way: that is more than 2.5%.
  const values = [1, 2, 3, 4, 5, 6];
  assert.deepEqual(
    values.map((n) => msUntil(10, n, trendOf(atOnes(values.slice(0, n))))),
    [null, null, null, null, 5, 4],
  );
});
