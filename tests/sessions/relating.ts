/** Instances and what was found out of their sessions, as a test describes them. */

import type { Findings, Holder } from "../../src/sessions/relate.ts";
import type { StoredSession } from "../../src/sessions/store.ts";
import type { Role } from "../../src/types.ts";

/** When instances started. */
export const STARTED_MS = 1000;

export function holder(id: string, role: Role, rest: Partial<Holder> = {}): Holder {
  const common = {
    directory: "/w",
    startedAtMs: STARTED_MS,
    commandLine: ["opencode"],
    isOwn: true,
  };
  return { id, role, ...common, ...rest };
}

export function told(args: string): string[] {
  return ["opencode", ...args.split(" ")];
}

export function stored(
  id: string,
  updatedAtMs: number | null,
  rest: Partial<StoredSession> = {},
): StoredSession {
  const common = { projectId: "p", directory: "/w", title: `Title of ${id}` };
  return { id, updatedAtMs, ...common, parentId: null, isArchived: false, work: null, ...rest };
}

export function findings(
  sessions: readonly StoredSession[],
  rest: Partial<Findings> = {},
): Findings {
  const none = { projects: new Map(), served: new Map(), lastActive: new Map() };
  return { sessions, ...none, isWhole: true, ...rest };
}
