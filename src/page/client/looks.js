// @ts-check
/** How lines and areas look: colour, and for readers without colours dashes and textures. */

/** Colours of a theme, `--s0` to `--s5` of the style sheet. */
export const COLOURS = 6;

/** Dashes of lines, in pixels. */
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3], [4, 2], [12, 4, 2, 3, 2, 3]];

/** A tile's side in pixels, and paths that fill tiles without a seam. */
export const TILE = 8;
const TEXTURES = [
  "M-2 2L2 -2M0 8L8 0M6 10L10 6",
  "M4 0V8",
  "M-2 6L2 10M0 0L8 8M6 -2L10 2",
  "M0 4H8",
  "M2 2h1.5M6 6h1.5",
  "M0 4H8M4 0V8",
];

/**
 * @typedef {object} Look
 * @property {number} colour
 * @property {number[]} dash
 * @property {string} texture
 */

/**
 * The look of a slot: of 36 no two have both colour and dash, or colour and texture, in common.
 * @param {number} slot
 * @returns {Look}
 */
export function lookOf(slot) {
  const colour = slot % COLOURS;
  const other = (slot + Math.floor(slot / COLOURS)) % COLOURS;
  return { colour, dash: DASHES[other] ?? [], texture: TEXTURES[other] ?? "" };
}

/**
 * Positions of labels as near as can be to where they belong, and at least so far apart; within 0 and `height`
 * where there is room.
 * @param {readonly number[]} wanted
 * @param {number} apart
 * @param {number} height
 * @returns {number[]}
 */
export function spread(wanted, apart, height) {
  const order = wanted.map((_, i) => i).sort((a, b) => item(wanted, a) - item(wanted, b));
  const places = [...wanted];
  let least = -Infinity;
  for (const i of order) {
    least = Math.max(item(wanted, i), least);
    places[i] = least;
    least += apart;
  }
  let most = height;
  for (const i of order.reverse()) {
    places[i] = Math.min(item(places, i), most);
    most = item(places, i) - apart;
  }
  return places;
}

/** @param {readonly number[]} list @param {number} i */
function item(list, i) {
  return list[i] ?? 0;
}
