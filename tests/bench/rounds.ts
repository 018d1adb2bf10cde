/** Runs the contenders round by round, and the scans of ocmem and of plain C in turns. */

import { ROOT } from "../support.ts";
import { type Contender, isDone } from "./contender.ts";
import { measure, numbers, Partner, peakOf, type Run } from "./native.ts";

/** Rounds that are not counted: files come into the cache, and Deno stores its compiled code. */
const WARM_UP_ROUNDS = 3;
/** Turns of the scans that are not counted: 5 scans each, until V8 has compiled what is hot. */
const WARM_UP_TURNS = 30;
/** What runs seldom still has so many runs. */
const FEWEST_RUNS = 5;

/** A run, and the round that it was in. */
export interface RoundRun extends Run {
  readonly round: number;
}

/** Runs of each contender by its name, all in the order of the rounds. */
export type Runs = ReadonlyMap<string, readonly RoundRun[]>;

/**
 * Each round runs every contender once, in an order that changes from round to round. One that would take
 * more than `budgetMs` in all of them, by its first run, is left out of most.
 */
export async function raceCommands(
  runner: string,
  contenders: readonly Contender[],
  rounds: number,
  budgetMs = Infinity,
): Promise<Runs> {
  const runs = new Map<string, RoundRun[]>(contenders.map(({ name }) => [name, []]));
  const every = new Map<string, number>();
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const contender of orderOf(contenders, round + WARM_UP_ROUNDS)) {
      const { name, command, memoryOf } = contender;
      if (round % (every.get(name) ?? 1) !== 0) continue;
      const run = await measure(runner, command);
      if (!isDone(contender, run.exitCode)) {
        throw new Error(`${name} failed: exit code ${run.exitCode}`);
      }
      if (!every.has(name)) every.set(name, strideOf(run.ms, rounds, budgetMs));
      const peakBytes = memoryOf === undefined ? run.peakBytes : peakOf(memoryOf);
      if (round >= 0) runs.get(name)!.push({ ...run, peakBytes, round });
    }
  }
  return runs;
}

/** Every how many rounds what takes so long is run. */
function strideOf(ms: number, rounds: number, budgetMs: number): number {
  const most = Math.max(1, Math.floor(rounds / FEWEST_RUNS));
  return Math.min(most, Math.max(1, Math.ceil(ms * rounds / budgetMs)));
}

/** Rotated by the round and turned around every other one, so that none always follows the same. */
function orderOf<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  const order = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

/** Milliseconds of scans, one figure for each turn of both. */
export interface ScanRace {
  readonly ocmem: readonly number[];
  readonly c: readonly number[];
  /** Files and links that one scan reads. */
  readonly reads: { readonly ocmem: number; readonly c: number };
  /** To open a probe, in a process that has done so before. */
  readonly openMs: number;
}

/** Both scan in processes that stay, turn by turn. `program` is the compiled scan.c. */
export async function raceScans(program: string, turns: number): Promise<ScanRace> {
  await using ocmem = new Partner(Deno.execPath(), ["run", "-A", `${ROOT}tests/bench/scan.ts`]);
  await using c = new Partner(program, []);
  const times = { ocmem: [] as number[], c: [] as number[] };
  for (let turn = -WARM_UP_TURNS; turn < turns; turn++) {
    const ours = numbers(await ocmem.ask());
    const theirs = numbers(await c.ask());
    if (turn < 0) continue;
    times.ocmem.push(mean(ours));
    times.c.push(mean(theirs));
  }
  await Promise.all([ocmem.end(), c.end()]);
  const [ourReads, openMs] = numbers(await ocmem.line());
  const [theirReads] = numbers(await c.line());
  return { ...times, reads: { ocmem: ourReads!, c: theirReads! }, openMs: openMs! };
}

/** The mean of a turn, which counts the garbage collections that a median would hide. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
