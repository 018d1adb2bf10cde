/** What is known of the sessions of some instances: what each may hold, and whether one may be at work. */

import type { Looked } from "../look.ts";
import { hasOpenSession } from "../sessions/open.ts";
import { isHolder, relate } from "../sessions/relate.ts";
import type { HeldSession, Probe } from "../types.ts";
import type { World } from "../world.ts";
import { gatherSessions } from "./find_sessions.ts";

export interface OpenSessions {
  /** By the ids of instances; null: not asked for. */
  readonly sessions: ReadonlyMap<string, OpenSession> | null;
  /** Sentences. */
  readonly notes: readonly string[];
}

export interface OpenSession {
  readonly held: readonly HeldSession[];
  readonly isOpen: boolean | null;
}

/** Looks up those of `ids`; all others of `found` are only who may hold the same. Never throws. */
export async function openSessions(
  world: World,
  found: readonly Looked[],
  probe: Probe,
  ids: ReadonlySet<string>,
  nowMs: number,
): Promise<OpenSessions> {
  const asked = found.map(({ instance }) => instance)
    .filter(({ id, main }) => ids.has(id) && isHolder(main.role));
  if (asked.length === 0) return { sessions: new Map(), notes: [] };
  const only = new Set(asked.map(({ id }) => id));
  const { holders, findings, notes } = await gatherSessions(world, found, probe, { only });
  const all = relate(holders, findings);
  const sessions = holders.filter(({ id }) => only.has(id)).map((holder) => {
    const held = all.get(holder.id)!;
    const isOpen = hasOpenSession(holder, held, findings, nowMs);
    return [holder.id, { held: held.sessions, isOpen }] as const;
  });
  return { sessions: new Map(sessions), notes };
}
