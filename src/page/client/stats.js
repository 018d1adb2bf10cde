// @ts-check
/** Statistics of readings, one reading after the other. */

/** @import { Limits, Thresholds } from "./history.js" */

/**
 * As the history document has them.
 * @typedef {object} Stats
 * @property {number} count
 * @property {number} unread
 * @property {number | null} first_bytes
 * @property {number | null} last_bytes
 * @property {number | null} min_bytes
 * @property {number | null} max_bytes
 * @property {string | null} max_at
 * @property {number | null} mean_bytes
 * @property {number | null} growth_bytes
 * @property {number} covered_ms
 * @property {number} over_warning_ms
 * @property {number} over_critical_ms
 * @property {number} alerts
 */

/**
 * Statistics of nothing.
 * @returns {Stats}
 */
export function noStats() {
  const nothing = { first_bytes: null, last_bytes: null, min_bytes: null, max_bytes: null };
  const none = { mean_bytes: null, growth_bytes: null, max_at: null };
  const over = { covered_ms: 0, over_warning_ms: 0, over_critical_ms: 0 };
  return { count: 0, unread: 0, ...nothing, ...none, ...over, alerts: 0 };
}

/**
 * Counts a look's reading; null: it could not be read.
 * @param {Stats} stats
 * @param {number} at
 * @param {number | null} bytes
 */
export function addReading(stats, at, bytes) {
  if (bytes === null) {
    stats.unread++;
    return;
  }
  stats.count++;
  stats.first_bytes ??= bytes;
  stats.last_bytes = bytes;
  stats.min_bytes = Math.min(stats.min_bytes ?? bytes, bytes);
  stats.mean_bytes ??= bytes;
  stats.growth_bytes = bytes - stats.first_bytes;
  if (stats.max_bytes === null || bytes > stats.max_bytes) {
    stats.max_bytes = bytes;
    stats.max_at = new Date(at).toISOString();
  }
}

/**
 * Counts how long a reading stood.
 * @param {Stats} stats
 * @param {number} bytes
 * @param {number} ms
 * @param {Limits} limits
 */
export function addTime(stats, bytes, ms, limits) {
  const covered = stats.covered_ms + ms;
  if (covered <= 0) return;
  stats.mean_bytes = ((stats.mean_bytes ?? 0) * stats.covered_ms + bytes * ms) / covered;
  stats.covered_ms = covered;
  if (bytes > limits.warning_bytes) stats.over_warning_ms += ms;
  if (bytes > limits.critical_bytes) stats.over_critical_ms += ms;
}

/**
 * The limits of a role.
 * @param {Thresholds} thresholds
 * @param {string} role
 * @returns {Limits}
 */
export function limitsOf(thresholds, role) {
  const { roles } = thresholds;
  return roles && Object.hasOwn(roles, role) ? roles[role] ?? thresholds : thresholds;
}
