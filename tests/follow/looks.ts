/** Looks, written down: what a machine would have shown, without one. */

import type { Look, Looked } from "../../src/look.ts";
import type { Gap, Tick } from "../../src/schedule.ts";
import type { Member, Missing, ProcessInfo, Role, Sample } from "../../src/types.ts";
import { NOW_MS, reading } from "../fake.ts";

/** A process as a test describes it. */
export interface Seen {
  readonly pid: number;
  /** Footprint in bytes, or why there is none. */
  readonly memory: number | Missing;
  /** Token of its start; another one is another process. */
  readonly started: string;
  readonly startedAtMs: number;
  readonly role: Role | null;
  readonly depth: number | null;
  readonly commandLine: readonly string[] | null;
}

export function seen(pid: number, memory: number | Missing, rest: Partial<Seen> = {}): Seen {
  const startedAtMs = NOW_MS - 60_000;
  const commandLine = [`command${pid}`];
  return { pid, memory, started: "s", startedAtMs, role: null, depth: null, commandLine, ...rest };
}

/** An instance of these processes: a session and its children, unless they say otherwise. */
export function looked(processes: readonly Seen[], mainAt = 0): Looked {
  const members = processes.map(memberOf);
  const main = members[mainAt]!;
  const { pid, started } = main.info.key;
  return {
    instance: { id: `${pid}-${started}`, main, directory: "/work", members },
    samples: processes.map(sampleOf),
  };
}

export function lookAt(...found: readonly Looked[]): Look {
  return { found, scanned: 100, unreadable: 0, absent: [] };
}

/** A tick at this time after the first. */
export function tickAt(elapsedMs: number, gap: Gap | null = null): Tick {
  return { index: 0, atMs: NOW_MS + elapsedMs, elapsedMs, gap };
}

/** The row that a process has in the table. */
export function rowOf({ pid, started, startedAtMs, memory }: Seen): ProcessInfo {
  const zombie = memory === "zombie";
  return { key: { pid, started }, ppid: 1, name: `p${pid}`, uid: null, startedAtMs, zombie };
}

function memberOf(process: Seen, i: number): Member {
  const { memory, role, depth, commandLine } = process;
  return {
    info: rowOf(process),
    role: role ?? (memory === "zombie" ? "zombie" : i === 0 ? "tui" : "child"),
    matchedBy: "enumeration",
    depth: depth ?? (i === 0 ? 0 : 1),
    executable: null,
    commandLine,
  };
}

function sampleOf({ pid, started, memory }: Seen): Sample {
  const at = { key: { pid, started }, atMs: NOW_MS };
  return typeof memory === "string"
    ? { ...at, missing: memory }
    : { ...at, reading: reading(memory) };
}
