/** Schedules, run by a clock that never waits. */

import assert from "node:assert/strict";
import { type Gap, type Schedule, type Tick, ticks } from "../src/schedule.ts";
import type { World } from "../src/world.ts";
import { NOW_MS } from "./fake.ts";

/** A clock that goes on only when somebody waits or works. */
export class Clock implements Pick<World, "nowMs" | "elapsedMs" | "sleep"> {
  /** How long each wait was asked to last. */
  readonly waits: number[] = [];
  #elapsedMs: number;
  #skewMs = 0;

  /** `wake`: how much later than asked (or earlier, if negative) each wait ends, and then 0. */
  constructor(readonly wake: Iterator<number> = [][Symbol.iterator](), startMs = 123.456) {
    this.#elapsedMs = startMs;
  }

  nowMs(): number {
    return NOW_MS + this.#elapsedMs + this.#skewMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, cut: AbortSignal): Promise<void> {
    assert.ok(!cut.aborted, "waits when there is nothing to wait for");
    assert.ok(ms > 0, `waits ${ms}`);
    this.waits.push(ms);
    const { value } = this.wake.next();
    this.work(Math.max(0, ms + (value ?? 0)));
    return Promise.resolve();
  }

  /** Something takes its time, or stops this process. */
  work(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** The machine sleeps, or its clock is set. */
  skew(ms: number): void {
    this.#skewMs += ms;
  }
}

export const NEVER = new AbortController().signal;

/** All ticks, with `work` done after each. */
export async function run(
  schedule: Partial<Schedule>,
  clock = new Clock(),
  work: (tick: Tick) => void = () => {},
): Promise<Tick[]> {
  const all: Tick[] = [];
  const whole = { intervalMs: 1000, count: 5, skipsMissed: false, ...schedule };
  for await (const tick of ticks(whole, clock, NEVER)) {
    all.push(tick);
    work(tick);
  }
  return all;
}

/** When ticks came, in whole milliseconds after the first. */
export function timesOf(ticks: readonly Tick[]): number[] {
  return ticks.map(({ elapsedMs }) => Math.round(elapsedMs - ticks[0]!.elapsedMs));
}

export function gapsOf(ticks: readonly Tick[]): (Gap | null)[] {
  return ticks.map(({ gap }) => gap);
}
