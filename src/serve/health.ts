/** Whether all is well, for who asks every few seconds. */

import type { JsonObject } from "../report/json.ts";
import type { Level } from "../types.ts";

/** A look is old when it is this many intervals old, and so many milliseconds more. */
const OLD_INTERVALS = 3;
const OLD_MS = 5000;

/** The last look, as far as it says how things stand. */
export interface Standing {
  readonly level: Level;
  readonly atMs: number;
  readonly intervalMs: number;
}

export interface Health {
  readonly isWell: boolean;
  readonly json: JsonObject;
}

/** Well is what was looked at lately and is normal or warned of. `standing`: null before the first look. */
export function healthOf(standing: Standing | null, nowMs: number): Health {
  if (standing === null) return say(false, "nothing was looked at yet", null, null, null);
  const { level, atMs, intervalMs } = standing;
  const ageMs = Math.max(0, Math.round(nowMs - atMs));
  if (ageMs > OLD_INTERVALS * intervalMs + OLD_MS) {
    return say(false, "the last look is old", level, ageMs, intervalMs);
  }
  const isWell = level === "normal" || level === "warning";
  return say(isWell, MEANINGS[level], level, ageMs, intervalMs);
}

const MEANINGS: Readonly<Record<Level, string>> = {
  normal: "all is within the limits",
  warning: "something is over the warning limit",
  critical: "something is over the critical limit",
  unknown: "something can't be read",
};

function say(
  isWell: boolean,
  message: string,
  level: Level | null,
  ageMs: number | null,
  intervalMs: number | null,
): Health {
  return {
    isWell,
    json: { healthy: isWell, message, level, age_ms: ageMs, interval_ms: intervalMs },
  };
}
