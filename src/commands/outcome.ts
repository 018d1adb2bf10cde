/** How a command for the shell went, in words. */

import { writeDuration } from "../durations.ts";
import { visible } from "../report/harmless.ts";
import type { Outcome } from "../world.ts";

/** How much of a command's output is said when it fails. */
const MOST_SAID = 200;

/** What went wrong, or null. `timeoutMs` null: its time was up because ocmem's was. */
export function failureOf(outcome: Outcome, timeoutMs: number | null): string | null {
  if (outcome.kind === "refused") return `can't be run: ${visible(outcome.reason)}`;
  const [line = ""] = outcome.output.split("\n", 1);
  const said = line === "" ? "" : `: ${visible(line.slice(0, MOST_SAID)).replace(/\.$/, "")}`;
  if (outcome.kind === "ended") {
    return `was ended${timeoutMs === null ? "" : ` after ${writeDuration(timeoutMs)}`}${said}`;
  }
  return outcome.code === 0 ? null : `failed with exit code ${outcome.code}${said}`;
}
