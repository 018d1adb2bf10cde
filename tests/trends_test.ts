import assert from "node:assert/strict";
import fc from "fast-check";
import { type Point, type Trend, trendOf } from "../src/stats.ts";
import { atOnes, bytes, isClose, naiveMedian, points, trend } from "./points.ts";
import { pure } from "./support.ts";

const seed = fc.integer({ min: -1000, max: 1000 });

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
