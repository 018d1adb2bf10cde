/** What can happen to what is watched. */

import type { Gap } from "../schedule.ts";
import type { Trend } from "../stats.ts";
import type { EndOutcome } from "../ender.ts";
import type { Level, Member, ProcessKey, Role } from "../types.ts";

/** Whom an event is about: an instance, named by its main process, or one process. Text is as it came. */
export interface Subject {
  readonly kind: "instance" | "process";
  readonly key: ProcessKey;
  readonly instanceId: string;
  readonly role: Role;
  readonly name: string;
  readonly directory: string | null;
  readonly startedAtMs: number;
}

export function subjectOf(
  kind: Subject["kind"],
  { info, role }: Member,
  instanceId: string,
  directory: string | null,
): Subject {
  const { key, name, startedAtMs } = info;
  return { kind, key, instanceId, role, name, directory, startedAtMs };
}

/** How it stands with a subject when something happens to it. */
export interface Standing {
  /** null: not read. */
  readonly footprintBytes: number | null;
  /** The level that was announced last. */
  readonly level: Level;
}

/** What happened. */
export type Happening =
  /** An instance that was not there before. */
  | { readonly kind: "found"; readonly processes: number }
  /** An instance has ended, or a process that an alert was about. */
  | { readonly kind: "gone"; readonly peakBytes: number | null; readonly lifetimeMs: number }
  | { readonly kind: "level"; readonly from: Level; readonly limitBytes: number | null }
  /** An alert goes on. */
  | { readonly kind: "reminder"; readonly sinceMs: number; readonly limitBytes: number | null }
  /** A leak is suspected. */
  | {
    readonly kind: "growth";
    readonly growthBytes: number;
    readonly overMs: number;
    readonly trend: Trend;
    readonly msToWarning: number | null;
    readonly msToCritical: number | null;
  }
  /** A process was to be stopped because it became critical. */
  | {
    readonly kind: "stopped";
    readonly outcome: EndOutcome;
    /** The outcome in words, harmless. */
    readonly said: string;
    /** How many have ended: it, and those below it. */
    readonly processes: number;
    /** What they held just before. */
    readonly reclaimedBytes: number;
  }
  /** One instance runs the same command many times. */
  | { readonly kind: "duplicates"; readonly command: readonly string[]; readonly count: number };

/** An event about a subject, or a hole in the readings, which is about none. */
export type WatchEvent =
  | ({ readonly atMs: number; readonly subject: Subject } & Standing & Happening)
  | { readonly atMs: number; readonly kind: "gap"; readonly gap: Gap };

export type EventKind = WatchEvent["kind"];
