/** Alerts, written down: readings, and what each of them changed. */

import {
  type AlertChange,
  type AlertPolicy,
  CALM,
  type Judged,
  step,
} from "../../src/follow/alert.ts";
import type { Level } from "../../src/types.ts";

/** Limits of 100 and 200, which clear at 90 and 180. */
export const POLICY: AlertPolicy = {
  thresholds: { warningBytes: 100, criticalBytes: 200 },
  forReadings: 1,
  clearShare: 0.9,
  remindMs: 0,
};

/** A reading, none, or (negative) a lower bound of so much. */
export type Given = number | null;

export interface Step {
  readonly level: Level;
  readonly change: AlertChange | null;
}

export function judged(given: Given): Judged {
  return given !== null && given < 0
    ? { footprintBytes: -given, isPartial: true }
    : { footprintBytes: given, isPartial: false };
}

/** What each reading changed; the times are whole minutes unless they are given. */
export function run(
  given: readonly Given[],
  policy: Partial<AlertPolicy> = {},
  times?: number[],
): Step[] {
  let state = CALM;
  return given.map((one, i) => {
    const at = times?.[i] ?? i * 60_000;
    const next = step(state, judged(one), { ...POLICY, ...policy }, at);
    state = next.state;
    return { level: state.level, change: next.change };
  });
}

/** The changes as `W100` (to which level, by which limit), `!` for a reminder, `.` for none. */
export function changes(steps: readonly Step[]): string {
  return steps.map(({ level, change }) => {
    if (change === null) return ".";
    return `${change.kind === "level" ? level[0]!.toUpperCase() : "!"}${change.limitBytes ?? ""}`;
  }).join(" ");
}
