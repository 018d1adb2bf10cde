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

/**
 * Has `heed` called at every signal that asks to end, until it is disposed. A signal that this process
 * was started to ignore stays ignored: with nohup, a hangup is no reason to end.
 */
export function onStop(
  heed: (signal: StopSignal) => void,
  isIgnored: (signal: StopSignal) => boolean,
): Disposable {
  const listeners = STOP_SIGNALS.map((signal) => {
    // The runtime, once it listens to one signal, ends the process at others that nobody listens to.
    return { signal, listener: isIgnored(signal) ? () => {} : () => heed(signal) };
  });
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
