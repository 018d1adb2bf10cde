/**
 * Which sessions an instance may hold, and how sure that is. OpenCode stores no pid with a session: its
 * own arguments are the only proof, and all else is said for what it is.
 */

import type { HeldSession, Project, Role } from "../types.ts";
import { continues, isAttached, namedSession } from "./argv.ts";
import type { ServedSessions } from "./served.ts";
import type { StoredSession } from "./store.ts";

/** An instance, as far as it matters here. */
export interface Holder {
  readonly id: string;
  readonly role: Role;
  readonly directory: string | null;
  readonly startedAtMs: number;
  readonly commandLine: readonly string[];
  /** Whether it is of the user whose database was read. */
  readonly isOwn: boolean;
}

/** What was found out. */
export interface Findings {
  readonly sessions: readonly StoredSession[];
  readonly projects: ReadonlyMap<string, string>;
  /** When a session of each directory was last active. */
  readonly lastActive: ReadonlyMap<string, number>;
  /** Whether nothing is missing of what is stored. */
  readonly isWhole: boolean;
  /** What servers said, by the ids of their instances. */
  readonly served: ReadonlyMap<string, ServedSessions>;
}

export interface Held {
  readonly project: Project | null;
  readonly sessions: readonly HeldSession[];
}

/** Roles with sessions of the directory that they run in. */
const OF_A_DIRECTORY: ReadonlySet<Role> = new Set(["tui", "run"]);
/** Roles that hold sessions of whatever directories they are asked for. */
const SERVERS: ReadonlySet<Role> = new Set(["server", "acp", "desktop"]);
/** Roles that can be told which session to go on with. */
const NAMED: ReadonlySet<Role> = new Set(["tui", "run", "attach"]);
/** Sessions that are told of an instance: those that were active last. */
const MOST = 5;

/** Whether an instance of this role can be asked what it holds. */
export function isServer(role: Role): boolean {
  return SERVERS.has(role);
}

/** Whether an instance of this role may hold sessions. */
export function isHolder(role: Role): boolean {
  return SERVERS.has(role) || NAMED.has(role);
}

/** Whether the sessions of this instance are those of the directory that it runs in. */
export function isOfDirectory({ role, commandLine }: Holder): boolean {
  return OF_A_DIRECTORY.has(role) && !isAttached(commandLine);
}

/** What each of these instances holds: of each at most so many sessions. */
export function relate(
  holders: readonly Holder[],
  findings: Findings,
  most = MOST,
): ReadonlyMap<string, Held> {
  return new Map(holders.map((holder) => [holder.id, {
    project: projectOf(holder, findings),
    sessions: sessionsOf(holder, holders, findings).slice(0, most),
  }]));
}

function sessionsOf(
  holder: Holder,
  all: readonly Holder[],
  { sessions, served }: Findings,
): readonly HeldSession[] {
  const { id, role, directory, startedAtMs, commandLine, isOwn } = holder;
  const named = NAMED.has(role) ? namedSession(commandLine) : null;
  if (named !== null) return [certain(named, isOwn ? sessions : [], holder)];
  const here = isOwn && directory !== null ? rootsIn(sessions, directory) : [];
  if (SERVERS.has(role)) return ofServer(here, served.get(id) ?? null, holder);
  if (!isOfDirectory(holder)) return [];
  const recent = here.filter(({ updatedAtMs }) => (updatedAtMs ?? -1) >= startedAtMs);
  const candidates = recent.length > 0 || !continues(commandLine) ? recent : here.slice(0, 1);
  // Of two in one directory nobody knows which of them it was.
  const isAlone = !all.some((other) => other.id !== id && mayHold(other, directory));
  const certainty = isAlone ? "likely" : "shared";
  return candidates.map((session) =>
    told(session, certainty, isAtWork(session, certainty, holder))
  );
}

function mayHold({ role, directory }: Holder, place: string | null): boolean {
  return directory === place && (SERVERS.has(role) || OF_A_DIRECTORY.has(role));
}

/** Sessions of a directory that a person has begun and not put away, those that were active last first. */
function rootsIn(sessions: readonly StoredSession[], directory: string): StoredSession[] {
  return sessions.filter((s) => s.directory === directory && s.parentId === null && !s.isArchived)
    .sort((a, b) => (b.updatedAtMs ?? -1) - (a.updatedAtMs ?? -1));
}

function certain(id: string, sessions: readonly StoredSession[], holder: Holder): HeldSession {
  const stored = sessions.find((session) => session.id === id);
  if (stored) return told(stored, "certain", isAtWork(stored, "certain", holder));
  return { id, title: null, directory: null, certainty: "certain", updatedAtMs: null, busy: null };
}

/**
 * Whether a session is at work, as its last message has it. One that is not complete was left so by
 * whoever was killed meanwhile: it counts if this instance began it, which of shared ones nobody knows.
 */
function isAtWork(
  { work }: StoredSession,
  certainty: HeldSession["certainty"],
  { startedAtMs }: Pick<Holder, "startedAtMs">,
): boolean | null {
  if (work === null) return null;
  if (work.kind === "idle") return false;
  return certainty !== "shared" && work.sinceMs >= startedAtMs ? true : null;
}

/** One server holds sessions of many directories, and others may hold the same. */
function ofServer(
  here: readonly StoredSession[],
  served: ServedSessions | null,
  holder: Holder,
): readonly HeldSession[] {
  const byId = new Map<string, HeldSession>();
  const isActive = (id: string) => served?.active.has(id) ? true : null;
  for (const one of here) {
    byId.set(one.id, told(one, "shared", isActive(one.id) ?? isAtWork(one, "shared", holder)));
  }
  for (const one of served?.sessions ?? []) {
    const busy = isActive(one.id) ?? byId.get(one.id)?.busy ?? null;
    byId.set(one.id, { ...one, certainty: "shared", busy });
  }
  return [...byId.values()]
    .sort((a, b) =>
      Number(b.busy ?? false) - Number(a.busy ?? false) ||
      (b.updatedAtMs ?? -1) - (a.updatedAtMs ?? -1)
    );
}

function told(
  { id, title, directory, updatedAtMs }: StoredSession,
  certainty: HeldSession["certainty"],
  busy: boolean | null,
): HeldSession {
  return { id, title, directory, certainty, updatedAtMs, busy };
}

/** The project that OpenCode itself has put this directory into, or null: it is not guessed. */
function projectOf({ directory, isOwn }: Holder, findings: Findings): Project | null {
  if (!isOwn || directory === null) return null;
  for (const [id, worktree] of findings.projects) {
    if (worktree === directory) return { id, worktree };
  }
  const session = findings.sessions.find((s) => s.directory === directory && s.projectId !== null);
  if (!session) return null;
  const id = session.projectId!;
  return { id, worktree: findings.projects.get(id) ?? null };
}
