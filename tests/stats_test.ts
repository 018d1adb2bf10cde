import assert from "node:assert/strict";
import fc from "fast-check";
import {
  msUntil,
  type Point,
  quantile,
  summarize,
  thin,
  type Trend,
  trendOf,
} from "../src/stats.ts";
import { pure } from "./support.ts";

/** Values at 1, 2, 3, … */
function atOnes(values: readonly number[]): Point[] {
  return values.map((value, i) => ({ atMs: i + 1, value }));
}

/** The trend of points that have one. */
function trend(points: readonly Point[]): Trend {
  const found = trendOf(points);
  assert.ok(found);
  return found;
}

/** Whether two numbers are the same but for rounding, by default of themselves. */
function isClose(actual: number, expected: number, scale = Math.abs(expected)): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * scale, `${actual} is not ${expected}`);
}

const bytes = fc.integer({ min: 0, max: 2 ** 40 });
const seed = fc.integer({ min: -1000, max: 1000 });

/** Times that grow by 1 to 100 each, as readings' do. */
const points = (minLength: number, maxLength: number, value = bytes) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), value), { minLength, maxLength, size: "max" })
    .map(
      (steps) => {
        let atMs = 0;
        return steps.map(([step, value]): Point => ({ atMs: atMs += step, value }));
      },
    );

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

function naiveMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Theil–Sen and Mann–Kendall as textbooks have them: every pair, and every group of equal values. */
function naiveTrend(points: readonly Point[]): { readonly slope: number; readonly z: number } {
  const pairs = points.flatMap((a, i) => points.slice(i + 1).map((b) => [a, b] as const));
  const score = pairs.reduce(
    (sum, [a, b]) => sum + (b.value > a.value ? 1 : b.value < a.value ? -1 : 0),
    0,
  );
  const n = points.length;
  let variance = n * (n - 1) * (2 * n + 5) / 18;
  for (const value of new Set(points.map((p) => p.value))) {
    const t = points.filter((p) => p.value === value).length;
    variance -= t * (t - 1) * (2 * t + 5) / 18;
  }
  const z = score > 0
    ? (score - 1) / Math.sqrt(variance)
    : score < 0
    ? (score + 1) / Math.sqrt(variance)
    : 0;
  return { slope: naiveMedian(pairs.map(([a, b]) => (b.value - a.value) / (b.atMs - a.atMs))), z };
}

pure("trends: as a plain reference has them, with equal values and without", () => {
  const few = fc.integer({ min: 0, max: 4 });
  for (const value of [bytes, few]) {
    fc.assert(fc.property(points(2, 40, value), (readings) => {
      const { slope, low, high, z } = trend(readings);
      const naive = naiveTrend(readings);
      isClose(slope, naive.slope, Math.max(Math.abs(low), Math.abs(high)));
      isClose(z, naive.z);
      assert.ok(low <= slope && slope <= high);
    }));
  }
});

pure("trends: Sen's own example", () => {
  // Sen 1968, p. 1388 (and SciPy's test): 21 slopes, the 11th of which is 4. He gives the 3rd-last
  // to the 4th as 26/7 to 35/8 with 93% confidence; 95% need one more on each side at least:
  // 1.96 · √(7·6·19/18) = 13.05 of 21, from the 3rd (11/3) to the 19th (5).
  const values = [9, 15, 19, 20, 45, 55, 78];
  const times = [1, 2, 3, 4, 10, 12, 18];
  const { slope, low, high, z } = trend(times.map((atMs, i) => ({ atMs, value: values[i]! })));
  assert.equal(slope, 4);
  assert.deepEqual([low, high], [11 / 3, 5]);
  assert.ok(low < 26 / 7 && high > 35 / 8);
  // Every pair rises: (21 − 1) / √(7·6·19/18).
  isClose(z, 20 / Math.sqrt(7 * 6 * 19 / 18));
});

pure("trends: a Mann–Kendall test by hand", () => {
  // J. Little, College of the Holy Cross, “A Mann–Kendall Example (By Hand)”: of 91 pairs 72 rise, 18
  // fall and one is equal (12.9), so S = 54, V = (14·13·33 − 2·1·9)/18, Z = 53/√V = 2.9058.
  const values = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11, 17.3, 15.9, 19, 18.3, 20.1, 21.7];
  const { z } = trend(atOnes(values));
  isClose(z, 53 / Math.sqrt((14 * 13 * 33 - 2 * 1 * 9) / 18));
  assert.equal(z.toFixed(4), "2.9058");
  isClose(trend(atOnes(values.toReversed())).z, -z);
});

pure("trends: ten values that only rise, only fall, or stay", () => {
  const ten = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
  // S = 10·9/2 = 45, V = 10·9·25/18 = 125.
  isClose(trend(atOnes(ten)).z, 44 / Math.sqrt(125));
  isClose(trend(atOnes(ten.toReversed())).z, -44 / Math.sqrt(125));
  assert.deepEqual(trend(atOnes(ten.map(() => 5))), { slope: 0, low: 0, high: 0, z: 0 });
});

