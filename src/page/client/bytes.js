// @ts-check
/** Bytes as people read them, and where an axis of bytes is cut. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** What stands where nothing is known. */
export const UNKNOWN = "–";

/**
 * `2.41 GiB`, `751 MiB`, `1023 B`: three digits, powers of 1024; `–` for what is not known.
 * @param {number | null | undefined} bytes
 * @returns {string}
 */
export function formatBytes(bytes) {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  let size = Math.abs(bytes);
  let unit = 0;
  // What would be rounded to 1024 is one of the next unit.
  while (rounded(size) >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${bytes < 0 ? "-" : ""}${unit === 0 ? Math.round(size) : rounded(size)} ${UNITS[unit]}`;
}

/** @param {number} size */
function rounded(size) {
  return size >= 999.5 ? Math.round(size) : Number(size.toPrecision(3));
}

/**
 * `+200 MiB`, `-1.5 KiB`, `0 B`: a change.
 * @param {number | null} bytes
 * @returns {string}
 */
export function formatChange(bytes) {
  return bytes !== null && bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/**
 * Cuts of an axis from 0 to at least `top`, a power of two apart and at most so many above 0, so that each reads
 * as a round number of KiB, MiB or GiB.
 * @param {number | null} top
 * @param {number} most
 * @returns {number[]}
 */
export function byteSplits(top, most) {
  const bytes = Math.max(top ?? 0, 1);
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(bytes / Math.max(1, most))));
  return Array.from({ length: Math.ceil(bytes / step) + 1 }, (_, i) => i * step);
}

/**
 * What a series held at an index, or at last; with a `~` where it was not read just then.
 * @param {{ readonly heights: readonly (number | null)[], readonly own: readonly unknown[] }} series
 * @param {number | null | undefined} index
 * @returns {string}
 */
export function readingOf({ heights, own }, index) {
  const i = index ?? heights.length - 1;
  const bytes = heights[i] ?? null;
  if (bytes === null) return UNKNOWN;
  return own[i] === undefined ? `~${formatBytes(bytes)}` : formatBytes(bytes);
}
