/** A row of small bars: how a footprint went. */

const BARS = [..."▁▂▃▄▅▆▇█"];
/** What was not read. */
const HOLE = "·";
/** Values that differ by less than this share of the largest are drawn alike: noise is no mountain. */
const LEAST_RANGE = 0.1;

/** At most `width` bars, the oldest first. More values than that are put together: the largest counts. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const groups = inGroups(values, width);
  const known = groups.filter((value) => value !== null);
  if (known.length === 0) return HOLE.repeat(groups.length);
  const largest = known.reduce((a, b) => Math.max(a, b));
  const smallest = known.reduce((a, b) => Math.min(a, b));
  const range = Math.max(largest - smallest, largest * LEAST_RANGE);
  return groups.map((value) => {
    if (value === null) return HOLE;
    const height = range === 0 ? 0 : (value - smallest) / range;
    return BARS[Math.min(BARS.length - 1, Math.floor(height * BARS.length))];
  }).join("");
}

function inGroups(values: readonly (number | null)[], width: number): (number | null)[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, i) => {
    const from = Math.floor(i * values.length / width);
    const group = values.slice(from, Math.floor((i + 1) * values.length / width));
    return group.reduce((a, b) => a === null ? b : b === null ? a : Math.max(a, b), null);
  });
}
