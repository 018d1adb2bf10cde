// @ts-check
/** Which lines are drawn, and which look each of them has. */

/** @import { Line } from "./history.js" */

/** So many are drawn unless the reader asks for more. */
export const MOST_DRAWN = 12;

/**
 * What is drawn of lines that compete for room: instances, or processes.
 * @typedef {object} Drawn
 * @property {Map<string, number>} slots the look of each line that is drawn, by its id
 * @property {Set<string>} known lines that had their chance
 */

/**
 * Nothing is drawn, and nothing was known so far.
 * @returns {Drawn}
 */
export function nothingDrawn() {
  return { slots: new Map(), known: new Set() };
}

/**
 * Draws the largest of the lines that are new, as long as there is room, and forgets those that are no more.
 * @param {Drawn} drawn
 * @param {readonly Line[]} lines all that there are
 */
export function drawNew(drawn, lines) {
  const there = new Set(lines.map(({ id }) => id));
  for (const id of drawn.known) {
    if (there.has(id)) continue;
    drawn.known.delete(id);
    drawn.slots.delete(id);
  }
  const fresh = lines.filter(({ id }) => !drawn.known.has(id));
  fresh.sort((a, b) => (b.stats.max_bytes ?? -1) - (a.stats.max_bytes ?? -1));
  for (const { id } of fresh) {
    drawn.known.add(id);
    if (drawn.slots.size < MOST_DRAWN) setDrawn(drawn, id, true);
  }
}

/**
 * Draws a line, in the first look that is free, or draws it no more.
 * @param {Drawn} drawn
 * @param {string} id
 * @param {boolean} isDrawn
 */
export function setDrawn({ slots }, id, isDrawn) {
  if (!isDrawn) slots.delete(id);
  if (!isDrawn || slots.has(id)) return;
  const taken = new Set(slots.values());
  let slot = 0;
  while (taken.has(slot)) slot++;
  slots.set(id, slot);
}
