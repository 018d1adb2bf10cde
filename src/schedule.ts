/** When readings are due. */

import type { World } from "./world.ts";

export interface Schedule {
  readonly intervalMs: number;
  /** How many, or null for ever. */
  readonly count: number | null;
  /** Whether a time that has passed is left out, or made up for at once. */
  readonly skipsMissed: boolean;
}

/** A hole between two readings. */
export interface Gap {
  /**
   * `slept`: the machine's time went on while this process's stood, so the machine slept, or its clock
   * was set forward. `late`: this process was stopped, or the machine was too busy.
   */
  readonly kind: "slept" | "late";
  readonly ms: number;
}

/** A reading is due. */
export interface Tick {
  /** From 0. */
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Milliseconds on a clock that never goes back, and that stands while the machine sleeps. */
  readonly elapsedMs: number;
  /** What came before this tick instead of other ticks, if anything did. */
  readonly gap: Gap | null;
}

/** Clocks are corrected by less than this; a process waits less than this for its turn. */
const LEAST_GAP_MS = 2000;

/** Somebody who may not want to wait for the next tick. */
export class Hurry {
  #asked = new AbortController();
  readonly #cut: AbortSignal;

  /** When `cut` aborts, nobody waits any longer. */
  constructor(cut: AbortSignal) {
    this.#cut = cut;
    cut.addEventListener("abort", () => this.ask());
  }

  /** Asks for a tick at once. */
  ask(): void {
    this.#asked.abort();
  }

  /** Aborts when it is asked. */
  get signal(): AbortSignal {
    return this.#cut.aborted ? this.#cut : this.#asked.signal;
  }

  /** Whether it was asked; from then on it was not. */
  take(): boolean {
    if (!this.#asked.signal.aborted) return false;
    this.#asked = new AbortController();
    return true;
  }
}

/**
 * Ticks at whole multiples of the interval after the first, whatever the work between them takes, so
 * that they don't drift. Ends when `cut` aborts. In a `hurry` there is one in between.
 */
export async function* ticks(
  { intervalMs, count, skipsMissed }: Schedule,
  world: Pick<World, "nowMs" | "elapsedMs" | "sleep">,
  cut: AbortSignal,
  hurry: Hurry = new Hurry(cut),
): AsyncGenerator<Tick, void> {
  const begin = world.elapsedMs();
  let before: Tick | null = null;
  for (let index = 0, turn = 0; count === null || index < count; index++) {
    for (;;) {
      if (cut.aborted) return;
      const waitMs = begin + turn * intervalMs - world.elapsedMs();
      if (waitMs <= 0) break;
      if (hurry.take()) {
        // An extra tick takes no other's turn.
        turn--;
        break;
      }
      await world.sleep(waitMs, hurry.signal);
    }
    const now = { atMs: world.nowMs(), elapsedMs: world.elapsedMs() };
    if (skipsMissed) turn = Math.max(turn, Math.floor((now.elapsedMs - begin) / intervalMs));
    const tick: Tick = { index, ...now, gap: before && gapBetween(before, now, intervalMs) };
    yield tick;
    before = tick;
    turn++;
  }
}

function gapBetween(
  before: Tick,
  now: Pick<Tick, "atMs" | "elapsedMs">,
  intervalMs: number,
): Gap | null {
  const elapsedMs = now.elapsedMs - before.elapsedMs;
  const sleptMs = now.atMs - before.atMs - elapsedMs;
  if (sleptMs > LEAST_GAP_MS) return { kind: "slept", ms: Math.round(sleptMs) };
  const lateMs = elapsedMs - intervalMs;
  if (lateMs <= Math.max(intervalMs, LEAST_GAP_MS)) return null;
  return { kind: "late", ms: Math.round(lateMs) };
}
