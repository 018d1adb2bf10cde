// @ts-check
/** Which events are alerts, and where they are marked on an axis of time. */

/** @import { Happening } from "./history.js" */

/** @type {Readonly<Record<string, number>>} */
const RANKS = { normal: 0, unknown: 0, warning: 1, critical: 2 };

/**
 * What kind of alert an event is: `critical` and `warning` where a level went up to it, `growth` and `duplicates`;
 * null for what is none.
 * @param {Happening} happening
 * @returns {"critical" | "warning" | "growth" | "duplicates" | null}
 */
export function alertOf({ event, level, previous_level }) {
  if (event === "growth" || event === "duplicates") return event;
  if (event !== "level" || (level !== "warning" && level !== "critical")) return null;
  return (RANKS[level] ?? 0) > (RANKS[String(previous_level)] ?? 0) ? level : null;
}

/**
 * What is marked on the axis: alerts, and where readings stopped for a while.
 * @param {Happening} happening
 * @returns {"critical" | "warning" | "growth" | "duplicates" | "gap" | null}
 */
export function signOf(happening) {
  return happening.event === "gap" ? "gap" : alertOf(happening);
}

/** The order in which signs stand for what happened near each other. */
const WEIGHTS = ["critical", "warning", "growth", "duplicates", "gap"];

/**
 * Events that are so near each other on the axis that they share one sign, the weightiest of theirs.
 * @typedef {object} Cluster
 * @property {number} at of the first
 * @property {number} left pixels from the left of the plot to the middle of them
 * @property {string} sign
 * @property {Happening[]} events
 */

/**
 * Events that are marked, put together where their signs would overlap.
 * @param {readonly Happening[]} events the oldest first
 * @param {(at: number) => number} leftOf where on the axis a time is, in pixels
 * @param {number} width of the axis: what lies outside of it is left out
 * @param {number} apart the least distance of two signs
 * @returns {Cluster[]}
 */
export function clusters(events, leftOf, width, apart) {
  /** @type {Cluster[]} */
  const found = [];
  let start = -Infinity;
  for (const happening of events) {
    const sign = signOf(happening);
    const at = Date.parse(happening.at);
    const left = leftOf(at);
    if (sign === null || !(left >= 0 && left <= width)) continue;
    const near = found.at(-1);
    if (near === undefined || left - start >= apart) {
      found.push({ at, left, sign, events: [happening] });
      start = left;
      continue;
    }
    near.events.push(happening);
    near.left = (start + left) / 2;
    if (WEIGHTS.indexOf(sign) < WEIGHTS.indexOf(near.sign)) near.sign = sign;
  }
  return found;
}
