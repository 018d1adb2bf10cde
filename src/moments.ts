/** Moments as people name them: `24h` ago, `2026-01-31`, `2026-01-31T14:30`, `now`. */

import { parseDuration } from "./durations.ts";

/** So many milliseconds before now, or at so many since 1970. */
export type Moment = { readonly agoMs: number } | { readonly atMs: number };

/** What is accepted, for messages. */
export const MOMENT_FORMS =
  "24h (ago), 2026-01-31, 2026-01-31T14:30, with Z or +01:00 if it is not local time";

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** The moment that a text names, or null if it names none. Dates are local, if they name no zone. */
export function parseMoment(text: string): Moment | null {
  if (text === "now") return { agoMs: 0 };
  const agoMs = parseDuration(text);
  if (agoMs !== null) return { agoMs };
  const [whole, year, month, day, hour] = DATE.exec(text) ?? [];
  if (whole === undefined) return null;
  // A date by itself would be read as UTC.
  const atMs = Date.parse(hour === undefined ? `${whole}T00:00` : whole.replace(" ", "T"));
  if (Number.isNaN(atMs)) return null;
  // 31 February is read as a day in March.
  const isDay =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay ? { atMs } : null;
}

/** How long a time is if nobody says when it begins. */
const STANDARD_MS = 86_400_000;

/** From then on, and until before then, in milliseconds since 1970. */
export interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** The time between two moments, which may end before it begins. `endMs`: its end if nobody says. */
export function spanOf(
  since: Moment | undefined,
  until: Moment | undefined,
  nowMs: number,
  endMs: number,
): Span {
  const at = (moment: Moment) => Math.round(momentMs(moment, nowMs));
  const untilMs = until ? at(until) : endMs;
  // Of a time that ends in the future, what there is of it counts.
  const standardMs = Math.max(0, Math.min(untilMs, endMs) - STANDARD_MS);
  return { sinceMs: since ? at(since) : standardMs, untilMs };
}

/** When that is, in milliseconds since 1970; what was before is that very moment. */
export function momentMs(moment: Moment, nowMs: number): number {
  return Math.max(0, "atMs" in moment ? moment.atMs : nowMs - moment.agoMs);
}
