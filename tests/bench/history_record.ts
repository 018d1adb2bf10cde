/** Records the scripted machine into a file, by the recorder and the clock of the script. */

import { Watcher } from "../../src/follow/watcher.ts";
import { Recorder } from "../../src/history/recorder.ts";
import { look } from "../../src/look.ts";
import { RememberingProbe } from "../../src/remember.ts";
import { openDatabase } from "../../src/world/database.ts";
import { HistoryMachine, PROCESSES_EACH } from "./history_machine.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GIB = 1024 ** 3;
const THRESHOLDS = { warningBytes: GIB, criticalBytes: 2 * GIB, scope: "process" } as const;

export interface Recording {
  readonly path: string;
  readonly beginMs: number;
  readonly looks: number;
  /** 4 instances of 5 processes have 20. */
  readonly instances: number;
  readonly childrenADay: number;
}

/** What recording took. */
export interface Recorded {
  /** The file's size once the recorder has closed it. */
  readonly bytes: number;
  /** Of all looks together. */
  readonly ms: number;
  /** Of each look that found as many processes as usual, in microseconds. */
  readonly looksUs: Float64Array;
}

/** Records so many looks, one a minute. Throws if the recorder complains. */
export async function record(recording: Recording): Promise<Recorded> {
  const { path, beginMs, looks, instances, childrenADay } = recording;
  let nowMs = beginMs;
  const clock = { nowMs: () => nowMs };
  const machine = new HistoryMachine(clock.nowMs, instances, childrenADay);
  const probe = new RememberingProbe(machine, clock);
  const watcher = new Watcher({
    ...{ thresholds: THRESHOLDS, intervalMs: MINUTE, forReadings: 1, clearShare: 0.9 },
    ...{ remindMs: 10 * MINUTE, growthMs: 10 * MINUTE, duplicates: 8 },
  });
  using recorder = new Recorder(
    { openDatabase: (place) => Promise.resolve(openDatabase(place)) },
    { kind: "file", path },
    {
      ...{ command: "watch", toolVersion: "1.2.3", startedAtMs: beginMs, intervalMs: MINUTE },
      host: { os: machine.os, arch: machine.arch, memoryBytes: machine.memoryBytes() },
      ...{ machine: machine.machine(), thresholds: THRESHOLDS, home: "/home/ada" },
    },
    { allMs: 30 * DAY, hourlyMs: 365 * DAY },
  );
  heed(await recorder.open());
  const looksUs = new Float64Array(looks);
  let totalMs = 0;
  for (let index = 0; index < looks; index++, nowMs += MINUTE) {
    const seen = look(probe, { match: null, pids: [] }, clock, { exact: false });
    const tick = { index, atMs: nowMs, elapsedMs: nowMs - beginMs, gap: null };
    const events = watcher.take(seen, tick, () => false);
    const begin = performance.now();
    heed(await recorder.take({ atMs: nowMs, look: seen, events }));
    const ms = performance.now() - begin;
    totalMs += ms;
    looksUs[index] = ms * 1000;
    const least = instances * PROCESSES_EACH;
    if (seen.found.flatMap(({ samples }) => samples).length < least) {
      throw new Error("The scripted machine has lost a process");
    }
  }
  heed(await recorder.end());
  recorder[Symbol.dispose]();
  return { bytes: Deno.statSync(path).size, ms: totalMs, looksUs };
}

function heed(message: string | null): void {
  if (message !== null) throw new Error(message);
}
