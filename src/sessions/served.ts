/** What an OpenCode server says of its sessions, as far as asking makes it start nothing. */

import type { LocalAnswer, Outside } from "../world.ts";
import type { Place } from "./argv.ts";
import { Trouble } from "./trouble.ts";

export interface ServedSession {
  readonly id: string;
  readonly title: string | null;
  readonly directory: string | null;
  readonly updatedAtMs: number | null;
}

export interface ServedSessions {
  readonly sessions: readonly ServedSession[];
  /** Ids of sessions that it says are at work. It does not know of all that are. */
  readonly active: ReadonlySet<string>;
}

/**
 * Addresses that start nothing: not even for the server's own directory, as /session/status does.
 * Never with a directory in the query: that would start MCP servers there.
 */
const HEALTH = "/global/health";
const SESSIONS = "/api/session";
const ACTIVE = "/api/session/active";
/**
 * The first version of which both are known to start nothing. 1.2 to 1.14 open their directory for
 * either, which starts its MCP servers and installs its plugins; 1.15 answers in another form.
 */
const FIRST = { major: 1, minor: 17 } as const;
const MOST_SESSIONS = 200;
const LONGEST_TEXT = 4096;
const LAST_MS = 8.64e15;

/** Asks a server on this machine. `left`: milliseconds that are left for it. Throws a Trouble. */
export async function askServer(
  outside: Outside,
  place: Place,
  left: () => number,
): Promise<ServedSessions> {
  const ask = async (path: string) =>
    objectOf(bodyOf(await outside.get({ ...place, path, timeoutMs: left() })));
  const health = await ask(HEALTH);
  if (health.healthy !== true || typeof health.version !== "string") {
    throw new Trouble(NOT_OPENCODE);
  }
  if (!startsNothing(health.version)) throw new Trouble(MAY_START);
  const [listed, active] = await Promise.all([
    ask(SESSIONS),
    // Older ones have no such address.
    ask(ACTIVE).catch(() => ({})),
  ]);
  if (!Array.isArray(listed.data)) throw new Trouble(NOT_OPENCODE);
  return {
    sessions: listed.data.slice(0, MOST_SESSIONS).flatMap(sessionOf),
    active: new Set(Object.keys(recordOf(recordOf(active).data))),
  };
}

const NOT_OPENCODE = "what answers there does not answer as OpenCode";
const MAY_START =
  `its version may open its directory to tell; ${FIRST.major}.${FIRST.minor} and later don't`;

/** Whether a version is one that tells of its sessions and starts nothing. `local`, say, may be any. */
function startsNothing(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) > FIRST.major ||
    (Number(major) === FIRST.major && Number(minor) >= FIRST.minor);
}

function bodyOf(answer: LocalAnswer): string {
  if (answer.kind === "failed") throw new Trouble(answer.reason);
  if (answer.status === 401 || answer.status === 403) throw new Trouble("it wants a password");
  if (answer.status !== 200) throw new Trouble(`it answers with status ${answer.status}`);
  return answer.body;
}

function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return recordOf(value);
    }
  } catch {
    // It is no JSON.
  }
  throw new Trouble(NOT_OPENCODE);
}

function sessionOf(value: unknown): ServedSession[] {
  const session = recordOf(value);
  const id = textOf(session.id);
  if (id === null || id === "") return [];
  return [{
    id,
    title: textOf(session.title),
    directory: textOf(recordOf(session.location).directory) ?? textOf(session.directory),
    updatedAtMs: timeOf(recordOf(session.time).updated),
  }];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.length <= LONGEST_TEXT ? value : null;
}

function timeOf(value: unknown): number | null {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LAST_MS
    ? Number(value)
    : null;
}
