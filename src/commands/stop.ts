/** Being asked to end, for commands that take their time. */

import type { StopSignal, World } from "../world.ts";

/** Exit codes of a command that was ended by a signal before its work was done: 128 + its number. */
const EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

export class Stop implements Disposable {
  /** Which signal asked to end, or null. */
  signal: StopSignal | null = null;
  /** Whether nobody reads what is written any more. */
  isUnread = false;
  readonly #controller = new AbortController();
  readonly #listening: Disposable;

  constructor(world: Pick<World, "onStop">) {
    this.#listening = world.onStop((signal) => {
      this.signal ??= signal;
      this.now();
    });
  }

  /** Aborts once it is time to end. */
  get cut(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code of a command whose work was cut short, or 0. */
  get exitCode(): number {
    return this.signal === null ? 0 : EXIT_CODES[this.signal];
  }

  /** Ends it from inside. */
  now(): void {
    this.#controller.abort();
  }

  /** Ends it because nobody reads what is written any more. */
  leave(): void {
    this.isUnread = true;
    this.now();
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
