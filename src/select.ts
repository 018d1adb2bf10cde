/** What the user adds to OpenCode's own processes (--match), or names in their place (--pid). */

import type { ProcessTree } from "./process_tree.ts";
import type { Instance, Member, ProcessInfo } from "./types.ts";

/** A pattern over whole command lines. */
export interface Matcher {
  /** The pattern as the user wrote it. */
  readonly source: string;
  test(commandLine: string): boolean;
}

export interface Selection {
  readonly match: Matcher | null;
  /** If there are any, these processes and no others. */
  readonly pids: readonly number[];
  /** File names of more executables that are OpenCode's. */
  readonly names?: readonly string[];
}

export interface Chosen {
  readonly instances: readonly Instance[];
  /** Processes whose arguments could not be read to be matched. */
  readonly unreadable: number;
  /** Pids that name no process, or this tool itself. */
  readonly absent: readonly number[];
}

/** OpenCode's instances, or the named processes in their place, and those that match. */
export function choose(
  tree: ProcessTree,
  openCode: readonly Instance[],
  { match, pids }: Selection,
): Chosen {
  const absent = pids.filter((pid) => !tree.get(pid) || pid === tree.probe.ownPid);
  const named = [...new Set(pids)].filter((pid) => !absent.includes(pid));
  const instances = pids.length > 0 ? namedInstances(tree, openCode, named) : [...openCode];
  if (match === null) return { instances, unreadable: 0, absent };
  const { processes, unreadable } = matching(tree, match, pidsOf(instances));
  return { instances: [...instances, ...matchedInstances(tree, processes)], unreadable, absent };
}

/** Each named process by itself; one of OpenCode's keeps its role. */
function namedInstances(
  tree: ProcessTree,
  openCode: readonly Instance[],
  pids: readonly number[],
): Instance[] {
  const known = new Map(openCode.flatMap((i) => i.members).map((m) => [m.info.key.pid, m]));
  return pids.map((pid) => {
    const process = tree.get(pid)!;
    const role = known.get(pid)?.role ?? (process.zombie ? "zombie" : "pid");
    const member = tree.member(process, role, "pid", 0);
    return tree.instance(member, [member]);
  });
}

/** A process and all below it, whatever it is: those of `found` keep their roles. */
export function treeOf(
  tree: ProcessTree,
  found: readonly Instance[],
  root: ProcessInfo,
): Instance {
  const known = new Map(found.flatMap((i) => i.members).map((m) => [m.info.key.pid, m]));
  const members: Member[] = [];
  tree.walk(root.key.pid, (process, depth) => {
    const { role, matchedBy } = known.get(process.key.pid) ??
      { role: process.zombie ? "zombie" : "pid", matchedBy: "enumeration" } as const;
    members.push(tree.member(process, role, depth === 0 ? "pid" : matchedBy, depth));
    return true;
  });
  return tree.instance(members[0]!, members);
}

function pidsOf(instances: readonly Instance[]): Set<number> {
  return new Set(instances.flatMap((i) => i.members).map((m) => m.info.key.pid));
}

/** Processes whose whole command line fits, without those that are there already. */
function matching(
  tree: ProcessTree,
  match: Matcher,
  taken: ReadonlySet<number>,
): { processes: Map<number, ProcessInfo>; unreadable: number } {
  const ancestors = new Set(tree.ancestors(tree.probe.ownPid).map((p) => p.key.pid));
  const processes = new Map<number, ProcessInfo>();
  let unreadable = 0;
  for (const pid of tree.pids) {
    const process = taken.has(pid) ? undefined : tree.get(pid);
    if (!process) continue;
    const argv = tree.probe.commandLine(process);
    if (argv === "denied") unreadable++;
    if (typeof argv === "string" || argv.length === 0) continue;
    const line = argv.join(" ");
    // The shell, watch or npx that carries the pattern to this tool is part of the question.
    if (ancestors.has(pid) && line.includes("--match") && line.includes(match.source)) continue;
    if (match.test(line)) processes.set(pid, process);
  }
  return { processes, unreadable };
}

/** A matching process and the matching ones below it form an instance. */
function matchedInstances(
  tree: ProcessTree,
  matched: ReadonlyMap<number, ProcessInfo>,
): Instance[] {
  const instances: Instance[] = [];
  for (const [root, { ppid }] of matched) {
    if (matched.has(ppid)) continue;
    const members: Member[] = [];
    tree.walk(root, (process, depth) => {
      if (!matched.has(process.key.pid)) return null;
      members.push(tree.member(process, "match", "pattern", depth));
      return true;
    });
    instances.push(tree.instance(members[0]!, members));
  }
  return instances;
}
