/** Waiting, and being asked to end. */

import type { StopSignal } from "../world.ts";

/** Longest time that one timer can wait: it counts in 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits so many milliseconds, or less if `cut` aborts before. */
export function sleep(ms: number, cut: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (cut.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      cut.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    cut.addEventListener("abort", wake);
  });
}

const STOP_SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Has `heed` called at every signal that asks to end, until it is disposed. */
export function onStop(heed: (signal: StopSignal) => void): Disposable {
  const listeners = STOP_SIGNALS.map((signal) => ({ signal, listener: () => heed(signal) }));
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
