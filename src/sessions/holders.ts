/** Which instances hold one session, and how sure that is. Pure. */

import type { Certainty } from "../types.ts";
import { type Findings, type Holder, relate } from "./relate.ts";
import type { StoredSession } from "./store.ts";

export interface SessionHolders {
  readonly certainty: Certainty;
  /** Ids of instances, at least one. */
  readonly ids: readonly string[];
}

/** From the surest on. */
const CERTAINTIES: readonly Certainty[] = ["certain", "likely", "shared"];

/** The instances that hold a session as surely as any does, or null if none is known to. */
export function holdersOf(
  id: string,
  holders: readonly Holder[],
  findings: Findings,
): SessionHolders | null {
  const line = lineOf(id, findings.sessions);
  const names = new Set([id, ...line.flatMap((one) => [one.id, one.parentId ?? one.id])]);
  const held = relate(holders, asBegun(line, findings), Infinity);
  for (const certainty of CERTAINTIES) {
    const ids = holders.map((holder) => holder.id).filter((holder) =>
      held.get(holder)!.sessions.some((one) => one.certainty === certainty && names.has(one.id))
    );
    if (ids.length > 0) return { certainty, ids };
  }
  return null;
}

/** A stored session, and those that it was made by, up to the one that a person began. */
export function lineOf(id: string, sessions: readonly StoredSession[]): readonly StoredSession[] {
  const line: StoredSession[] = [];
  let next = sessions.find((one) => one.id === id);
  while (next !== undefined && !line.includes(next)) {
    line.push(next);
    const { parentId } = next;
    next = sessions.find((one) => one.id === parentId);
  }
  return line;
}

/**
 * The findings, with the oldest of a line as one that is in use: a subagent's session is held where
 * that is which made it, and one that was put away is asked for by its name.
 */
function asBegun(line: readonly StoredSession[], findings: Findings): Findings {
  const top = line.at(-1);
  if (top === undefined) return findings;
  const times = line.flatMap(({ updatedAtMs }) => updatedAtMs ?? []);
  const updatedAtMs = times.length > 0 ? Math.max(...times) : null;
  const begun = { ...top, parentId: null, isArchived: false, updatedAtMs };
  const sessions = findings.sessions.map((one) => one === top ? begun : one);
  return { ...findings, sessions };
}
