/** The processes of one table as a tree, with what is read about them on demand, once each. */

import type { Identity } from "./opencode.ts";
import type {
  Instance,
  MatchedBy,
  Member,
  Probe,
  ProcessInfo,
  ProcessTable,
  Role,
} from "./types.ts";

/** Programs that inherit orphaned processes besides pid 1: a user's systemd. */
const INIT_NAMES: ReadonlySet<string> = new Set(["systemd"]);

/** What a visitor returns: whether the children are owned, or null to leave out this process and all below. */
export type Visit = (process: ProcessInfo, depth: number, owned: boolean) => boolean | null;

export class ProcessTree {
  /** Every process but this tool itself. */
  readonly processes: readonly ProcessInfo[];
  readonly #byPid = new Map<number, ProcessInfo>();
  readonly #parents = new Map<number, number>();
  readonly #executables = new Map<number, string | null>();
  readonly #identities = new Map<number, Identity>();
  #children: Map<number, ProcessInfo[]> | null = null;

  constructor(readonly probe: Probe, table: ProcessTable) {
    this.processes = table.processes.filter((p) => p.key.pid !== probe.ownPid);
    for (const process of table.processes) this.#byPid.set(process.key.pid, process);
  }

  get(pid: number): ProcessInfo | undefined {
    return this.#byPid.get(pid);
  }

  /** Parent, grandparent, … as far as the table knows them. */
  ancestors(pid: number): ProcessInfo[] {
    const line: ProcessInfo[] = [];
    // The table is read row by row, so that links of two moments may form a ring.
    const seen = new Set([pid]);
    for (let at = this.#parentOf(pid); at !== undefined; at = this.#parentOf(at.key.pid)) {
      if (seen.has(at.key.pid)) break;
      seen.add(at.key.pid);
      line.push(at);
    }
    return line;
  }

  /** Makes a process the child of another than its ppid says. */
  adopt(child: ProcessInfo, parent: ProcessInfo): void {
    this.#parents.set(child.key.pid, parent.key.pid);
    this.#children = null;
  }

  /** Living processes whose parent is init: theirs may have died. */
  inherited(): ProcessInfo[] {
    return this.processes.filter(({ ppid, zombie, virtualBytes }) =>
      // No address space: a thread of the kernel.
      !zombie && virtualBytes !== 0 &&
      (ppid === 1 || INIT_NAMES.has(this.#byPid.get(ppid)?.name ?? ""))
    );
  }

  /** Visits a process and all below it, parents first, siblings by age. */
  walk(root: number, visit: Visit): void {
    const children = this.#children ??= this.#linkChildren();
    const seen = new Set<number>();
    const pending = [{ process: this.#byPid.get(root)!, depth: 0, owned: false }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { process, depth } = next;
      if (seen.has(process.key.pid)) continue;
      seen.add(process.key.pid);
      const owned = visit(process, depth, next.owned);
      if (owned === null) continue;
      for (const child of children.get(process.key.pid) ?? []) {
        pending.push({ process: child, depth: depth + 1, owned });
      }
    }
  }

  /** The path of the executable, or null if the system does not tell. */
  executable(process: ProcessInfo): string | null {
    const pid = process.key.pid;
    let path = this.#executables.get(pid);
    if (path === undefined) {
      path = process.zombie ? null : this.probe.executable(pid);
      this.#executables.set(pid, path);
    }
    return path;
  }

  /** Name, executable and arguments. */
  identity(process: ProcessInfo): Identity {
    const pid = process.key.pid;
    let identity = this.#identities.get(pid);
    if (!identity) {
      const argv = this.probe.commandLine(process);
      identity = {
        name: process.name,
        executable: this.executable(process),
        commandLine: typeof argv === "string" ? null : argv,
      };
      this.#identities.set(pid, identity);
    }
    return identity;
  }

  /** The process as a member of an instance. */
  member(process: ProcessInfo, role: Role, matchedBy: MatchedBy, depth: number): Member {
    const { executable, commandLine } = this.identity(process);
    return { info: process, role, matchedBy, depth, executable, commandLine };
  }

  /** Members as an instance that is named after its main process. */
  instance(main: Member, members: readonly Member[]): Instance {
    const { pid, started } = main.info.key;
    return { id: `${pid}-${started}`, main, directory: this.probe.directory(pid), members };
  }

  #parentOf(pid: number): ProcessInfo | undefined {
    const parent = this.#parents.get(pid) ?? this.#byPid.get(pid)?.ppid;
    return parent === undefined ? undefined : this.#byPid.get(parent);
  }

  /** Children of each process, youngest first: `walk` takes them from the end. */
  #linkChildren(): Map<number, ProcessInfo[]> {
    const children = new Map<number, ProcessInfo[]>();
    for (const process of this.processes) {
      const parent = this.#parents.get(process.key.pid) ?? process.ppid;
      const siblings = children.get(parent);
      if (siblings) siblings.push(process);
      else children.set(parent, [process]);
    }
    for (const siblings of children.values()) {
      siblings.sort((a, b) => b.startedAtMs - a.startedAtMs || b.key.pid - a.key.pid);
    }
    return children;
  }
}
