/** How far a long command is, on standard error if that is a terminal. */

import { type Look, totalBytes } from "../look.ts";
import type { TrackPlan } from "../report/track.ts";
import { formatBytes, formatDuration } from "../report/units.ts";
import { count } from "../report/words.ts";
import type { World } from "../world.ts";

/** ECMA-48: back to the start of the line, and erase it. */
const CLEAR = "\r\x1b[2K";

/** A line that is written over, and gone at the end. */
export class StatusLine implements Disposable {
  readonly #stderr: World["stderr"];
  readonly #isShown: boolean;

  /** `streams`: standard output shows lines meanwhile, which on a terminal would be in the way. */
  constructor(world: World, streams = false) {
    this.#stderr = world.stderr;
    this.#isShown = world.stderr.isTerminal() && world.env("TERM") !== "dumb" &&
      !(streams && world.stdout.isTerminal());
  }

  show(text: string): void {
    if (this.#isShown) this.#stderr.write(CLEAR + text);
  }

  [Symbol.dispose](): void {
    if (this.#isShown) this.#stderr.write(CLEAR);
  }
}

/** How far a tracking is after so many looks: `3 of 10 looks: 824 MiB in 6 processes, 7s left`. */
export function sayProgress(plan: TrackPlan, looks: number, seen: Look): string {
  const processes = seen.found.reduce((sum, one) => sum + one.samples.length, 0);
  const leftMs = (plan.count - looks) * plan.intervalMs;
  return `${looks} of ${plan.count} looks: ${formatBytes(totalBytes(seen))} in ` +
    `${count(processes, "process", "processes")}, ${formatDuration(leftMs)} left`;
}
