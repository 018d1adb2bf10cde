/** The Report as JSON: bytes and milliseconds as integers, null for what is not known. */

import type { Purpose, PurposeGroup } from "../detail.ts";
import type { Because, HeldSession, Limits, Reading, Thresholds } from "../types.ts";
import { sayBecause } from "./because.ts";
import {
  hiddenOf,
  type Report,
  type ReportInstance,
  type ReportProcess,
  shownOf,
} from "./report.ts";

/** Changes only when a key changes its meaning or goes; new keys may come at any time. */
export const SCHEMA_VERSION = 1;

export type JsonObject = Readonly<Record<string, unknown>>;

const MS_PER_MINUTE = 60_000;

/** One JSON document and a line break. */
export function formatJson(report: Report): string {
  const instances = shownOf(report).map((instance) => ({
    ...jsonInstance(instance),
    processes: instance.processes.map(jsonProcess),
  }));
  return JSON.stringify({ ...jsonReport(report), instances }, null, 2) + "\n";
}

/** A value as a line of NDJSON. */
export function jsonLine(value: JsonObject): string {
  return JSON.stringify(value) + "\n";
}

/** What a Report says of all its instances together. */
export function jsonReport(report: Report): JsonObject {
  const { thresholds, scan, totals } = report;
  return {
    ...jsonFrame(report),
    thresholds: thresholds && jsonThresholds(thresholds),
    level: report.level,
    exit_code: report.exitCode,
    scan: { processes: scan.processes, duration_ms: scan.durationMs, unreadable: scan.unreadable },
    totals: {
      instances: totals.instances,
      processes: totals.processes,
      footprint_bytes: totals.footprintBytes,
      unread: totals.unread,
    },
    hidden: hiddenOf(report),
    notes: report.notes,
  };
}

/** What a stream or a document of readings over time begins with. */
export interface Head {
  readonly toolVersion: string;
  readonly startedAtMs: number;
  readonly host: Report["host"];
  readonly thresholds: Thresholds;
}

export function jsonHead({ toolVersion, startedAtMs, host, thresholds }: Head): JsonObject {
  return {
    ...jsonFrame({ toolVersion, takenAtMs: startedAtMs, host }),
    thresholds: jsonThresholds(thresholds),
  };
}

/** What a document begins with: who made it, when and where; and what it is, if that is said. */
export function jsonFrame(
  { toolVersion, takenAtMs, host }: Pick<Report, "toolVersion" | "takenAtMs" | "host">,
  type?: string,
): JsonObject {
  return {
    schema_version: SCHEMA_VERSION,
    ...type !== undefined && { type },
    tool: { name: "ocmem", version: toolVersion },
    taken_at: isoTime(takenAtMs),
    host: jsonHost(host),
  };
}

export function jsonHost({ os, arch, memoryBytes }: Report["host"]): JsonObject {
  return { os, arch, memory_bytes: memoryBytes };
}

export function jsonThresholds({ scope, roles = {}, ...general }: Thresholds): JsonObject {
  const ofRoles = Object.entries(roles).map(([role, limits]) => [role, jsonLimits(limits)]);
  return { ...jsonLimits(general), scope, roles: Object.fromEntries(ofRoles) };
}

function jsonLimits({ warningBytes, criticalBytes }: Limits): JsonObject {
  return { warning_bytes: warningBytes, critical_bytes: criticalBytes };
}

/** What it says of an instance, its processes aside. */
export function jsonInstance(instance: ReportInstance): JsonObject {
  return {
    id: instance.id,
    role: instance.role,
    level: instance.level,
    because: say(instance.because),
    cwd: instance.directory,
    footprint_bytes: instance.footprintBytes,
    project: instance.project && {
      id: instance.project.id,
      worktree: instance.project.worktree,
    },
    sessions: instance.sessions && instance.sessions.map(jsonSession),
    advice: instance.advice &&
      instance.advice.map(({ kind, text, command }) => ({ kind, text, command })),
    children: instance.children && instance.children.map(jsonGroup),
  };
}

function jsonGroup({ purpose, count, footprintBytes }: PurposeGroup): JsonObject {
  return { ...jsonPurpose(purpose), count, footprint_bytes: footprintBytes };
}

function jsonPurpose({ kind, name, language, command }: Purpose): JsonObject {
  return { kind, name, language, command };
}

export function jsonSession(session: HeldSession): JsonObject {
  return {
    id: session.id,
    title: session.title,
    directory: session.directory,
    certainty: session.certainty,
    updated_at: session.updatedAtMs === null ? null : isoTime(session.updatedAtMs),
    busy: session.busy,
  };
}

export function jsonProcess(process: ReportProcess): JsonObject {
  return {
    pid: process.pid,
    ppid: process.ppid,
    uid: process.uid,
    name: process.name,
    executable: process.executable,
    command_line: process.commandLine,
    role: process.role,
    matched_by: process.matchedBy,
    depth: process.depth,
    started_at: isoTime(process.startedAtMs),
    level: process.level,
    because: say(process.because),
    memory: process.reading && jsonMemory(process.reading),
    missing: process.missing,
    purpose: process.purpose && jsonPurpose(process.purpose),
  };
}

function jsonMemory(reading: Reading): unknown {
  return {
    footprint_bytes: reading.footprintBytes,
    resident_bytes: reading.residentBytes,
    peak_bytes: reading.peakBytes,
    swapped_bytes: reading.swappedBytes,
    pss_bytes: reading.pssBytes,
    uss_bytes: reading.ussBytes,
    source: reading.source,
  };
}

function say(because: Because | null): string | null {
  return because && sayBecause(because);
}

/** A time as UTC, to the millisecond. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A slope in bytes per millisecond, as JSON has it. */
export function perMinute(slope: number): number {
  return Math.round(slope * MS_PER_MINUTE);
}

/** Milliseconds as JSON has them in projections; null stays null. */
export function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms / 1000);
}
