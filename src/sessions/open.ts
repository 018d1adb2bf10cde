/** Whether a session is open in an instance, as far as that can be told. Pure. */

import { namesSession } from "./argv.ts";
import { type Findings, type Held, type Holder, isOfDirectory, isServer } from "./relate.ts";

/** What was active so short a time ago may be at work: OpenCode notes when it begins and ends, no more. */
const RECENT_MS = 10 * 60_000;

/**
 * True: one that it may hold is at work, or was active a short time ago. False: it is known that none
 * was active in it since it started. null: neither is known.
 */
export function hasOpenSession(
  holder: Holder,
  { sessions }: Held,
  findings: Findings,
  nowMs: number,
): boolean | null {
  const lastMs = lastActiveIn(holder, findings);
  const isRecent = (ms: number | null) => ms !== null && nowMs - ms <= RECENT_MS;
  if (sessions.some(({ busy, updatedAtMs }) => busy === true || isRecent(updatedAtMs))) return true;
  // That of a subagent, or of one that was put away since.
  const isActive = isOfDirectory(holder) && lastMs >= holder.startedAtMs && lastMs < Infinity;
  if (isActive && isRecent(lastMs)) return true;
  const isQuiet = sessions.length === 0 && lastMs < holder.startedAtMs;
  return isQuiet && isKnown(holder, findings) ? false : null;
}

/** When a session of its directory was last active: Infinity if one does not say. */
function lastActiveIn({ directory }: Holder, { lastActive }: Findings): number {
  return directory === null ? -Infinity : lastActive.get(directory) ?? -Infinity;
}

/** Whether an instance that seems to hold none holds none: nothing that could name one is missing. */
function isKnown(holder: Holder, { isWhole, served }: Findings): boolean {
  if (!isWhole || !holder.isOwn || holder.directory === null) return false;
  if (isServer(holder.role)) return served.get(holder.id)?.sessions.length === 0;
  return isOfDirectory(holder) && !namesSession(holder.commandLine);
}
