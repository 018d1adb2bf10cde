/** What `watch` costs as long as it runs: the soak, and the CPU time of the real command. */

import { flagsOf } from "../../release/targets.ts";
import { ROOT } from "../support.ts";
import { measure, type Run } from "./native.ts";
import { ocmemCommand } from "./ocmem_command.ts";
import type { Soaked } from "./soak.ts";
import { quartiles } from "./statistics.ts";

/** Each figure of the real command is the median of so many. */
const ROUNDS = 3;
/** Looks of a short and of a long run: the difference is what looks cost, without starting. */
const FEW = 20;
const MANY = 220;
/** Two looks each; what the longer one takes more is what waiting costs. */
const SHORT_WAIT_S = 5;
const LONG_WAIT_S = 25;
/** Pairs of waits, and how long after one run the next one starts. */
const WAITS = 15;
const STARTS_APART_MS = 700;

/** Runs the soak in a process of its own, with V8 set as users are told to set it. */
export async function runSoak(format: "ndjson" | "screen", looks: number): Promise<Soaked> {
  const flags = flagsOf(null).filter((flag) => flag.startsWith("--v8-flags="));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, `${ROOT}tests/bench/soak.ts`, format, String(looks)],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`The soak failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** CPU milliseconds, user and system, of `watch --format ndjson` on some processes. */
export interface LookCost {
  /** Of a run with a single look: starting, looking, ending. */
  readonly startMs: number;
  /** Of one more look: of the first ones, and of those after them. */
  readonly firstMs: number;
  readonly laterMs: number;
  /** The highest resident size of the longest run. */
  readonly peakBytes: number;
}

/** What it costs to look at these processes. `runner` is the compiled measure.c. */
export async function lookCost(runner: string, pids: readonly number[]): Promise<LookCost> {
  const rounds: (readonly [Run, Run, Run])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const watch = (count: number) => watchRun(runner, pids, "50ms", count);
    rounds.push([await watch(1), await watch(FEW), await watch(MANY)]);
  }
  const medianOf = (figure: (runs: readonly [Run, Run, Run]) => number) =>
    quartiles(rounds.map(figure)).median;
  return {
    startMs: medianOf(([one]) => one.cpuMs),
    firstMs: medianOf(([one, few]) => (few.cpuMs - one.cpuMs) / (FEW - 1)),
    laterMs: medianOf(([, few, many]) => (many.cpuMs - few.cpuMs) / (MANY - FEW)),
    peakBytes: Math.max(...rounds.map(([, , many]) => many.peakBytes)),
  };
}

/**
 * CPU milliseconds of a minute of waiting with an output that is no terminal, when it asks now
 * and then whether its reader is still there. All runs wait at the same time, but each starts when none
 * other does: a start costs as much as many minutes of waiting, and more where two are at it.
 */
export async function waitCost(runner: string): Promise<number> {
  const watch = async (seconds: number, start: number) => {
    await new Promise((resolve) => setTimeout(resolve, start * STARTS_APART_MS));
    return await watchRun(runner, [Deno.pid], `${seconds}s`, 2);
  };
  const differences = await Promise.all(Array.from({ length: WAITS }, async (_, i) => {
    const [short, long] = await Promise.all([
      watch(SHORT_WAIT_S, 2 * i),
      watch(LONG_WAIT_S, 2 * i + 1),
    ]);
    return long.cpuMs - short.cpuMs;
  }));
  return quartiles(differences).median / (LONG_WAIT_S - SHORT_WAIT_S) * 60;
}

async function watchRun(
  runner: string,
  pids: readonly number[],
  interval: string,
  count: number,
): Promise<Run> {
  const which = pids.flatMap((pid) => ["--pid", String(pid)]);
  const how = ["--format", "ndjson", "--interval", interval, "--count", String(count)];
  const run = await measure(runner, [...ocmemCommand(), "watch", ...how, ...which]);
  if (run.exitCode !== 0) throw new Error(`ocmem watch failed: exit code ${run.exitCode}`);
  return run;
}
