/** Statistics of readings. Pure, and of any unit: values are what they are, times in milliseconds. */

/** What a list of values looks like. */
export interface Statistics {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  /** Standard deviation of a sample (divided by count − 1); null for a single value. */
  readonly stdev: number | null;
  readonly first: number;
  readonly last: number;
}

/** The statistics of some values, or null of none. */
export function summarize(values: readonly number[]): Statistics | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    min: sorted[0]!,
    max: sorted[count - 1]!,
    mean,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    stdev: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    first: values[0]!,
    last: values[count - 1]!,
  };
}

/**
 * The value below which the share `q` (0 to 1) of the sorted values lies, interpolated between its two
 * neighbours (Hyndman and Fan's type 7, the default of R, NumPy and spreadsheets).
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}

/** A value at a time. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Where points are going. Slopes are per millisecond. */
export interface Trend {
  /** Theil–Sen: the median of the slopes between all pairs, which up to 29% of outliers can't move far. */
  readonly slope: number;
  /** The range that holds the true slope with 95% confidence (Sen 1968); of few points, all slopes. */
  readonly low: number;
  readonly high: number;
  /**
   * Mann–Kendall: how far the points are from no trend at all, in standard deviations. Steady growth
   * gives a large number however slow it is; ups and downs cancel out.
   */
  readonly z: number;
}

/** Pairs grow with the square of the points: of more than these, neighbours are put together. */
const MOST_POINTS = 300;
/** The standard normal distribution's 97.5% quantile: 95% lie between it and its negative. */
const Z_95 = 1.959964;

/** The trend of points in the order of their times, or null if there are no two times. */
export function trendOf(points: readonly Point[]): Trend | null {
  const few = thin(points, MOST_POINTS);
  const slopes = new Float64Array(few.length * (few.length - 1) / 2);
  let pairs = 0;
  let score = 0;
  for (let i = 0; i < few.length; i++) {
    for (let j = i + 1; j < few.length; j++) {
      const ms = few[j]!.atMs - few[i]!.atMs;
      if (ms <= 0) continue;
      const rise = few[j]!.value - few[i]!.value;
      slopes[pairs++] = rise / ms;
      score += Math.sign(rise);
    }
  }
  if (pairs === 0) return null;
  const sorted = slopes.subarray(0, pairs).sort();
  const sigma = Math.sqrt(varianceOfScore(few.map((p) => p.value)));
  const half = Z_95 * sigma / 2;
  return {
    slope: quantile(sorted, 0.5),
    low: sorted[Math.max(0, Math.floor(pairs / 2 - half) - 1)]!,
    high: sorted[Math.min(pairs - 1, Math.ceil(pairs / 2 + half))]!,
    // One step towards zero: the score is a whole number, the distribution is not.
    z: sigma === 0 ? 0 : (score - Math.sign(score)) / sigma,
  };
}

/** The variance of Mann–Kendall's score when there is no trend, with values that occur repeatedly. */
function varianceOfScore(values: readonly number[]): number {
  const of = (n: number) => n * (n - 1) * (2 * n + 5);
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let tied = 0;
  for (const times of ties.values()) tied += of(times);
  return (of(values.length) - tied) / 18;
}

/** At most `most` points: neighbours are put together, by the medians of their times and values. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, i) => {
    const from = Math.floor(i * points.length / most);
    const group = points.slice(from, Math.floor((i + 1) * points.length / most));
    return { atMs: medianOf(group.map((p) => p.atMs)), value: medianOf(group.map((p) => p.value)) };
  });
}

function medianOf(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/**
 * Milliseconds until a value that goes on like this is above a limit: 0 if it is already, null if it is
 * not sure to grow (with 95% confidence, as fewer than five points can't show it).
 */
export function msUntil(limit: number, last: number, trend: Trend | null): number | null {
  if (last > limit) return 0;
  return trend && trend.z > Z_95 && trend.low > 0 ? (limit - last) / trend.slope : null;
}
