/** The results of the race as a Markdown table, what they rest on, and the form of a goal. */

import { EMPTY } from "./contenders.ts";
import type { Skipped } from "./contender.ts";
import { PS } from "./others.ts";
import type { Runs, ScanRace } from "./rounds.ts";
import { lineThrough, medianRatio, quartiles } from "./statistics.ts";

/** Everything measured at one load. */
export interface Measured {
  /** How many there were. */
  readonly processes: number;
  readonly runs: Runs;
  /** null where the scans can't be compared. */
  readonly scans: ScanRace | null;
}

const NONE = "–";
const SCANS = [["scan alone, ocmem", "ocmem"], ["scan alone, C program", "c"]] as const;
const MIB = 1024 * 1024;

/**
 * One row per contender: medians at each load; ratios to an empty program on the machine as it is, and
 * to ps with more processes; what one more process costs, and what none do, by the line through the
 * medians.
 */
export function table(loads: readonly Measured[], skipped: readonly Skipped[]): string {
  const header = [
    "",
    ...loads.flatMap(({ processes }, i) => [
      `${processes} processes, ms`,
      i === 0 ? "× empty Deno" : "× ps",
    ]),
    ...["µs a process", "with none, ms", "peak MiB"],
  ];
  const rows = [...loads[0]!.runs.keys()].map((name) => [
    name,
    ...loads.flatMap((load, i) => [
      milliseconds(times(load, name)),
      ratioOf(load, name, i === 0 ? EMPTY : PS)?.toFixed(2) ?? NONE,
    ]),
    ...growth(loads, (load) => times(load, name)),
    peakMib(loads, name).toFixed(0),
  ]);
  for (const { name, skipped: why } of skipped) rows.push([name, `skipped: ${why}`]);
  for (const [name, key] of SCANS) {
    if (loads.some(({ scans }) => scans === null)) {
      rows.push([name, "skipped: Linux only"]);
      continue;
    }
    const timesAt = ({ scans }: Measured) => scans![key];
    const cells = loads.flatMap((load) => [milliseconds(timesAt(load)), NONE]);
    rows.push([name, ...cells, ...growth(loads, timesAt)]);
  }
  return [header, header.map((_, i) => i === 0 ? "---" : "---:"), ...rows]
    .map((cells) => `| ${header.map((_, i) => cells[i] ?? NONE).join(" | ")} |\n`)
    .join("");
}

/** What the figures rest on. */
export function notes(loads: readonly Measured[], rounds: number): string[] {
  return loads.flatMap((load) => [
    spread(load),
    ...[...load.runs].filter(([, { length }]) => length < rounds).map(([name, { length }]) =>
      `${load.processes} processes: ${name} ran in ${length} of the rounds, since it takes long`
    ),
    ...load.scans ? [saysReads(load.processes, load.scans)] : [],
  ]);
}

/** How far the middle half of the runs is apart. */
function spread(load: Measured): string {
  const spreads = [...load.runs.keys()].map((name) => {
    const { low, median, high } = quartiles(times(load, name));
    return { name, percent: (high - low) / median * 100 };
  });
  const widest = spreads.reduce((a, b) => a.percent >= b.percent ? a : b);
  const usual = quartiles(spreads.map(({ percent }) => percent)).median;
  return `${load.processes} processes: quartiles are ${
    usual.toFixed(0)
  }% of the median apart, at ` +
    `most ${widest.percent.toFixed(0)}% (${widest.name})`;
}

function saysReads(processes: number, { reads, openMs }: ScanRace): string {
  return `${processes} processes: a scan reads ${reads.ocmem} files and links, the C program ` +
    `${reads.c}; opening the probe, once a process, takes ${openMs.toFixed(2)} ms more`;
}

export function goal(what: string, limit: number, measured: number | null, digits = 2): string {
  if (measured === null) return `goal: ${what} ≤ ${limit}: not measured here\n`;
  const verdict = measured <= limit ? "met" : "MISSED";
  return `goal: ${what} ≤ ${limit}: measured ${measured.toFixed(digits)}  ${verdict}\n`;
}

/** How many times as long one takes as another: of the rounds that both were in. */
export function ratioOf({ runs }: Measured, name: string, of: string): number | null {
  const base = new Map(runs.get(of)?.map(({ round, ms }) => [round, ms]));
  const both = (runs.get(name) ?? []).filter(({ round }) => base.has(round));
  if (both.length === 0) return null;
  return medianRatio(both.map(({ ms }) => ms), both.map(({ round }) => base.get(round)!));
}

/** The highest of all runs, since that is what a machine must have free. */
export function peakMib(loads: readonly Measured[], name: string): number {
  const peaks = loads.flatMap(({ runs }) => runs.get(name) ?? []).map((run) => run.peakBytes);
  return Math.max(...peaks) / MIB;
}

function times({ runs }: Measured, name: string): number[] {
  return (runs.get(name) ?? []).map(({ ms }) => ms);
}

/** What one more process costs in microseconds, and what none do in milliseconds. */
function growth(loads: readonly Measured[], timesAt: (load: Measured) => readonly number[]) {
  const line = lineThrough(
    loads.map((load) => [load.processes, quartiles(timesAt(load)).median]),
  );
  return line ? [(line.slope * 1000).toFixed(1), line.intercept.toFixed(1)] : [NONE, NONE];
}

function milliseconds(values: readonly number[]): string {
  const { median } = quartiles(values);
  return median.toFixed(median < 10 ? 2 : median < 1000 ? 1 : 0);
}
