/** Takes readings: the only part of the pipeline that asks for memory. */

import type { Probe, ProcessInfo, Sample } from "./types.ts";
import type { World } from "./world.ts";

/** One reading of one process, or why there is none. */
export function sample(
  probe: Probe,
  process: ProcessInfo,
  clock: Pick<World, "nowMs">,
  options: { readonly exact: boolean },
): Sample {
  const memory = probe.memory(process, options);
  const at = { key: process.key, atMs: clock.nowMs() };
  return typeof memory === "string" ? { ...at, missing: memory } : { ...at, reading: memory };
}
