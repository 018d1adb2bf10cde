/** Readings of one process at even times. */

import { hasEnded } from "../classify.ts";
import { sample } from "../sample.ts";
import { type Schedule, ticks } from "../schedule.ts";
import { summarize } from "../stats.ts";
import type { Probe } from "../types.ts";
import type { World } from "../world.ts";
import type { Subject } from "./discovery.ts";
import type { Check, TrackedReading, TrackingFindings } from "./findings.ts";

const INTERVAL_MS = 1000;
/** A run that is too short for so many readings takes them faster. */
const FEWEST_READINGS = 5;
/** No faster than this: a reading on a busy machine may take a millisecond. */
const SHORTEST_INTERVAL_MS = 10;

/** Tracks a process for so long, or until it ends or `cut` aborts. */
export async function track(
  probe: Probe,
  { process, role }: Subject,
  world: Pick<World, "nowMs" | "elapsedMs" | "sleep">,
  durationMs: number,
  cut: AbortSignal,
): Promise<TrackingFindings> {
  const { pid, started } = process.key;
  const schedule = scheduleFor(durationMs);
  const readings: TrackedReading[] = [];
  let ended: TrackingFindings["ended"] = null;
  for await (const _ of ticks(schedule, world, cut)) {
    const taken = sample(probe, process, world, { exact: false });
    // Asked after the reading: if the pid is still this process's, so was what was read.
    const isSame = probe.processTable().get(pid)?.key.started === started;
    if (hasEnded(taken) || !isSame) {
      ended = "gone";
      break;
    }
    readings.push({
      atMs: taken.atMs,
      footprintBytes: "reading" in taken ? taken.reading.footprintBytes : null,
      missing: "missing" in taken ? taken.missing : null,
    });
  }
  if (ended === null && readings.length < schedule.count) ended = "interrupted";
  const footprints = readings.flatMap(({ footprintBytes }) => footprintBytes ?? []);
  return {
    pid,
    role,
    intervalMs: schedule.intervalMs,
    planned: schedule.count,
    readings,
    statistics: summarize(footprints),
    ended,
    checks: [checkReadings(readings, footprints.length, schedule.count, ended)],
  };
}

/** A reading a second; of a short duration at least five, unless it is very short. */
function scheduleFor(durationMs: number): Schedule & { readonly count: number } {
  const intervalMs = Math.min(
    INTERVAL_MS,
    Math.max(SHORTEST_INTERVAL_MS, Math.ceil(durationMs / FEWEST_READINGS)),
  );
  const count = Math.max(1, Math.ceil(durationMs / intervalMs));
  return { intervalMs, count, skipsMissed: false };
}

/** That the process ended, or the user ended the run, is no failure of the tool. */
function checkReadings(
  readings: readonly TrackedReading[],
  read: number,
  planned: number,
  ended: TrackingFindings["ended"],
): Check {
  const missing = new Set(readings.flatMap((one) => one.missing ?? []));
  const parts = [`${read} of ${planned} readings were taken`];
  if (missing.size > 0) parts.push(`the others could not be (${[...missing].join(", ")})`);
  if (ended === "gone") parts.push("then the process ended on its own, which is no failure");
  if (ended === "interrupted") parts.push("then the run was ended");
  return { name: "Every reading taken", passed: missing.size === 0, detail: parts.join("; ") };
}
