/** Who is never ended, whoever asks. */

import type { Probe, ProcessInfo, ProcessTable } from "../types.ts";

/**
 * Why a process is not ended: it is pid 1 (`init`), this tool (`self`) or above it (`ancestor`), another
 * user's or nobody knows whose (`user`), it can't be told from another by its executable (`program`), it
 * has ended and waits for its parent (`zombie`); or the system refuses the signal (`system`).
 */
export type Refusal = "init" | "self" | "ancestor" | "user" | "program" | "zombie" | "system";

/** Who asks. */
export interface Caller {
  readonly pid: number;
  /** Effective user, or null if it can't be told. */
  readonly uid: number | null;
  /** Parent, grandparent, … */
  readonly ancestors: ReadonlySet<number>;
}

/** What is looked at of who is asked for. */
export interface Candidate {
  readonly info: ProcessInfo;
  /** Effective user, or null if it can't be told. */
  readonly uid: number | null;
  readonly executable: string | null;
}

/** This tool, as a table has it. */
export function callerOf(probe: Probe, table: ProcessTable): Caller {
  const own = table.get(probe.ownPid);
  const ancestors = new Set<number>();
  // A table is read row by row, so that links of two moments may form a ring.
  for (let at = own?.ppid; at !== undefined && !ancestors.has(at); at = table.get(at)?.ppid) {
    ancestors.add(at);
  }
  return { pid: probe.ownPid, uid: own ? userOf(probe, own) : null, ancestors };
}

/** The effective user of a process, from its row or, where that does not tell, with its memory. */
export function userOf(probe: Probe, info: ProcessInfo): number | null {
  if (info.uid !== null) return info.uid;
  const reading = probe.memory(info, { exact: false });
  return typeof reading === "string" ? null : reading.uid;
}

/** Why a process must not be ended, or null. Root ends root's alone. */
export function refusalOf({ info, uid, executable }: Candidate, caller: Caller): Refusal | null {
  const { key: { pid }, zombie } = info;
  if (pid <= 1) return "init";
  if (pid === caller.pid) return "self";
  if (caller.ancestors.has(pid)) return "ancestor";
  if (zombie) return "zombie";
  if (uid === null || uid !== caller.uid) return "user";
  return executable === null ? "program" : null;
}
