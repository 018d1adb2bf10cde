/** Medians and quartiles: what a noisy machine cannot move far. */

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

function at(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
