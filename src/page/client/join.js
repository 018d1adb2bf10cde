// @ts-check
/** Points of several lines, joined by time for a chart; and areas that add up to a total. */

/**
 * Points in the order of time. null: from here on there is a hole.
 * @typedef {object} Points
 * @property {number[]} times milliseconds since 1970
 * @property {(number | null)[]} values bytes
 */

/**
 * Every time at which one of them has a point, in order.
 * @param {readonly Points[]} lines
 * @returns {number[]}
 */
export function timesOf(lines) {
  /** @type {Set<number>} */
  const all = new Set();
  for (const { times } of lines) {
    for (const time of times) all.add(time);
  }
  return [...all].sort((a, b) => a - b);
}

/**
 * The times, and one in the middle of each pass between two of them over which no line goes: there, nothing is drawn.
 * @param {readonly number[]} times
 * @param {readonly (readonly (number | null)[])[]} heights of each line at these times
 * @returns {number[]}
 */
export function withBreaks(times, heights) {
  return times.flatMap((time, i) => {
    const next = times[i + 1];
    const isThere = (/** @type {number} */ at) => heights.some((column) => column[at] !== null);
    const goesOn = heights.some((column) => column[i] !== null && column[i + 1] !== null);
    if (next === undefined || goesOn || !isThere(i) || !isThere(i + 1)) return [time];
    return [time, (time + next) / 2];
  });
}

/**
 * A line's own values at these times; undefined where it has no point and just goes on.
 * @param {Points} line
 * @param {readonly number[]} times
 * @returns {(number | null | undefined)[]}
 */
export function valuesAt(line, times) {
  let next = 0;
  return times.map((time) => line.times[next] === time ? line.values[next++] : undefined);
}

/**
 * A line's height at these times: between two points on the straight line that joins them, null before the first,
 * after the last and in holes.
 * @param {Points} line
 * @param {readonly number[]} times
 * @returns {(number | null)[]}
 */
export function heightsAt({ times: own, values }, times) {
  let i = -1;
  return times.map((time) => {
    while (i + 1 < own.length && /** @type {number} */ (own[i + 1]) <= time) i++;
    const from = own[i];
    const height = values[i];
    if (from === undefined || height === undefined || height === null) return null;
    if (from === time) return height;
    const to = own[i + 1];
    const next = values[i + 1];
    if (to === undefined || next === undefined) return null;
    return next === null ? height : height + (next - height) * (time - from) / (to - from);
  });
}

/**
 * Sums from the first column up: the last is the total. Who is not there adds nothing; where nobody is, there is a hole.
 * @param {readonly (readonly (number | null)[])[]} columns of the same length
 * @returns {(number | null)[][]}
 */
export function stack(columns) {
  const length = columns[0]?.length ?? 0;
  const isHole = Array.from({ length }, (_, i) => columns.every((column) => column[i] === null));
  /** @type {(number | null)[]} */
  let below = isHole.map((hole) => hole ? null : 0);
  return columns.map((column) => {
    below = below.map((sum, i) => sum === null ? null : sum + (column[i] ?? 0));
    return below;
  });
}

/**
 * Several columns as one: their sum, null where none of them has a value.
 * @param {readonly (readonly (number | null)[])[]} columns of the same length
 * @returns {(number | null)[]}
 */
export function sumOf(columns) {
  return stack(columns).at(-1) ?? [];
}

/**
 * Where there is nothing, with something before and after it: from the last value to the next.
 * @param {readonly number[]} times
 * @param {readonly (number | null)[]} values
 * @returns {[number, number][]}
 */
export function holesIn(times, values) {
  /** @type {[number, number][]} */
  const holes = [];
  let last = -1;
  values.forEach((value, i) => {
    if (value === null) return;
    const [from, to] = [times[last], times[i]];
    if (last >= 0 && i > last + 1 && from !== undefined && to !== undefined) holes.push([from, to]);
    last = i;
  });
  return holes;
}
