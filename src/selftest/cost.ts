/** What the tool itself takes: time and memory, on this machine. Not judged: machines differ. */

import { discover } from "../discover.ts";
import { quantile } from "../stats.ts";
import type { Probe, ProcessInfo } from "../types.ts";
import type { World } from "../world.ts";
import type { CostFindings } from "./findings.ts";

/** Enumerations that are timed: the middle one is spared the first's compiling, and a stray pause. */
const ENUMERATIONS = 9;
/** A single reading is too short for the clock: so many are timed together, and that so often. */
const READINGS = 50;
const ROUNDS = 21;
const US_PER_MS = 1000;

/** Times enumerations and readings. Without its own process, readings are not timed. */
export function measureCost(
  probe: Probe,
  own: ProcessInfo | null,
  world: Pick<World, "elapsedMs">,
): CostFindings {
  let processes = 0;
  const enumerationMs = medianMs(ENUMERATIONS, world, () => {
    processes = discover(probe, { match: null, pids: [] }).scanned;
  });
  if (own === null) {
    return { enumerationMs, processes, memoryReadingUs: null, ownFootprintBytes: null };
  }
  const roundMs = medianMs(ROUNDS, world, () => {
    for (let i = 0; i < READINGS; i++) probe.memory(own, { exact: false });
  });
  const memory = probe.memory(own, { exact: false });
  return {
    enumerationMs,
    processes,
    memoryReadingUs: roundMs && roundMs * US_PER_MS / READINGS,
    ownFootprintBytes: typeof memory === "string" ? null : memory.footprintBytes,
  };
}

/** The median time of a task, or null if the clock is too coarse to tell. */
function medianMs(
  times: number,
  world: Pick<World, "elapsedMs">,
  task: () => void,
): number | null {
  const taken = Array.from({ length: times }, () => {
    const begin = world.elapsedMs();
    task();
    return world.elapsedMs() - begin;
  });
  return quantile(Float64Array.from(taken).sort(), 0.5) || null;
}
