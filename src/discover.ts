/**
 * Finds OpenCode among a machine's processes and groups it into instances: a root and its tree.
 * Cheap first: of all processes only what is cheapest on the platform (a name or a path); rows,
 * arguments and marks of those that it points to, and of their trees.
 */

import * as opencode from "./opencode.ts";
import { type Names, namesOf } from "./opencode_names.ts";
import { ProcessTree } from "./process_tree.ts";
import { choose, type Selection } from "./select.ts";
import type { Instance, Marks, MatchedBy, Member, Probe, Role } from "./types.ts";

/** What was found, and what it took. */
export interface Discovery {
  readonly instances: readonly Instance[];
  /** Processes in the table. */
  readonly scanned: number;
  /** Processes that could not be looked at. */
  readonly unreadable: number;
  /** Pids of the selection that name no process. */
  readonly absent: readonly number[];
}

/** A process whose role is known by itself, not only by its place in a tree. */
interface Found {
  readonly role: Role;
  readonly matchedBy: MatchedBy;
  /** Its descendants belong to it: true for OpenCode itself, false for its launchers. */
  readonly owns: boolean;
  /** Run from its sources by bun. */
  readonly isSource?: boolean;
}

/** All OpenCode instances, and what the selection adds or names instead. */
export function discover(probe: Probe, selection: Selection): Discovery {
  const table = probe.processTable();
  const tree = new ProcessTree(probe, table);
  const found = findNative(probe, tree, namesOf(selection.names));
  addLaunchers(tree, found);
  adoptStrays(probe, tree, found);
  const instances = growAll(tree, found, rootsOf(tree, found));
  const chosen = choose(tree, instances, selection);
  return {
    ...chosen,
    scanned: table.pids.length,
    unreadable: table.unreadable + chosen.unreadable,
  };
}

/** OpenCode's own processes: native, from source, desktop; sessions as well as helpers. */
function findNative(probe: Probe, tree: ProcessTree, names: Names): Map<number, Found> {
  const found = new Map<number, Found>();
  const helperMarks = new Map<number, Marks | null>();
  for (const pid of tree.pids) {
    const process = mayBe(tree, pid, names) ? tree.get(pid) : undefined;
    if (!process) continue;
    const matchedBy = opencode.isNameOfOpenCode(process.name, names) ? "name" : "enumeration";
    const identity = tree.identity(process);
    if (process.zombie) {
      if (opencode.isNativeName(process.name, names)) {
        found.set(pid, { role: "zombie", matchedBy, owns: false });
      }
    } else if (opencode.isNative(identity, names)) {
      found.set(pid, { role: opencode.roleOf(identity), matchedBy, owns: true });
      helperMarks.set(pid, probe.marks(pid));
    } else if (opencode.isElectronServer(identity)) {
      found.set(pid, { role: "desktop", matchedBy, owns: true });
    } else if (opencode.isSource(identity, () => probe.directory(pid))) {
      found.set(pid, {
        role: opencode.roleOfSource(identity.commandLine ?? []),
        matchedBy,
        owns: true,
        isSource: true,
      });
    }
  }
  // Only now are all of OpenCode's processes known, which tells who is below one.
  for (const [pid, marks] of helperMarks) {
    const below = tree.ancestors(pid).some((p) => found.get(p.key.pid)?.owns) ||
      (marks?.openCodePid ?? null) !== null;
    const { commandLine } = tree.identity(tree.get(pid)!);
    if (!opencode.isHelper(commandLine ?? [], marks?.runsAsBun ?? false, below)) continue;
    found.set(pid, { ...found.get(pid)!, role: "helper" });
  }
  return found;
}

/** Whether a process may be OpenCode, by what is cheapest to tell of it. */
function mayBe(tree: ProcessTree, pid: number, names: Names): boolean {
  const hint = tree.hint(pid);
  if (hint === null) return false;
  return "path" in hint
    ? opencode.isExecutableOfOpenCode(hint.path, names)
    : opencode.isNameOfOpenCode(hint.name, names);
}

/** The wrappers above a session: npm, sh, node, as far up as each names opencode as what it runs. */
function addLaunchers(tree: ProcessTree, found: Map<number, Found>): void {
  for (const [pid, { role, owns, isSource = false }] of [...found]) {
    if (!owns || role === "helper") continue;
    for (const parent of tree.ancestors(pid)) {
      const parentPid = parent.key.pid;
      if (found.has(parentPid) || !opencode.isLauncher(tree.identity(parent), isSource)) break;
      found.set(parentPid, { role: "launcher", matchedBy: "name", owns: false });
    }
  }
}

/**
 * Processes that OpenCode started and that init has inherited: children of a living OpenCode join
 * its tree; those of a dead one are orphans.
 */
function adoptStrays(probe: Probe, tree: ProcessTree, found: Map<number, Found>): void {
  for (const pid of tree.inherited()) {
    const known = found.get(pid);
    if (known && known.role !== "helper") continue;
    const openCodePid = probe.marks(pid)?.openCodePid ?? null;
    const process = openCodePid === null ? undefined : tree.get(pid);
    if (openCodePid === null || !process || process.zombie) continue;
    const opener = tree.get(openCodePid);
    // A pid recurs: an OpenCode that started after its supposed child is another one.
    if (opener && found.get(openCodePid)?.owns && opener.startedAtMs <= process.startedAtMs) {
      tree.adopt(process, opener);
    } else {
      found.set(pid, { role: "orphan", matchedBy: "enumeration", owns: true });
    }
  }
}

/** The tops of the trees: sessions that are below no other, or the highest launcher of each. */
function rootsOf(tree: ProcessTree, found: ReadonlyMap<number, Found>): Set<number> {
  const roots = new Set<number>();
  for (const [pid, { role }] of found) {
    if (role === "launcher") continue;
    const ancestors = tree.ancestors(pid);
    if (ancestors.some((p) => found.get(p.key.pid)?.owns)) continue;
    let root = pid;
    for (const { key } of ancestors) {
      if (found.get(key.pid)?.role !== "launcher") break;
      root = key.pid;
    }
    roots.add(root);
  }
  return roots;
}

/** An instance for each root, and for what none of them led to: links of two moments may form a ring. */
function growAll(
  tree: ProcessTree,
  found: ReadonlyMap<number, Found>,
  roots: ReadonlySet<number>,
): Instance[] {
  const instances: Instance[] = [];
  const counted = new Set<number>();
  const all = [...roots, ...[...found.keys()].filter((pid) => found.get(pid)?.owns)];
  for (const root of all) {
    if (counted.has(root)) continue;
    const instance = grow(tree, found, root, (pid) => counted.has(pid) || roots.has(pid));
    for (const { info } of instance.members) counted.add(info.key.pid);
    instances.push(instance);
  }
  return instances;
}

/** The instance below a root, in tree order, without what belongs elsewhere. */
function grow(
  tree: ProcessTree,
  found: ReadonlyMap<number, Found>,
  root: number,
  isElsewhere: (pid: number) => boolean,
): Instance {
  const members: Member[] = [];
  let main: Member | null = null;
  tree.walk(root, (process, depth, owned) => {
    const pid = process.key.pid;
    const known = found.get(pid);
    if ((!known && !owned) || (pid !== root && isElsewhere(pid))) return null;
    const { role, matchedBy, owns } = known ??
      { role: "child", matchedBy: "enumeration", owns: false };
    const member = tree.member(process, process.zombie ? "zombie" : role, matchedBy, depth);
    members.push(member);
    if (owns && !process.zombie) main ??= member;
    return owned || owns;
  });
  return tree.instance(main ?? members[0]!, members);
}
