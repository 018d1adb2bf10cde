/** A line for crontab(5). */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { type Job, MARKER } from "./job.ts";
import { PLAIN_WORD } from "../shell_word.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * Longest command in bytes: MAX_COMMAND of cron.h is 1000 in the cron of Debian, macOS and FreeBSD
 * (Vixie's), and its get_string() leaves room for two.
 */
export const MOST_COMMAND_BYTES = 998;

/** What even times of an hour and of a day allow: steps that divide 60 minutes or 24 hours. */
const SCHEDULES: ReadonlyMap<number, string> = new Map([
  ...divisors(60).map((n) => [n * MINUTE_MS, `${every(n)} * * * *`] as const),
  ...divisors(24).map((n) => [n * HOUR_MS, `0 ${every(n)} * * *`] as const),
  [DAY_MS, "0 0 * * *"],
]);

/** The line, with a comment above it. Throws a UsageError for what cron can't do. */
export function cronLines({ command, everyMs }: Job): string {
  const schedule = SCHEDULES.get(everyMs);
  if (schedule === undefined) {
    throw new UsageError(
      `Cannot use --interval ${
        writeDuration(everyMs)
      } with cron, which knows even parts of an hour ` +
        `or a day: expected ${nearest(everyMs)}`,
    );
  }
  const line = command.map(cronWord).join(" ");
  const bytes = new TextEncoder().encode(line).length;
  if (bytes > MOST_COMMAND_BYTES) {
    throw new UsageError(
      `Cannot write a line for cron: the command has ${bytes} bytes, and cron takes ` +
        `${MOST_COMMAND_BYTES}. Put the command into a script and give cron its path, keep flags in ` +
        "the options file, or use ocmem's executable",
    );
  }
  return [
    `# ${MARKER}: OpenCode's memory, every ${writeDuration(everyMs)}. For crontab -e.`,
    `${schedule} ${line}`,
    "",
  ].join("\n");
}

/**
 * A word for the shell that cron leaves as it is. Crons differ in what they make of a backslash:
 * before `%` some drop it (Debian), some don't (Vixie's own), and some drop one of two (FreeBSD). So
 * `%` stands as `\%` outside quotes, where the shell drops what cron has left; and a backslash stands
 * in quotes of its own, so that neither `%` nor another one follows it.
 */
function cronWord(text: string): string {
  if (PLAIN_WORD.test(text)) return text;
  const pieces = text.match(/[^%\\']+|[%\\']/g) ?? [""];
  return pieces.map((piece) => piece === "%" || piece === "'" ? `\\${piece}` : `'${piece}'`).join(
    "",
  );
}

/** What divides a number, but for itself. */
function divisors(number: number): number[] {
  return Array.from({ length: number - 1 }, (_, i) => i + 1).filter((n) => number % n === 0);
}

function every(step: number): string {
  return step === 1 ? "*" : `*/${step}`;
}

/** The accepted intervals next to one that is not. */
function nearest(everyMs: number): string {
  const accepted = [...SCHEDULES.keys()];
  const below = accepted.findLast((ms) => ms < everyMs);
  const above = accepted.find((ms) => ms > everyMs);
  return [below, above].filter((ms) => ms !== undefined).map(writeDuration).join(" or ");
}
