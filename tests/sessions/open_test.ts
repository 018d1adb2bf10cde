/** Whether a session may be at work in an instance: a table of what is known and what follows. */

import assert from "node:assert/strict";
import { hasOpenSession } from "../../src/sessions/open.ts";
import { type Findings, type Holder, relate } from "../../src/sessions/relate.ts";
import type { StoredSession } from "../../src/sessions/store.ts";
import { ROLES } from "../../src/types.ts";
import { pure } from "../support.ts";
import { findings, holder, STARTED_MS, stored, told } from "./relating.ts";

const MINUTE = 60_000;
/** Instances run for an hour. */
const NOW_MS = STARTED_MS + 60 * MINUTE;
const OLD = STARTED_MS - 1;

function isOpen(one: Holder, found: Findings, others: readonly Holder[] = []): boolean | null {
  const held = relate([one, ...others], found).get(one.id)!;
  return hasOpenSession(one, held, found, NOW_MS);
}

/** What the database tells: the last activity of a directory is that of all its sessions. */
function database(
  sessions: readonly StoredSession[],
  rest: Partial<Findings> = {},
): Findings {
  const lastActive = new Map<string, number>();
  for (const { directory, updatedAtMs } of sessions) {
    lastActive.set(directory, Math.max(lastActive.get(directory) ?? 0, updatedAtMs ?? Infinity));
  }
  return findings(sessions, { lastActive, ...rest });
}

function served(id: string, sessions: readonly string[], active: readonly string[] = []) {
  const told = sessions.map((id) => ({ id, title: null, directory: null, updatedAtMs: null }));
  return { served: new Map([[id, { sessions: told, active: new Set(active) }]]) };
}

const tui = holder("tui", "tui");
const recent = stored("ses_1", NOW_MS - 10 * MINUTE);
const idle = stored("ses_1", NOW_MS - 10 * MINUTE - 1);

const CASES: readonly (readonly [string, boolean | null, Holder, Findings, Holder?])[] = [
  ["active ten minutes ago", true, tui, database([recent])],
  ["active longer ago than that", null, tui, database([idle])],
  ["active before it started", false, tui, database([stored("ses_1", OLD)])],
  ["active at the moment when it started", null, tui, database([stored("ses_1", STARTED_MS)])],
  ["nothing of its directory", false, tui, database([stored("s", NOW_MS, { directory: "/x" })])],
  ["two there, of which one holds it", true, tui, database([recent]), holder("b", "tui")],
  ["two there, and nothing", false, tui, database([]), holder("b", "tui")],
  ["a subagent's", true, tui, database([{ ...recent, parentId: "ses_0" }])],
  ["a subagent's of longer ago", null, tui, database([{ ...idle, parentId: "ses_0" }])],
  ["put away since it started", null, tui, database([{ ...idle, isArchived: true }])],
  ["a time that is not told", null, tui, database([stored("ses_1", null)])],
  ["a database that is not whole", null, tui, database([], { isWhole: false })],
  ["that, but active", true, tui, database([recent], { isWhole: false })],
  ["another user's", null, { ...tui, isOwn: false }, database([])],
  ["a directory that is not told", null, { ...tui, directory: null }, database([])],
  ["a run", false, holder("run", "run"), database([])],
  ["a run of another server", null, {
    ...holder("run", "run"),
    commandLine: told("run --attach http://x"),
  }, database([])],
  ["one that is named", null, { ...tui, commandLine: told("-s ses_1") }, database([])],
  ["named, and active", true, { ...tui, commandLine: told("-s ses_1") }, database([recent])],
  ["a fork of one", null, { ...tui, commandLine: told("--session x --fork") }, database([])],
  ["--continue, with none there", false, { ...tui, commandLine: told("-c") }, database([])],
  ["--continue", null, { ...tui, commandLine: told("-c") }, database([stored("s", OLD)])],
  ["a server that lists none", false, holder("s", "server"), database([], served("s", []))],
  ["a server that was not asked", null, holder("s", "server"), database([])],
  ["a server with another", null, holder("s", "server"), database([], served("s", ["ses_9"]))],
  [
    "a server with one at work",
    true,
    holder("s", "server"),
    database([], served("s", ["ses_9"], ["ses_9"])),
  ],
  [
    "a server that lists none, and its directory has old ones",
    null,
    holder("s", "server"),
    database([stored("s", OLD)], served("s", [])),
  ],
];

for (const [name, expected, one, found, other] of CASES) {
  pure(`${name}: ${expected}`, () => {
    assert.equal(isOpen(one, found, other ? [other] : []), expected);
  });
}

pure("what never has sessions of its directory, or may show another's, is not known", () => {
  for (const role of ROLES) {
    const known = role === "tui" || role === "run";
    assert.equal(isOpen(holder("one", role), database([])), known ? false : null, role);
  }
});
