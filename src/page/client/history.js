// @ts-check
/** The history document as a page holds it: instances, their processes, what they held at which time. */

/** @import { Stats } from "./stats.js" */

/**
 * Who a line is about, as the document says it; of text from other processes.
 * @typedef {object} About
 * @property {string} key
 * @property {string} [id] of an instance
 * @property {string} [host] of an instance
 * @property {number} pid
 * @property {string} role
 * @property {string} name
 * @property {string | null} [cwd] of an instance
 * @property {readonly string[] | null} [command_line] of a process
 * @property {string} started_at
 */

/**
 * A process, or the total of an instance, over time.
 * @typedef {object} Line
 * @property {string} id names it on this page
 * @property {string} mark `A` of an instance, `A1` of its first process
 * @property {Line | null} parent the instance of a process
 * @property {Line[]} children the processes of an instance
 * @property {About} about
 * @property {Stats} stats
 * @property {number} firstAt when it was looked at first
 * @property {number} lastAt when it was looked at last
 * @property {number} settledMs how much of the time that its last reading stands for is in the statistics
 * @property {number[]} times
 * @property {(number | null)[]} values
 * @property {boolean} isThere whether the last look of a live page found it
 */

/** @typedef {{ readonly warning_bytes: number, readonly critical_bytes: number }} Limits */
/** @typedef {Limits & { readonly scope: string, readonly roles: Readonly<Record<string, Limits>> }} Thresholds */
/** @typedef {{ readonly event: string, readonly at: string, readonly message: string, readonly [key: string]: unknown }} Happening */

/** @typedef {readonly [at: number, bytes: number | null]} Point */
/** @typedef {{ readonly stats: Stats, readonly first_at: string, readonly last_at: string, readonly points: readonly Point[] }} Series */

/**
 * What is read of the document.
 * @typedef {object} HistoryDocument
 * @property {{ readonly version: string }} tool
 * @property {string} taken_at
 * @property {{ readonly os: string, readonly arch: string }} host
 * @property {Thresholds} thresholds
 * @property {string} since
 * @property {string} until
 * @property {number} looks
 * @property {number | null} step_ms
 * @property {{ alerts: number, peak_bytes: number | null, peak_at: string | null, points: readonly Point[] }} totals
 * @property {(About & Series & { readonly processes: readonly (About & Series)[] })[]} instances
 * @property {readonly Happening[]} events
 */

/**
 * @typedef {object} Model
 * @property {HistoryDocument} document as it came
 * @property {Thresholds} thresholds
 * @property {Line[]} instances
 * @property {Map<string, Line>} lines instances and processes by their id
 * @property {Happening[]} events the oldest first
 * @property {number} since the start of what statistics are of
 * @property {number} until
 * @property {number} looks
 * @property {number} alerts
 * @property {number} lastAt the time of the last look
 * @property {number} intervalMs of looks, as far as it is known
 * @property {string | null} level of the last look of a live page
 * @property {{ bytes: number | null, at: number | null }} peak of all instances together
 * @property {number | null} total of all instances together in the last look
 * @property {Map<string, string>} marks every mark that was given, by the line's id
 * @property {Map<string, number>} marked how many marks were given to processes of an instance; of "", to instances
 */

/**
 * The model of a document. Marks stay as they were in the model before it.
 * @param {HistoryDocument} document
 * @param {Model | null} [before]
 * @returns {Model}
 */
export function readHistory(document, before = null) {
  const { totals, since, until } = document;
  /** @type {Model} */
  const model = {
    document,
    thresholds: document.thresholds,
    instances: [],
    lines: new Map(),
    events: [...document.events],
    since: Date.parse(since),
    until: Date.parse(until),
    looks: document.looks,
    alerts: totals.alerts,
    lastAt: 0,
    intervalMs: document.step_ms ?? 0,
    level: before?.level ?? null,
    peak: { bytes: totals.peak_bytes, at: totals.peak_at ? Date.parse(totals.peak_at) : null },
    total: totals.points.at(-1)?.[1] ?? null,
    marks: before?.marks ?? new Map(),
    marked: before?.marked ?? new Map(),
  };
  for (const instance of document.instances) {
    const line = addLine(model, null, instance, instance);
    for (const process of instance.processes) addLine(model, line, process, process);
  }
  for (const [at] of totals.points) model.lastAt = Math.max(model.lastAt, at);
  for (const { lastAt } of model.lines.values()) model.lastAt = Math.max(model.lastAt, lastAt);
  for (const line of model.lines.values()) {
    line.isThere = line.lastAt === model.lastAt;
    line.settledMs = Math.max(0, model.until - line.lastAt);
  }
  return model;
}

/**
 * Adds a line to the model, with what the document knows of it.
 * @param {Model} model
 * @param {Line | null} parent
 * @param {About} about
 * @param {Series} known
 * @returns {Line}
 */
export function addLine(model, parent, about, known) {
  const id = lineId(parent, about.key);
  /** @type {Line} */
  const line = {
    id,
    mark: markOf(model, parent, id),
    parent,
    children: [],
    about,
    stats: { ...known.stats },
    firstAt: Date.parse(known.first_at),
    lastAt: Date.parse(known.last_at),
    settledMs: 0,
    times: [],
    values: [],
    isThere: false,
  };
  for (const [at, bytes] of known.points) addPoint(line, at, bytes);
  (parent?.children ?? model.instances).push(line);
  model.lines.set(id, line);
  return line;
}

/**
 * The id of the instance or, with a parent, of the process that has this key.
 * @param {Line | null} parent
 * @param {string} key
 * @returns {string}
 */
export function lineId(parent, key) {
  return parent === null ? `instance ${key}` : `process ${key} of ${parent.id}`;
}

/**
 * Adds a point after the others; one that is not later than they are is none.
 * @param {Pick<Line, "times" | "values">} line
 * @param {number} at
 * @param {number | null} bytes
 */
export function addPoint({ times, values }, at, bytes) {
  if (at <= (times.at(-1) ?? -Infinity)) return;
  times.push(at);
  values.push(bytes);
}

/**
 * The mark of a line, for as long as this page is open.
 * @param {Model} model
 * @param {Line | null} parent
 * @param {string} id
 */
function markOf({ marks, marked }, parent, id) {
  const known = marks.get(id);
  if (known !== undefined) return known;
  const many = marked.get(parent?.id ?? "") ?? 0;
  const mark = parent === null ? letters(many) : `${parent.mark}${many + 1}`;
  marks.set(id, mark);
  marked.set(parent?.id ?? "", many + 1);
  return mark;
}

/**
 * `A` … `Z`, `AA`, `AB`, … for 0, 1, …
 * @param {number} index
 * @returns {string}
 */
export function letters(index) {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
