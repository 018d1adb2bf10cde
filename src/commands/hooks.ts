/** What is done at events: the user's command, and notifications on the desktop. */

import { hookEnvironment } from "../report/hook_environment.ts";
import type { EventRecord } from "../report/event.ts";
import { notificationOf } from "../report/notification.ts";
import { count } from "../report/words.ts";
import type { Os } from "../types.ts";
import type { Order, World } from "../world.ts";
import type { FollowFlags } from "./flags.ts";
import { failureOf } from "./outcome.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
/** Orders that wait while one is carried out. What comes on top is not handed on, and that is said. */
const MOST_WAITING = 32;
/** How long what runs may still take when watching was asked to end. */
const LAST_MS = 2000;

export type Complain = (message: string) => void;

/** The hooks that the flags ask for. */
export class Hooks {
  readonly #runners: readonly {
    readonly runner: Runner;
    orderOf(event: EventRecord): Order | null;
  }[];

  constructor(world: World, os: Os, flags: FollowFlags, complain: Complain) {
    const timeoutMs = flags["exec-timeout"] ?? DEFAULT_TIMEOUT_MS;
    const runners = [];
    if (flags.exec !== undefined) {
      const order = { script: flags.exec, args: [], timeoutMs };
      runners.push({
        runner: new Runner(world, "the command of --exec", false, complain),
        orderOf: (event: EventRecord) => ({ ...order, env: hookEnvironment(event) }),
      });
    }
    if (flags.notify) {
      runners.push({
        runner: new Runner(world, "--notify", true, complain),
        orderOf: (event: EventRecord) => {
          const notification = notificationOf(event, os);
          return notification && { ...notification, env: {}, timeoutMs: DEFAULT_TIMEOUT_MS };
        },
      });
    }
    this.#runners = runners;
  }

  /** Hands an event on. Does not wait for what comes of it. */
  handle(event: EventRecord): void {
    for (const { runner, orderOf } of this.#runners) {
      const order = orderOf(event);
      if (order) runner.add(order);
    }
  }

  /** Ends with everything carried out; or, `soon`, with what runs now, if that does not take long. */
  async end(soon: boolean): Promise<void> {
    await Promise.all(this.#runners.map(({ runner }) => runner.end(soon)));
  }
}

/** Carries out orders one after the other, so that they never pile up. */
class Runner {
  readonly #world: World;
  readonly #name: string;
  /** Whether it is given up, with one complaint, once an order fails. */
  readonly #isFrail: boolean;
  readonly #complain: Complain;
  readonly #waiting: Order[] = [];
  readonly #cut = new AbortController();
  #running: Promise<void> | null = null;
  #dropped = 0;
  #isOver = false;

  constructor(world: World, name: string, isFrail: boolean, complain: Complain) {
    this.#world = world;
    this.#name = name;
    this.#isFrail = isFrail;
    this.#complain = complain;
  }

  add(order: Order): void {
    if (this.#isOver) return;
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(order);
    else this.#dropped++;
    this.#running ??= this.#run();
  }

  async end(soon: boolean): Promise<void> {
    if (soon) {
      this.#dropped += this.#waiting.length;
      this.#waiting.length = 0;
      const over = new AbortController();
      const isLate = this.#world.sleep(LAST_MS, over.signal);
      await Promise.race([this.#running, isLate]);
      over.abort();
      this.#cut.abort();
    }
    await this.#running;
    this.#sayDropped();
  }

  async #run(): Promise<void> {
    for (let order = this.#waiting.shift(); order; order = this.#waiting.shift()) {
      const { timeoutMs } = order;
      const outcome = await this.#world.execute(order, this.#cut.signal);
      const failure = failureOf(outcome, this.#cut.signal.aborted ? null : timeoutMs);
      if (this.#waiting.length === 0) this.#sayDropped();
      if (failure === null) continue;
      this.#isOver = this.#isFrail || outcome.kind === "refused";
      this.#complain(`${this.#name} ${failure}${this.#isOver ? "; it is not tried again" : ""}`);
      if (this.#isOver) this.#waiting.length = 0;
    }
    this.#running = null;
  }

  #sayDropped(): void {
    if (this.#dropped === 0) return;
    const events = count(this.#dropped, "event was", "events were");
    this.#complain(`${events} not handed to ${this.#name}: it was still busy with others`);
    this.#dropped = 0;
  }
}
