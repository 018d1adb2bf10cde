/** What `orphans` found, as a report: text from other processes is made harmless here. */

import { hasEnded } from "../classify.ts";
import type { Looked } from "../look.ts";
import type { Conclusion, Evidence, HeldSession, Instance, Role } from "../types.ts";
import { redact, visible } from "./harmless.ts";
import type { Report } from "./report.ts";
import { safeSessions } from "./with_sessions.ts";

export interface OrphansReport extends Pick<Report, "toolVersion" | "takenAtMs" | "host" | "scan"> {
  /** OpenCode instances that were looked at. */
  readonly instances: number;
  /** The surest first, then the largest. */
  readonly orphans: readonly Orphan[];
  /** What could not be found out of their sessions. */
  readonly notes: readonly string[];
}

/** An instance that may have been left behind. */
export interface Orphan {
  readonly id: string;
  readonly pid: number;
  readonly role: Role;
  readonly conclusion: Conclusion;
  readonly evidence: readonly Evidence[];
  /** Of it and all below it; null: one of them could not be read. */
  readonly footprintBytes: number | null;
  /** How many they are. */
  readonly processes: number;
  readonly startedAtMs: number;
  readonly uptimeMs: number;
  readonly directory: string | null;
  readonly commandLine: readonly string[] | null;
  readonly name: string;
  /** Sessions that it may hold; null: not asked for. */
  readonly sessions: readonly HeldSession[] | null;
}

/** A suspect as it was found. */
export interface Suspect {
  readonly looked: Looked;
  readonly conclusion: Conclusion;
  readonly evidence: readonly Evidence[];
  readonly sessions: readonly HeldSession[] | null;
}

const SURENESS: readonly Conclusion[] = ["orphan", "likely", "possible"];

/** What is listed makes `--fail` fail, but for what is no more than possible. */
export function isFailing(report: OrphansReport): boolean {
  return report.orphans.some(({ conclusion }) => conclusion !== "possible");
}

/** What could be reclaimed; null: a process could not be read. */
export function reclaimableBytes({ orphans }: OrphansReport): number | null {
  return sum(orphans.map((one) => one.footprintBytes));
}

/** Builds the report. */
export function buildOrphans(
  frame: Omit<OrphansReport, "orphans">,
  suspects: readonly Suspect[],
  options: { readonly showSecrets: boolean },
): OrphansReport {
  const orphans = suspects.map((one) => orphanOf(one, frame.takenAtMs, options.showSecrets))
    .sort((a, b) =>
      SURENESS.indexOf(a.conclusion) - SURENESS.indexOf(b.conclusion) ||
      (b.footprintBytes ?? -1) - (a.footprintBytes ?? -1)
    );
  return { ...frame, orphans, notes: frame.notes.map(visible) };
}

function orphanOf(
  { looked: { instance, samples }, conclusion, evidence, sessions }: Suspect,
  nowMs: number,
  showSecrets: boolean,
): Orphan {
  // What ended in between, and zombies, hold nothing.
  const alive = samples.filter((sample) => !hasEnded(sample));
  const { main } = instance;
  return {
    id: instance.id,
    pid: main.info.key.pid,
    role: main.role,
    conclusion,
    evidence: evidence.map(({ kind, detail }) => ({ kind, detail: visible(detail) })),
    footprintBytes: sum(
      alive.map((sample) => "reading" in sample ? sample.reading.footprintBytes : null),
    ),
    processes: alive.length,
    startedAtMs: main.info.startedAtMs,
    // A clock may have been set back.
    uptimeMs: Math.max(0, Math.round(nowMs - main.info.startedAtMs)),
    directory: instance.directory === null ? null : visible(instance.directory),
    commandLine: commandLineOf(instance, showSecrets),
    name: visible(main.info.name),
    sessions: sessions && safeSessions(sessions),
  };
}

function commandLineOf({ main: { commandLine } }: Instance, showSecrets: boolean) {
  const shown = commandLine === null || showSecrets ? commandLine : redact(commandLine);
  return shown && shown.map(visible);
}

/** The sum, or null if one of them is not known. */
function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>(
    (total, part) => total === null || part === null ? null : total + part,
    0,
  );
}
