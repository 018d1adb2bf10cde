/** What tests of the real outside share: orders to the shell, and who is left behind. */

import type { Order } from "../../src/world.ts";
import { stateOf } from "../live/processes.ts";

export const NEVER = new AbortController().signal;
/** Longer than any test: it is never waited for, unless one fails. */
export const LONG = 60_000;

export function order(script: string, rest: Partial<Order> = {}): Order {
  return { script, args: [], env: {}, timeoutMs: LONG, ...rest };
}

/** Whether there is a Linux process that still runs. */
export function runs(pid: number): boolean {
  return (stateOf(pid) ?? "Z") !== "Z";
}

/** Counts who listens to a signal. */
export function counting(signal: AbortSignal): { listeners: number } {
  const counted = { listeners: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    counted.listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    counted.listeners--;
    removeEventListener.apply(signal, args);
  };
  return counted;
}
