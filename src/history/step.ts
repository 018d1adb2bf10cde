/** How long a point of a chart stands for. Pure. */

/** More points than these, no screen shows. */
export const MOST_POINTS = 720;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Parts of a minute, of an hour, of a day, and whole days. */
const STEPS: readonly number[] = [
  ...[100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[1, 2, 3, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];

/**
 * Milliseconds that a point stands for, so that there are not too many; null: each of so many looks is
 * a point. `extentMs`: from the first look to the last; `hoursMs`: since the first hour of which only a
 * summary is left, or null if there is none.
 */
export function stepFor(looks: number, hoursMs: number | null, extentMs: number): number | null {
  if (hoursMs === null && looks <= MOST_POINTS) return null;
  const least = (hoursMs ?? extentMs) / MOST_POINTS;
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY;
}
