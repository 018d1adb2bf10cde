/** Waiting for the next line, as long as somebody reads. */

import type { World } from "../world.ts";
import type { Stop } from "./stop.ts";

/** How often an output that gets no lines for a while is asked whether anybody still reads it. */
const CHECK_MS = 1000;

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
  for (let left = ms; left > 0 && !cut.aborted; left = end - world.elapsedMs()) {
    if (!world.stdout.hasReader()) return stop.leave();
    await world.sleep(Math.min(left, CHECK_MS), cut);
  }
}
