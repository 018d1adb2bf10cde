// @ts-check
/** What a chart shows of a model: series for each process, or areas of instances that add up. */

/** @import { Drawn } from "./drawn.js" */
/** @import { Limits, Line, Model, Thresholds } from "./history.js" */
import { heightsAt, holesIn, stack, sumOf, timesOf, valuesAt, withBreaks } from "./join.js";

/** @typedef {"processes" | "instances"} View */

/**
 * One series: a line, everything else that is not drawn by itself, or the total.
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} mark
 * @property {string} name
 * @property {number | null} slot null: no look of its own
 * @property {readonly (number | null)[]} heights what is drawn, in a stack without what is below
 * @property {readonly (number | null | undefined)[]} own readings, undefined where there is none at this time
 */

/** @typedef {{ level: "warning" | "critical", bytes: number, label: string }} LimitLine */

/**
 * @typedef {object} Scene
 * @property {View} view
 * @property {number[]} times
 * @property {Entry[]} entries
 * @property {(readonly (number | null)[])[]} columns where the top of each entry is
 * @property {[number, number][]} holes
 * @property {LimitLine[]} limits
 */

/**
 * What is drawn of a model, and where.
 * @param {Model} model
 * @param {View} view
 * @param {Drawn} drawn
 * @returns {Scene}
 */
export function sceneOf(model, view, drawn) {
  const isStack = view === "instances";
  const all = isStack ? model.instances : processesOf(model);
  const shown = all.filter(({ id }) => drawn.slots.has(id));
  const hidden = isStack ? all.filter(({ id }) => !drawn.slots.has(id)) : [];
  const times = timesWithBreaks(isStack ? all : shown);
  const entries = shown.map((line) => entryOf(line, drawn.slots.get(line.id) ?? 0, times));
  if (hidden.length > 0) {
    entries.push(sum("others", `${hidden.length} others`, hidden.map((l) => heightsAt(l, times))));
  }
  const heights = entries.map((entry) => entry.heights);
  const columns = isStack ? stack(heights) : heights;
  if (isStack && entries.length > 0) {
    entries.push(sum("total", "total", heights));
    columns.push(columns.at(-1) ?? []);
  }
  const holes = holesIn(times, isStack ? columns.at(-1) ?? [] : sumOf(heights));
  const roles = new Set(all.map(({ about }) => about.role));
  return { view, times, entries, columns, holes, limits: limitLines(model.thresholds, roles) };
}

/** @param {readonly Line[]} lines */
function timesWithBreaks(lines) {
  const times = timesOf(lines);
  return withBreaks(times, lines.map((line) => heightsAt(line, times)));
}

/**
 * Every process of every instance.
 * @param {Model} model
 * @returns {Line[]}
 */
export function processesOf({ instances }) {
  return instances.flatMap(({ children }) => children);
}

/**
 * @param {Line} line
 * @param {number} slot
 * @param {number[]} times
 * @returns {Entry}
 */
function entryOf(line, slot, times) {
  const { id, mark, about } = line;
  const name = `${about.name} ${about.pid}`;
  return { id, mark, name, slot, heights: heightsAt(line, times), own: valuesAt(line, times) };
}

/**
 * @param {string} id
 * @param {string} name
 * @param {readonly (readonly (number | null)[])[]} columns
 * @returns {Entry}
 */
function sum(id, name, columns) {
  const heights = sumOf(columns);
  return { id, mark: "", name, slot: null, heights, own: heights };
}

/**
 * The limits of these roles, each once.
 * @param {Thresholds} thresholds
 * @param {ReadonlySet<string>} roles
 * @returns {LimitLine[]}
 */
export function limitLines(thresholds, roles) {
  const { scope } = thresholds;
  const own = Object.entries(thresholds.roles ?? {}).filter(([role]) => roles.has(role));
  /** @type {[string, Limits][]} */
  const all = own.length > 0 && own.length === roles.size ? own : [["", thresholds], ...own];
  return all.flatMap(([role, limits]) => {
    const whom = role ? `${role} ${scope}` : scope;
    return /** @type {const} */ (["warning", "critical"]).map((level) => ({
      level,
      bytes: limits[`${level}_bytes`],
      label: `${level}, each ${whom}`,
    }));
  });
}
