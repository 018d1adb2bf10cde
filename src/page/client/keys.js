// @ts-check
/** What keys do while the chart has the focus. */

/** @typedef {{ kind: "move" | "zoom" | "reset", by: number }} Action */

/** So many readings at once with Shift. */
const LEAP = 10;

/**
 * What a key does, or null. Keys with Ctrl, Alt or Meta belong to the browser.
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean }} event
 * @returns {Action | null}
 */
export function actionOf({ key, shiftKey, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  switch (key) {
    case "ArrowLeft":
      return { kind: "move", by: shiftKey ? -LEAP : -1 };
    case "ArrowRight":
      return { kind: "move", by: shiftKey ? LEAP : 1 };
    case "Home":
      return { kind: "move", by: -Infinity };
    case "End":
      return { kind: "move", by: Infinity };
    case "+":
    case "=":
      return { kind: "zoom", by: 0.5 };
    case "-":
    case "_":
      return { kind: "zoom", by: 2 };
    case "0":
    case "Escape":
      return { kind: "reset", by: 0 };
    default:
      return null;
  }
}

/** @typedef {readonly [number, number]} Range */

/**
 * A range that is so many times as long, with one of its times where it was, and within the whole; null: all of it.
 * @param {Range} range
 * @param {number} by
 * @param {number} around
 * @param {Range} whole
 * @param {number} least the shortest that it can be
 * @returns {Range | null}
 */
export function zoomed([from, to], by, around, whole, least) {
  const length = Math.max((to - from) * by, least);
  if (length >= whole[1] - whole[0]) return null;
  const share = (around - from) / (to - from || 1);
  return within([around - share * length, around + (1 - share) * length], whole);
}

/**
 * A range moved so that it lies in another one that is not shorter.
 * @param {Range} range
 * @param {Range} whole
 * @returns {Range}
 */
export function within([from, to], [first, last]) {
  const shift = Math.max(0, first - from) - Math.max(0, to - last);
  return [from + shift, to + shift];
}

/**
 * A range moved as little as it takes to show a time.
 * @param {Range} range
 * @param {number} at
 * @returns {Range}
 */
export function showing([from, to], at) {
  const shift = Math.min(0, at - from) + Math.max(0, at - to);
  return [from + shift, to + shift];
}
