/** Checks of the sources of memory: each by itself, and all against each other. */

import type { Probe, ProcessInfo, SourceReading } from "../types.ts";
import type { Check } from "./findings.ts";

/**
 * Sources may lie so far apart. Linux sums counters of which each processor keeps a batch to itself: 32
 * pages, or two for each processor if that is more (lib/percpu_counter.c). So 8 MiB are 64 processors
 * that this process ran on, or 8 of a machine with 128. A wrong unit or field is off by more: file
 * pages, which are no part of a footprint, are 20 MiB of this process.
 */
const TOLERANCE_BYTES = 8 * 1024 ** 2;
/** The process allocates between two readings, and may collect its garbage: the closest try counts. */
const TRIES = 5;

/** Reads this process by every source, right after each other. */
export function checkSources(probe: Probe, own: ProcessInfo): Check[] {
  const tries = Array.from({ length: TRIES }, () => probe.readings(own));
  const closest = tries.reduce((a, b) => spreadOf(b) < spreadOf(a) ? b : a);
  return [...closest.map(checkSource), checkAgreement(closest)];
}

function checkSource({ source, reading }: SourceReading): Check {
  const passed = typeof reading !== "string";
  const detail = passed
    ? `It tells ${kibibytes(reading.footprintBytes)}`
    : `It gives no reading (${reading})`;
  return { name: `Own footprint by ${source}`, passed, detail };
}

function checkAgreement(readings: readonly SourceReading[]): Check {
  const spread = spreadOf(readings);
  const passed = spread <= TOLERANCE_BYTES;
  const detail = spread === Infinity
    ? "They can't be compared: one of them gives no reading"
    : `They are ${kibibytes(spread)} apart` +
      (passed ? "" : `, expected at most ${kibibytes(TOLERANCE_BYTES)}`);
  return { name: "Sources agree", passed, detail };
}

/** From the smallest footprint to the largest; infinite if one is missing. */
function spreadOf(readings: readonly SourceReading[]): number {
  const footprints = readings.map(({ reading }) =>
    typeof reading === "string" ? Infinity : reading.footprintBytes
  );
  return footprints.includes(Infinity)
    ? Infinity
    : Math.max(...footprints) - Math.min(...footprints);
}

function kibibytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
