// @ts-check
/** The columns of the table of instances and processes, and the order of its rows. */

/** @import { Limits, Line } from "./history.js" */
import { formatBytes, formatChange, UNKNOWN } from "./bytes.js";
import { formatDuration, formatSpan } from "./time.js";

/**
 * @typedef {object} Column
 * @property {string} id
 * @property {string} label
 * @property {string} title
 * @property {(line: Line) => number | string | null} of what rows are sorted by
 * @property {(line: Line) => string} say
 */

/** @type {readonly Column[]} */
export const COLUMNS = [
  {
    id: "name",
    label: "Process",
    title: "Mark in the chart, name, role, pid",
    of: ({ about }) => about.name.toLowerCase(),
    say: ({ about }) => about.name,
  },
  {
    id: "last",
    label: "Last",
    title: "The last reading",
    of: ({ stats }) => stats.last_bytes,
    say: ({ stats }) => formatBytes(stats.last_bytes),
  },
  {
    id: "peak",
    label: "Peak",
    title: "The highest reading",
    of: ({ stats }) => stats.max_bytes,
    say: ({ stats }) => formatBytes(stats.max_bytes),
  },
  {
    id: "mean",
    label: "Mean",
    title: "The mean over the time that readings stand for",
    of: ({ stats }) => stats.mean_bytes,
    say: ({ stats }) => formatBytes(stats.mean_bytes),
  },
  {
    id: "growth",
    label: "Growth",
    title: "The last reading minus the first",
    of: ({ stats }) => stats.growth_bytes,
    say: ({ stats }) => formatChange(stats.growth_bytes),
  },
  {
    id: "warning",
    label: "> Warning",
    title: "Time above the warning limit",
    of: ({ stats }) => stats.over_warning_ms,
    say: ({ stats }) => formatDuration(stats.over_warning_ms),
  },
  {
    id: "critical",
    label: "> Critical",
    title: "Time above the critical limit",
    of: ({ stats }) => stats.over_critical_ms,
    say: ({ stats }) => formatDuration(stats.over_critical_ms),
  },
  {
    id: "alerts",
    label: "Alerts",
    title: "Times that it went over a limit, was seen to grow or to run in many copies",
    of: ({ stats }) => stats.alerts,
    say: ({ stats }) => stats.alerts > 0 ? String(stats.alerts) : UNKNOWN,
  },
  {
    id: "seen",
    label: "Seen",
    title: "From the first to the last look at it",
    of: ({ firstAt }) => firstAt,
    say: ({ firstAt, lastAt }) => formatSpan(firstAt, lastAt),
  },
];

/**
 * Lines in the order of a column. What is not known stands at the end either way.
 * @param {readonly Line[]} lines
 * @param {Column} column
 * @param {boolean} isDown
 * @returns {Line[]}
 */
export function sorted(lines, { of }, isDown) {
  return [...lines].sort((first, second) => {
    const [a, b] = [of(first), of(second)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = a < b ? -1 : a > b ? 1 : 0;
    return isDown ? -order : order;
  });
}

/**
 * The worst limit that the highest reading is over, or null.
 * @param {Line} line
 * @param {Limits} limits
 * @returns {"critical" | "warning" | null}
 */
export function worstOf({ stats }, limits) {
  const bytes = stats.max_bytes ?? 0;
  if (bytes > limits.critical_bytes) return "critical";
  return bytes > limits.warning_bytes ? "warning" : null;
}
