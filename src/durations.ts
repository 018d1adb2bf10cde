/** Durations as people write them: `10s`, `500ms`, `1h30m`. */

/** What is accepted, for messages. */
export const DURATION_FORMS = "500ms, 10s, 5m, 1h30m or 2d";

/** Units, the largest first, as they must follow each other; a month or a year has no one length. */
const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000], ["ms", 1]] as const;

const DURATION = new RegExp(
  `^${UNITS.map(([unit]) => `(?:(\\d{1,9}(?:\\.\\d{1,3})?)${unit})?`).join("")}$`,
);

/**
 * The duration that a text names, in milliseconds, or null if it names none. Strict: a bare number may
 * mean seconds or milliseconds, and is not accepted.
 */
export function parseDuration(text: string): number | null {
  const amounts = DURATION.exec(text)?.slice(1);
  if (text === "" || !amounts) return null;
  const ms = amounts.reduce((sum, amount, i) => sum + Number(amount ?? 0) * UNITS[i]![1], 0);
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : null;
}

/** A duration as this module reads it, such as `1h30m`. */
export function writeDuration(ms: number): string {
  let rest = Math.round(ms);
  let text = "";
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text === "" ? "0s" : text;
}
