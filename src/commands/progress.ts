/** How far a long command is, on standard error if that is a terminal. */

import type { Look } from "../look.ts";
import type { TrackPlan } from "../report/track.ts";
import { formatBytes, formatDuration } from "../report/units.ts";
import { count } from "../report/words.ts";
import type { World } from "../world.ts";

/** ECMA-48: back to the start of the line, and erase it. */
const CLEAR = "\r\x1b[2K";

export class Progress implements Disposable {
  readonly #world: World;
  readonly #plan: TrackPlan;
  readonly #isShown: boolean;

  /** `streams`: standard output shows lines meanwhile, which on a terminal would be in the way. */
  constructor(world: World, plan: TrackPlan, streams: boolean) {
    this.#world = world;
    this.#plan = plan;
    this.#isShown = world.stderr.isTerminal() && world.env("TERM") !== "dumb" &&
      !(streams && world.stdout.isTerminal());
  }

  show(looks: number, { found }: Look): void {
    if (!this.#isShown) return;
    const samples = found.flatMap((one) => one.samples);
    const bytes = samples.reduce(
      (sum, sample) => sum + ("reading" in sample ? sample.reading.footprintBytes : 0),
      0,
    );
    const leftMs = (this.#plan.count - looks) * this.#plan.intervalMs;
    this.#world.stderr.write(
      `${CLEAR}${looks} of ${this.#plan.count} looks: ${formatBytes(bytes)} in ` +
        `${count(samples.length, "process", "processes")}, ${formatDuration(leftMs)} left`,
    );
  }

  [Symbol.dispose](): void {
    if (this.#isShown) this.#world.stderr.write(CLEAR);
  }
}
