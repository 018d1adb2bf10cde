/** Medians, quartiles and lines: what a noisy machine cannot move far, and what it leads to. */

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The quartiles of at least one value. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  return { low: at(sorted, 1 / 4), median: at(sorted, 1 / 2), high: at(sorted, 3 / 4) };
}

/**
 * The median of `values[i] / of[i]`. Both were measured in the same round, one right after the other,
 * so that what slows the machine for a while slows both and cancels out.
 */
export function medianRatio(values: readonly number[], of: readonly number[]): number {
  return quartiles(values.map((value, i) => value / of[i]!)).median;
}

/** y = intercept + slope × x */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** The line with the least squares of distances to the points, or null if these have no two x. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line | null {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  let squares = 0;
  let products = 0;
  for (const [x, y] of points) {
    squares += (x - meanX) ** 2;
    products += (x - meanX) * (y - meanY);
  }
  if (!(squares > 0)) return null;
  const slope = products / squares;
  return { slope, intercept: meanY - slope * meanX };
}

function at(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
