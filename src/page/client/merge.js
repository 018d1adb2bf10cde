// @ts-check
/** Looks of a live stream, one after the other into the model. */

/** @import { About, Happening, Line, Model } from "./history.js" */
import { alertOf } from "./alerts.js";
import { addLine, addPoint, lineId } from "./history.js";
import { addReading, addTime, limitsOf, noStats } from "./stats.js";

/** @typedef {About & { readonly bytes: number | null }} Heard */

/**
 * A message of the stream: what one look found.
 * @typedef {object} Look
 * @property {number} at
 * @property {string} level
 * @property {number} interval_ms
 * @property {boolean} is_gap nothing was read before this for a while
 * @property {readonly (Heard & { readonly processes: readonly Heard[] })[]} instances
 * @property {readonly Happening[]} events
 */

/**
 * Puts a look into the model. False: it is not later than the last one, and nothing changed.
 * @param {Model} model
 * @param {Look} look
 * @returns {boolean}
 */
export function mergeLook(model, look) {
  const { at } = look;
  if (at <= model.lastAt) return false;
  /** @type {Set<Line>} */
  const heard = new Set();
  let total = 0;
  for (const instance of look.instances) {
    const line = hear(model, null, instance, look);
    total += instance.bytes ?? 0;
    heard.add(line);
    for (const process of instance.processes) heard.add(hear(model, line, process, look));
  }
  for (const line of model.lines.values()) {
    if (line.isThere && !heard.has(line)) leave(model, line, look);
  }
  if (total > (model.peak.bytes ?? -1)) model.peak = { bytes: total, at };
  for (const happening of look.events) tell(model, happening);
  Object.assign(model, { lastAt: at, until: at, intervalMs: look.interval_ms });
  Object.assign(model, { total, level: look.level, looks: model.looks + 1 });
  return true;
}

/**
 * @param {Model} model
 * @param {Line | null} parent
 * @param {Heard} heard
 * @param {Look} look
 */
function hear(model, parent, heard, look) {
  const { at } = look;
  const now = new Date(at).toISOString();
  const nothing = { stats: noStats(), first_at: now, last_at: now, points: [] };
  const line = model.lines.get(lineId(parent, heard.key)) ?? addLine(model, parent, heard, nothing);
  settle(model, line, look);
  addReading(line.stats, at, heard.bytes);
  addPoint(line, at, heard.bytes);
  Object.assign(line, { lastAt: at, settledMs: 0, isThere: true });
  return line;
}

/**
 * A line that the look did not find: it stops where it was heard last.
 * @param {Model} model
 * @param {Line} line
 * @param {Look} look
 */
function leave(model, line, look) {
  line.isThere = false;
  settle(model, line, look);
}

/**
 * How long the last reading stood, now that the next one is here: at most an interval before a hole.
 * @param {Model} model
 * @param {Line} line
 * @param {Look} look
 */
function settle({ thresholds }, line, { at, is_gap, interval_ms }) {
  const { stats, values, lastAt, about } = line;
  const bytes = stats.last_bytes;
  if (bytes === null || (values.at(-1) ?? null) === null) return;
  const isHole = is_gap || !line.isThere;
  const ms = isHole ? Math.min(interval_ms, at - lastAt) : at - lastAt;
  const fresh = Math.max(0, ms - Math.min(line.settledMs, interval_ms));
  addTime(stats, bytes, fresh, limitsOf(thresholds, about.role));
  line.settledMs = ms;
  if (lastAt + ms < at) addPoint(line, lastAt + ms, null);
}

/**
 * @param {Model} model
 * @param {Happening} happening
 */
function tell(model, happening) {
  model.events.push(happening);
  if (alertOf(happening) === null) return;
  model.alerts++;
  for (const line of subjectsOf(model, happening)) line.stats.alerts++;
}

/**
 * Who an event is about: an instance, and of an event about a process that process too.
 * @param {Model} model
 * @param {Happening} happening
 * @returns {Line[]}
 */
function subjectsOf({ instances }, { subject, instance, pid }) {
  const owner = instances.find(({ about, isThere }) => isThere && about.id === instance);
  if (owner === undefined) return [];
  const isMeant = (/** @type {Line} */ line) => line.isThere && line.about.pid === pid;
  return subject === "process" ? [owner, ...owner.children.filter(isMeant)] : [owner];
}

/**
 * Forgets the points before a time, but for the one that leads into what follows; statistics stay.
 * @param {Model} model
 * @param {number} before
 */
export function forget({ lines }, before) {
  for (const { times, values, isThere } of lines.values()) {
    const after = (/** @type {number} */ i) => times[i + 1] ?? (isThere ? Infinity : times[i]);
    let many = 0;
    while ((after(many) ?? Infinity) <= before) many++;
    times.splice(0, many);
    values.splice(0, many);
  }
}
