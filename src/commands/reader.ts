/** Waiting for the next line, as long as somebody reads. */

import type { World } from "../world.ts";
import type { Stop } from "./stop.ts";

/**
 * How long until an output that gets no lines is asked whether anybody still reads it, first and at
 * most: each time twice as long as before, as waking up costs more than looking.
 */
const CHECK_MS = { first: 1000, most: 10_000 } as const;

/**
 * Waits, and ends the command when the reader of standard output has gone, as in `| head -1`: the next
 * line may be an hour away.
 */
export async function sleepWhileRead(
  world: World,
  stop: Stop,
  ms: number,
  cut: AbortSignal,
): Promise<void> {
  if (world.stdout.isTerminal()) return await world.sleep(ms, cut);
  const end = world.elapsedMs() + ms;
  let checkMs: number = CHECK_MS.first;
  for (let left = ms; left > 0 && !cut.aborted; left = end - world.elapsedMs()) {
    if (!world.stdout.hasReader()) return stop.leave();
    await world.sleep(Math.min(left, checkMs), cut);
    checkMs = Math.min(checkMs * 2, CHECK_MS.most);
  }
}

/** The World's clocks with another way to wait. */
export function clockWith(
  world: World,
  sleep: World["sleep"],
): Pick<World, "nowMs" | "elapsedMs" | "sleep"> {
  return { nowMs: () => world.nowMs(), elapsedMs: () => world.elapsedMs(), sleep };
}
