/** The levels of known footprints, by the same judgement that `check` makes. */

import { DEFAULT_CRITICAL_BYTES, DEFAULT_WARNING_BYTES, judgeProcess } from "../classify.ts";
import type { Level, Reading, Thresholds } from "../types.ts";
import type { ThresholdFinding } from "./findings.ts";

/** The limits that hold unless the user says otherwise. */
export const DEFAULT_LIMITS: Thresholds = {
  warningBytes: DEFAULT_WARNING_BYTES,
  criticalBytes: DEFAULT_CRITICAL_BYTES,
  scope: "process",
};

/**
 * The original tests these, and says MB of powers of 1024, as in its limits of 2048 MB and 4096 MB.
 * With powers of 1000 the levels are the same.
 */
const BYTES_PER_MEGABYTE = 1024 ** 2;
const EXPECTED: readonly (readonly [megabytes: number, level: Level])[] = [
  [500, "normal"],
  [2500, "warning"],
  [5000, "critical"],
];

/** Judges each footprint by these limits. */
export function judgeKnown(limits: Thresholds, atMs: number): ThresholdFinding[] {
  return EXPECTED.map(([megabytes, expected]) => {
    const footprintBytes = megabytes * BYTES_PER_MEGABYTE;
    const sample = { key: { pid: 0, started: "" }, atMs, reading: readingOf(footprintBytes) };
    return { megabytes, footprintBytes, level: judgeProcess(sample, limits).level, expected };
  });
}

function readingOf(footprintBytes: number): Reading {
  return {
    footprintBytes,
    residentBytes: footprintBytes,
    peakBytes: null,
    swappedBytes: null,
    pssBytes: null,
    ussBytes: null,
    source: "proc_status",
    uid: null,
  };
}
