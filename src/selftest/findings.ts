/** What the self-test found, as plain data. Its texts may come from processes, and are as they came. */

import type { Statistics } from "../stats.ts";
import type { Level, MatchedBy, Missing, Os, Role } from "../types.ts";

/** One thing that was asked, and what was seen. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** A sentence without its full stop. */
  readonly detail: string;
}

export interface Findings {
  readonly toolVersion: string;
  readonly takenAtMs: number;
  /** null: the library could not be opened, so nothing else was asked. */
  readonly host: Host | null;
  readonly platform: readonly Check[];
  readonly discovery: DiscoveryFindings | null;
  /** null: there was no process to track. */
  readonly tracking: TrackingFindings | null;
  readonly thresholds: readonly ThresholdFinding[];
  /** null: not measured, as the run was cut short. */
  readonly cost: CostFindings | null;
  /** The user ended it before its time. */
  readonly isInterrupted: boolean;
}

export interface Host {
  readonly os: Os;
  readonly arch: string;
  readonly memoryBytes: number;
}

export interface DiscoveryFindings {
  /** Processes in the table. */
  readonly scanned: number;
  /** Processes that could not be looked at. */
  readonly unreadable: number;
  readonly instances: readonly FoundInstance[];
  readonly checks: readonly Check[];
}

export interface FoundInstance {
  readonly id: string;
  /** Of its main process, as are the pid and how it was found. */
  readonly role: Role;
  readonly pid: number;
  readonly matchedBy: MatchedBy;
  readonly directory: string | null;
  readonly processes: number;
  /** Of the processes that could be read; null if none could. */
  readonly footprintBytes: number | null;
}

export interface TrackingFindings {
  readonly pid: number;
  /** null: the self-test itself, for want of an OpenCode process that can be read. */
  readonly role: Role | null;
  readonly intervalMs: number;
  /** Readings that were meant to be taken. */
  readonly planned: number;
  readonly readings: readonly TrackedReading[];
  /** Of the footprints that could be read; null if none could. */
  readonly statistics: Statistics | null;
  /** Why there are fewer readings than planned, if there are. */
  readonly ended: "gone" | "interrupted" | null;
  readonly checks: readonly Check[];
}

export interface TrackedReading {
  readonly atMs: number;
  /** null: it could not be read. */
  readonly footprintBytes: number | null;
  readonly missing: Missing | null;
}

export interface ThresholdFinding {
  readonly megabytes: number;
  readonly footprintBytes: number;
  readonly level: Level;
  readonly expected: Level;
}

/** What the tool itself takes. null: not known. */
export interface CostFindings {
  /** Finding all of OpenCode among the machine's processes. */
  readonly enumerationMs: number | null;
  /** Processes in the table. */
  readonly processes: number;
  readonly memoryReadingUs: number | null;
  readonly ownFootprintBytes: number | null;
}

/** Every check that was made, in order: those of the levels too. */
export function checksOf(findings: Findings): readonly Check[] {
  return [
    ...findings.platform,
    ...findings.discovery?.checks ?? [],
    ...findings.tracking?.checks ?? [],
    ...findings.thresholds.map(checkOfLevel),
  ];
}

/** A level as a check. */
export function checkOfLevel({ megabytes, level, expected }: ThresholdFinding): Check {
  const passed = level === expected;
  const detail = passed ? level : `${level}, expected ${expected}`;
  return { name: `${megabytes} MB`, passed, detail };
}
