/** The self-test: asks the platform about this very process, then does all that the tool does, once. */

import { look } from "../look.ts";
import type { World } from "../world.ts";
import { measureCost } from "./cost.ts";
import { describe, largestOf } from "./discovery.ts";
import type { Findings } from "./findings.ts";
import { checkOwn, openLibrary } from "./platform.ts";
import { DEFAULT_LIMITS, judgeKnown } from "./thresholds.ts";
import { track } from "./tracking.ts";

/** Runs it. Tracks a process for so long; an abort of `cut` ends that, and leaves out what comes after. */
export async function runSelfTest(
  world: World,
  durationMs: number,
  cut: AbortSignal,
): Promise<Findings> {
  const begun = { toolVersion: world.version, takenAtMs: world.nowMs() };
  const { check, opened } = openLibrary(world);
  if (opened === null) return { ...begun, ...NOTHING, platform: [check] };
  const { host } = opened;
  using probe = opened.probe;
  const own = probe.processTable().get(probe.ownPid) ?? null;
  const platform = [check, ...checkOwn(probe, own, world)];
  const seen = look(probe, { match: null, pids: [] }, world, { exact: false });
  const subject = largestOf(seen) ?? (own && { process: own, role: null });
  const tracking = subject && await track(probe, subject, world, durationMs, cut);
  return {
    ...begun,
    host,
    platform,
    discovery: describe(seen, probe.ownPid),
    tracking,
    thresholds: judgeKnown(DEFAULT_LIMITS, begun.takenAtMs),
    cost: cut.aborted ? null : measureCost(probe, own, world),
    isInterrupted: cut.aborted,
  };
}

/** What is found without a library. */
const NOTHING = {
  host: null,
  discovery: null,
  tracking: null,
  thresholds: [],
  cost: null,
  isInterrupted: false,
} as const;
