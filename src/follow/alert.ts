/** When an alert begins, is repeated and ends: limits with patience on the way up, and slack on the way down. */

import type { Level, Limits } from "../types.ts";

export interface AlertPolicy {
  readonly thresholds: Limits;
  /** Readings over a limit in a row before it counts. */
  readonly forReadings: number;
  /** An alert ends once the footprint is at most this share (0 to 1) of the limit. */
  readonly clearShare: number;
  /** How often an alert is repeated while it lasts; 0: never. */
  readonly remindMs: number;
}

/** Something that counts once it has been so for some readings in a row. */
interface Latch {
  readonly isOn: boolean;
  readonly inARow: number;
}

export interface AlertState {
  readonly level: Level;
  /** When the level was announced, and when it was last repeated. */
  readonly sinceMs: number;
  readonly remindedAtMs: number;
  readonly warning: Latch;
  readonly critical: Latch;
  readonly unknown: Latch;
}

/** What a reading changed, if it is to be told. */
export type AlertChange =
  | { readonly kind: "level"; readonly from: Level; readonly limitBytes: number | null }
  | { readonly kind: "reminder"; readonly sinceMs: number; readonly limitBytes: number | null };

/** What is compared with the limits. */
export interface Judged {
  /** null: not read. */
  readonly footprintBytes: number | null;
  /** Whether parts of it are not read: it can be over a limit, but not surely within. */
  readonly isPartial: boolean;
}

const MOST_SLACK_MS = 1000;
const SLACK_SHARE = 0.1;

const OFF: Latch = { isOn: false, inARow: 0 };

/** Before the first reading, all is well. */
export const CALM: AlertState = {
  level: "normal",
  sinceMs: 0,
  remindedAtMs: 0,
  warning: OFF,
  critical: OFF,
  unknown: OFF,
};

/**
 * The state after a reading, taken at `elapsedMs` on a clock that never goes back. Without a reading
 * what was over a limit stays so: nobody knows better.
 */
export function step(
  state: AlertState,
  { footprintBytes, isPartial }: Judged,
  policy: AlertPolicy,
  elapsedMs: number,
): { readonly state: AlertState; readonly change: AlertChange | null } {
  const { thresholds: { warningBytes, criticalBytes }, forReadings, remindMs } = policy;
  const isWhole = footprintBytes !== null && !isPartial;
  const isOver = (limitBytes: number) => footprintBytes !== null && footprintBytes > limitBytes;
  const over = (latch: Latch, limitBytes: number) => {
    const holds = isOver(latch.isOn ? limitBytes * policy.clearShare : limitBytes);
    return holds || isWhole ? turn(latch, holds, forReadings) : latch;
  };
  const latches = {
    warning: over(state.warning, warningBytes),
    critical: over(state.critical, criticalBytes),
    unknown: turn(state.unknown, !isWhole && !isOver(warningBytes), forReadings),
  };
  const level = levelOf(latches);
  if (level !== state.level) {
    const next = { ...latches, level, sinceMs: elapsedMs, remindedAtMs: elapsedMs };
    const limit = limitBetween(state.level, level, policy.thresholds);
    return { state: next, change: { kind: "level", from: state.level, limitBytes: limit } };
  }
  const isBad = level === "warning" || level === "critical";
  const isDue = elapsedMs - state.remindedAtMs >= remindMs - slackMs(remindMs);
  if (isBad && remindMs > 0 && isDue) {
    const next = { ...latches, level, sinceMs: state.sinceMs, remindedAtMs: elapsedMs };
    const limitBytes = level === "critical" ? criticalBytes : warningBytes;
    const sinceMs = elapsedMs - state.sinceMs;
    return { state: next, change: { kind: "reminder", sinceMs, limitBytes } };
  }
  return { state: { ...state, ...latches }, change: null };
}

/** How much sooner than planned counts as in time: readings come some milliseconds late, or less late. */
function slackMs(remindMs: number): number {
  return Math.min(MOST_SLACK_MS, remindMs * SLACK_SHARE);
}

/** On after so many in a row, off at once. */
function turn(latch: Latch, holds: boolean, forReadings: number): Latch {
  const inARow = holds ? latch.inARow + 1 : 0;
  return { isOn: inARow >= forReadings, inARow };
}

/** The worst that is on: a known excess outranks what is not known. */
function levelOf(
  { warning, critical, unknown }: Pick<AlertState, "warning" | "critical" | "unknown">,
): Level {
  if (critical.isOn) return "critical";
  if (warning.isOn) return "warning";
  return unknown.isOn ? "unknown" : "normal";
}

/** The limit that was crossed: on the way up the new level's, on the way down the old one's. */
function limitBetween(
  from: Level,
  to: Level,
  { warningBytes, criticalBytes }: Limits,
): number | null {
  if (to === "critical" || from === "critical") return criticalBytes;
  return to === "warning" || from === "warning" ? warningBytes : null;
}
