/** What is asked of the system to tell whether an instance was left behind. */

import type { OrphanFacts } from "./orphan.ts";
import { INIT_NAMES } from "./process_tree.ts";
import type { RememberingProbe } from "./remember.ts";
import type { Instance, Member, Role } from "./types.ts";

/** Roles of processes that start others as OpenCode does. */
const NOT_OPENCODE: ReadonlySet<Role> = new Set(
  ["launcher", "child", "orphan", "zombie", "match", "pid"],
);
/** How Linux marks the path of an executable whose file is gone. */
const DELETED = " (deleted)";

/** The facts of an instance, `all` of which are those of the same look. Its sessions are not asked for. */
export function orphanFacts(
  { main, members }: Instance,
  all: readonly Instance[],
  probe: RememberingProbe,
  nowMs: number,
): OrphanFacts {
  const { info: { key, name, startedAtMs }, executable } = main;
  const standing = probe.standing(main.info);
  const isTold = probe.os === "linux" && executable !== null;
  return {
    role: main.role,
    name,
    heir: heirOf(members[0]!, probe),
    hasTerminal: standing?.hasTerminal ?? null,
    isService: standing?.isService ?? null,
    opener: openerOf(main, all, probe.marks(key.pid)?.openCodePid ?? null),
    isDeleted: isTold ? executable.endsWith(DELETED) : null,
    uptimeMs: nowMs - startedAtMs,
    hasOpenSession: null,
  };
}

/** The parent of an instance's root, if it is pid 1 or a user's systemd. */
function heirOf({ info: { ppid } }: Member, probe: RememberingProbe): OrphanFacts["heir"] {
  const name = probe.row(ppid)?.name;
  if (ppid !== 1 && !INIT_NAMES.has(name ?? "")) return null;
  return { pid: ppid, name: name ?? "init" };
}

/** What a process's `OPENCODE_PID` names. Its own pid there says nothing. */
function openerOf(
  { info: { key, startedAtMs } }: Member,
  all: readonly Instance[],
  pid: number | null,
): OrphanFacts["opener"] {
  if (pid === null || pid === key.pid) return null;
  const named = all.flatMap(({ members }) => members).find(({ info }) => info.key.pid === pid);
  // A pid recurs: an OpenCode that started after it is another one.
  const isAlive = named !== undefined && !NOT_OPENCODE.has(named.role) &&
    named.info.startedAtMs <= startedAtMs;
  return { pid, isAlive };
}
