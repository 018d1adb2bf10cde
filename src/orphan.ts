/**
 * Whether an instance was left behind by what started it: evidence, and a hedged conclusion. What the
 * system does not tell is unknown, and speaks for nothing. Pure.
 */

import type { Conclusion, Evidence, EvidenceKind, Role } from "./types.ts";

/** What is known of an instance's main process. null: the system does not tell. */
export interface OrphanFacts {
  readonly role: Role;
  readonly name: string;
  /** The init that is parent of the instance's root: what it started itself, and what it inherited. */
  readonly heir: { readonly pid: number; readonly name: string } | null;
  readonly hasTerminal: boolean | null;
  readonly isService: boolean | null;
  /** What its `OPENCODE_PID` names, and whether that is an OpenCode that lives and is older than it. */
  readonly opener: { readonly pid: number; readonly isAlive: boolean } | null;
  readonly isDeleted: boolean | null;
  readonly uptimeMs: number;
  /** Whether a session may be at work in it; false: none was active in it since it started. */
  readonly hasOpenSession: boolean | null;
}

export interface OrphanVerdict {
  /** null: nothing is concluded, whatever the evidence. */
  readonly conclusion: Conclusion | null;
  readonly evidence: readonly Evidence[];
}

/** Tasks and visits are over by then. */
export const OLD_MS = 24 * 60 * 60_000;

/** Of no use without a terminal. */
const NEEDS_TERMINAL: ReadonlySet<Role> = new Set(["tui", "attach"]);
/** Ends by itself once it is done: sent to the background with nohup it is right for a while. */
const ENDS: ReadonlySet<Role> = new Set(["run", "cli"]);
/** Serves others: without terminal and parent it is as it should be. And what may be such a one. */
const SERVES: ReadonlySet<Role> = new Set(["server", "acp", "desktop", "unknown", "helper"]);
/** Keep terminals for who comes back, and are made to outlive what they were started from. */
const KEEPER = /^(?:tmux(?:: server)?|screen|zellij|dtach|abduco)$/i;

export function judgeOrphan(facts: OrphanFacts): OrphanVerdict {
  return { conclusion: conclusionOf(facts), evidence: evidenceOf(facts) };
}

function conclusionOf(facts: OrphanFacts): Conclusion | null {
  const { role, name, heir, hasTerminal, isService, opener } = facts;
  // Its parent lives; a service manager minds it; or who started it lives, if not as its parent.
  if (heir === null || isService === true || opener?.isAlive) return null;
  // Of a child the opener alone decides: it may well have the terminal that its OpenCode had.
  if (role === "orphan") return capped(KEEPER.test(name) ? "possible" : "orphan", facts);
  // Somebody can still use it; and with a container's init as its parent nothing has ended at all.
  if (hasTerminal === true) return null;
  if (SERVES.has(role)) {
    // launchd is the parent of all its jobs: where it can't be asked, a parent of 1 says nothing.
    if (isService === null) return null;
    return capped(opener === null ? "possible" : "likely", facts);
  }
  if (hasTerminal === null) return null;
  if (NEEDS_TERMINAL.has(role)) return capped("likely", facts);
  if (!ENDS.has(role)) return null;
  const isStrong = opener !== null || isOld(facts) || facts.hasOpenSession === false;
  return capped(isStrong ? "likely" : "possible", facts);
}

/** No more than possible where a service manager may mind it, or a session may be at work in it. */
function capped(conclusion: Conclusion, facts: OrphanFacts): Conclusion {
  const isDoubtful = facts.hasOpenSession === true ||
    (facts.isService === null && conclusion === "likely");
  return isDoubtful ? "possible" : conclusion;
}

function isOld({ uptimeMs }: OrphanFacts): boolean {
  return uptimeMs >= OLD_MS;
}

function evidenceOf(facts: OrphanFacts): Evidence[] {
  const { heir, hasTerminal, opener, isDeleted, hasOpenSession } = facts;
  const all: Readonly<Record<EvidenceKind, string | null>> = {
    parent_gone: heir && `its parent is process ${heir.pid} (${heir.name}), ` +
        "which inherits orphans",
    no_terminal: hasTerminal === false ? "it has no terminal" : null,
    opener_dead: opener && !opener.isAlive
      ? `OPENCODE_PID is ${opener.pid}, and no OpenCode of that pid that is older lives`
      : null,
    executable_deleted: isDeleted
      ? "its executable was removed or replaced, as by an upgrade"
      : null,
    age: isOld(facts) ? "it is older than a day" : null,
    no_open_session: hasOpenSession === false
      ? "no session was active in it since it started"
      : null,
  };
  return Object.entries(all).flatMap(([kind, detail]) =>
    detail === null ? [] : { kind: kind as EvidenceKind, detail }
  );
}
