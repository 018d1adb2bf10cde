/** The results as a Markdown table, and the goals with what was measured. */

import {
  BEFORE,
  CHECK_JSON,
  COMPLETE,
  COMPLETE_PID,
  EMPTY,
  PS,
  PS_LIST,
  type Skipped,
} from "./contenders.ts";
import type { Runs, ScanRace } from "./race.ts";
import { medianRatio, quartiles } from "./statistics.ts";

/** Everything measured at one load. */
export interface Measured {
  /** What stands above the columns: `65 processes`. */
  readonly load: string;
  readonly runs: Runs;
  /** null where the scans can't be compared. */
  readonly scans: ScanRace | null;
}

const NONE = "–";
const SCAN_OCMEM = "scan alone, ocmem";
const SCAN_C = "scan alone, plain C";
const MIB = 1024 * 1024;

/** One row per contender: the median with its quartiles, and the ratios, for each load. */
export function table(loads: readonly Measured[], skipped: readonly Skipped[]): string {
  const header = [
    "",
    ...loads.flatMap(({ load }) => [`${load}: ms (quartiles)`, "× empty Deno", "× ps"]),
    "peak MiB",
  ];
  const rows = [...loads[0]!.runs.keys()].map((name) => [
    name,
    ...loads.flatMap((measured) => [
      milliseconds(times(measured, name)),
      ratio(measured, name, EMPTY),
      ratio(measured, name, PS),
    ]),
    peakMib(loads, name).toFixed(0),
  ]);
  for (const { name, skipped: why } of skipped) rows.push([name, `skipped: ${why}`]);
  for (const [name, key] of [[SCAN_OCMEM, "ocmem"], [SCAN_C, "c"]] as const) {
    const cells = loads.flatMap(({ scans }) => [
      scans ? milliseconds(scans[key]) : "skipped: Linux only",
      NONE,
      NONE,
    ]);
    rows.push([name, ...cells, NONE]);
  }
  return [header, header.map((_, i) => i === 0 ? "---" : "---:"), ...rows]
    .map((cells) => `| ${header.map((_, i) => cells[i] ?? NONE).join(" | ")} |\n`)
    .join("");
}

/** One line per goal: what was wanted, what was measured, and whether that is met. */
export function goals(idle: Measured, loaded: Measured): string {
  const lines = [
    goal(`${CHECK_JSON} / ps, ${loaded.load}`, 0.75, ratioOf(loaded, CHECK_JSON, PS)),
    goal(`${CHECK_JSON} / empty Deno, ${idle.load}`, 1.6, ratioOf(idle, CHECK_JSON, EMPTY)),
    goal(`${CHECK_JSON} / ps-list, ${idle.load}`, 0.35, ratioOf(idle, CHECK_JSON, PS_LIST)),
    ...idle.runs.has(BEFORE)
      ? [goal(`${CHECK_JSON} / before, ${idle.load}`, 1.1, ratioOf(idle, CHECK_JSON, BEFORE))]
      : [],
    goal(`${COMPLETE} / ${CHECK_JSON}, ${idle.load}`, 1, ratioOf(idle, COMPLETE, CHECK_JSON)),
    goal(
      `${COMPLETE_PID} / ${CHECK_JSON}, ${idle.load}`,
      1,
      ratioOf(idle, COMPLETE_PID, CHECK_JSON),
    ),
    goal(`peak MiB of ${CHECK_JSON}`, 45, peakMib([idle, loaded], CHECK_JSON)),
    ...[idle, loaded].map(({ load, scans }) =>
      goal(`scan alone / plain C, ${load}`, 1.5, scans && medianRatio(scans.ocmem, scans.c))
    ),
  ];
  return lines.join("");
}

/** What the figures of the scans rest on. */
export function scanNotes(loads: readonly Measured[]): string {
  return loads.map(({ load, scans }) =>
    scans
      ? `note: ${load}: a scan reads ${scans.reads.ocmem} files and links, plain C ${scans.reads.c}; ` +
        `opening the probe, once a process, takes ${scans.openMs.toFixed(2)} ms more\n`
      : ""
  ).join("");
}

export function goal(what: string, limit: number, measured: number | null, digits = 2): string {
  if (measured === null) return `goal: ${what} ≤ ${limit}: not measured here\n`;
  const verdict = measured <= limit ? "met" : "MISSED";
  return `goal: ${what} ≤ ${limit}: measured ${measured.toFixed(digits)}  ${verdict}\n`;
}

function times({ runs }: Measured, name: string): number[] {
  return (runs.get(name) ?? []).map(({ ms }) => ms);
}

function ratioOf(measured: Measured, name: string, of: string): number | null {
  const [values, base] = [times(measured, name), times(measured, of)];
  return values.length > 0 && base.length > 0 ? medianRatio(values, base) : null;
}

function ratio(measured: Measured, name: string, of: string): string {
  return ratioOf(measured, name, of)?.toFixed(2) ?? NONE;
}

/** The highest of all runs, since that is what a machine must have free. */
function peakMib(loads: readonly Measured[], name: string): number {
  const peaks = loads.flatMap(({ runs }) => runs.get(name) ?? []).map((run) => run.peakBytes);
  return Math.max(...peaks) / MIB;
}

function milliseconds(values: readonly number[]): string {
  const { low, median, high } = quartiles(values);
  const digits = median < 10 ? 2 : 1;
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