pure("trends: up and down again is none", () => {
  const waves = Array.from({ length: 40 }, (_, i) => [3, 5, 3, 1][i % 4]!);
  const { slope, low, high, z } = trend(atOnes(waves));
  assert.equal(slope, 0);
  assert.ok(low <= 0 && high >= 0 && Math.abs(z) < 1);
});

pure("trends: a line is its slope, from low to high", () => {
  fc.assert(fc.property(points(2, 400, seed), seed, seed, (readings, slope, start) => {
    const line = readings.map(({ atMs }) => ({ atMs, value: start + slope * atMs }));
    const found = trend(line);
    for (const one of [found.slope, found.low, found.high]) isClose(one, slope);
    assert.equal(Math.sign(found.z), line.length > 2 ? Math.sign(slope) : 0);
  }));
});

pure("trends: noise moves a slope no further than it moves the ends", () => {
  fc.assert(
    fc.property(points(20, 100, fc.integer({ min: -50, max: 50 })), seed, (noise, slope) => {
      const readings = noise.map(({ atMs, value }) => ({ atMs, value: slope * atMs + value }));
      const found = trend(readings);
      // The noise of a pair is 100 at most; three quarters of the pairs are at least so far apart.
      const distances = readings.flatMap((a, i) =>
        readings.slice(i + 1).map((b) => b.atMs - a.atMs)
      );
      const quarter = distances.sort((a, b) => a - b)[distances.length >> 2]!;
      assert.ok(Math.abs(found.slope - slope) <= 100 / quarter + 1e-9, `${found.slope} ${slope}`);
    }),
  );
});

pure("trends: a quarter of wild outliers does not move the slope of a line", () => {
  const wild = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
  fc.assert(fc.property(
    points(5, 80, seed),
    seed,
    fc.array(fc.tuple(fc.nat(), wild), { maxLength: 20, size: "max" }),
    (readings, slope, outliers) => {
      const values = readings.map(({ atMs }) => slope * atMs);
      // 75% of the points make more than half of the pairs.
      for (const [at, value] of outliers.slice(0, Math.floor(values.length / 4))) {
        values[at % values.length] = value;
      }
      const found = trend(readings.map(({ atMs }, i) => ({ atMs, value: values[i]! })));
      isClose(found.slope, slope);
      assert.ok(found.low <= found.slope && found.slope <= found.high);
    },
  ));
});

pure("trends: no other when everything begins later, lies higher or is measured otherwise", () => {
  const whole = fc.integer({ min: 1, max: 2 ** 20 });
  fc.assert(
    fc.property(points(2, 60), whole, whole, fc.nat({ max: 10 }), (readings, late, up, power) => {
      const before = trend(readings);
      const moved = readings.map(({ atMs, value }) => ({ atMs: atMs + late, value: value + up }));
      assert.deepEqual(trend(moved), before);
      // Powers of two leave every digit as it is.
      const k = 2 ** power;
      const scaled = (trend: Trend, by: number) => ({
        slope: trend.slope * by,
        low: trend.low * by,
        high: trend.high * by,
        z: trend.z,
      });
      const slower = readings.map(({ atMs, value }) => ({ atMs: atMs * k, value }));
      assert.deepEqual(trend(slower), scaled(before, 1 / k));
      const larger = readings.map(({ atMs, value }) => ({ atMs, value: value * k }));
      assert.deepEqual(trend(larger), scaled(before, k));
      const { slope, low, high, z } = trend(
        readings.map(({ atMs, value }) => ({ atMs, value: -value })),
      );
      for (
        const [a, b] of [[slope, -before.slope], [low, -before.high], [high, -before.low]] as const
      ) {
        isClose(a, b, Math.max(Math.abs(low), Math.abs(high)));
      }
      isClose(z, -before.z);
    }),
  );
});

pure("trends: two times are needed", () => {
  assert.equal(trendOf([]), null);
  assert.equal(trendOf([{ atMs: 5, value: 1 }]), null);
  assert.equal(trendOf([{ atMs: 5, value: 1 }, { atMs: 5, value: 9 }]), null);
  const two = [{ atMs: 10, value: 7 }, { atMs: 14, value: 9 }];
  // S = 1, less the step towards zero.
  assert.deepEqual(trendOf(two), { slope: 0.5, low: 0.5, high: 0.5, z: 0 });
  // Of the pairs of three, those at the same time have no slope.
  const { slope, low, high } = trend([...two, { atMs: 14, value: 11 }]);
  assert.deepEqual([slope, low, high], [0.75, 0.5, 1]);
});

pure("trends: many points are as good as few", () => {
  const line = Array.from({ length: 10_000 }, (_, i) => ({ atMs: 1000 * i, value: 3 * i }));
  const { slope, z } = trend(line);
  isClose(slope, 0.003);
  // 300 points are left, and every pair of them rises.
  isClose(z, (300 * 299 / 2 - 1) / Math.sqrt(300 * 299 * 605 / 18));
  // A peak in every group of 33 is in none of their medians.
  const peaks = line.map(({ atMs, value }, i) => ({ atMs, value: i % 33 === 7 ? 2 ** 40 : value }));
  const spiked = trend(peaks);
  assert.ok(Math.abs(spiked.slope - 0.003) < 1e-5);
  assert.equal(spiked.z, z);
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
