/** The goals of the race, with what was measured. */

import {
  BEFORE,
  CHECK_JSON,
  COMPLETE,
  COMPLETE_PID,
  EMPTY,
  EXECUTABLE,
  LEAST,
  VERSION,
} from "./contenders.ts";
import { PS_LIST } from "./npm_packages.ts";
import { LIST, PS, SAME_READS } from "./others.ts";
import { goal, type Measured, peakMib, ratioOf } from "./report.ts";
import { medianRatio } from "./statistics.ts";

const AS_SCAN = 1.3;
const PEAK_MIB = 40;

/** One line per goal: what was wanted, what was measured, and whether that is met. */
export function goals(loads: readonly Measured[], others: ReadonlySet<string>): string {
  const [idle, thousand, thousands] = loads;
  const isThere = (name: string) => idle!.runs.has(name);
  const ratio = (load: Measured | undefined, limit: number, of: string, name = CHECK_JSON) => {
    const where = load ? `, ${load.processes} processes` : ", with more processes";
    return goal(`${name} / ${of}${where}`, limit, load ? ratioOf(load, name, of) : null);
  };
  return [
    ratio(idle, 1.3, EMPTY, VERSION),
    ratio(idle, 1.3, EMPTY),
    ratio(idle, 1.6, EMPTY),
    beside(idle!, EMPTY, LEAST),
    thousand ? ahead(thousand, others) : "",
    ratio(thousand, 0.75, PS),
    ratio(idle, 0.35, PS_LIST),
    ratio(thousand, 2.5, SAME_READS),
    ratio(thousands, 1.5, SAME_READS),
    ...[thousand, thousands].map((load) => load ? beside(load, LIST) : ""),
    ...loads.map(({ processes, scans }) =>
      goal(
        `scan alone / C program, ${processes} processes`,
        AS_SCAN,
        scans && medianRatio(scans.ocmem, scans.c),
      )
    ),
    isThere(BEFORE) ? ratio(idle, 1.1, BEFORE) : "",
    ratio(idle, 1, CHECK_JSON, COMPLETE),
    ratio(idle, 1, CHECK_JSON, COMPLETE_PID),
    ...[CHECK_JSON, EXECUTABLE].filter(isThere).flatMap((name) =>
      loads.map((load) =>
        goal(`peak MiB of ${name}, ${load.processes} processes`, PEAK_MIB, peakMib([load], name))
      )
    ),
  ].join("");
}

/** How many others are ahead of ocmem; who they are, or which comes nearest. */
function ahead(load: Measured, others: ReadonlySet<string>): string {
  const ratios = [...others]
    .map((name) => ({ name, ratio: ratioOf(load, CHECK_JSON, name) ?? 0 }))
    .sort((a, b) => b.ratio - a.ratio);
  const faster = ratios.filter(({ ratio }) => ratio >= 1);
  const shown = faster.length > 0 ? faster : ratios.slice(0, 1);
  const what = `others ahead of ${CHECK_JSON}, ${load.processes} processes`;
  return goal(what, 0, faster.length, 0) + shown.map(({ name }) => beside(load, name)).join("");
}

/** What is told of a ratio that has no goal. */
function beside(load: Measured, name: string, what = CHECK_JSON): string {
  const ratio = ratioOf(load, what, name)?.toFixed(2) ?? "an unknown number of";
  return `note: ${load.processes} processes: ${what} takes ${ratio} × the time of ${name}\n`;
}
