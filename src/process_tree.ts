/** The processes of one table as a tree, with what is read about them on demand, once each. */

import type { Identity } from "./opencode.ts";
import type {
  Hint,
  Instance,
  MatchedBy,
  Member,
  Probe,
  ProcessInfo,
  ProcessTable,
  Role,
} from "./types.ts";

/** Programs that inherit orphaned processes besides pid 1: a user's systemd. */
export const INIT_NAMES: ReadonlySet<string> = new Set(["systemd"]);

/** What a visitor returns: whether the children are owned, or null to leave out this process and all below. */
export type Visit = (process: ProcessInfo, depth: number, owned: boolean) => boolean | null;

export class ProcessTree {
  /** Every process but this tool itself. */
  readonly pids: readonly number[];
  readonly #table: ProcessTable;
  /** Of adopted processes, instead of what their ppid says. */
  readonly #parents = new Map<number, number>();
  readonly #executables = new Map<number, string | null>();
  readonly #identities = new Map<number, Identity>();

  constructor(readonly probe: Probe, table: ProcessTable) {
    this.#table = table;
    this.pids = table.pids.filter((pid) => pid !== probe.ownPid);
  }

  get(pid: number): ProcessInfo | undefined {
    return this.#table.get(pid);
  }

  hint(pid: number): Hint | null {
    return this.#table.hint(pid);
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
  }

  /** Processes whose parent is an init: their own may have died. */
  inherited(): number[] {
    const children = this.#children(1);
    return [
      ...children,
      ...children.filter((pid) => this.#isInit(pid)).flatMap((pid) => this.#children(pid)),
    ];
  }

  /** Visits a process and all below it, parents first, siblings by age. */
  walk(root: number, visit: Visit): void {
    const seen = new Set<number>();
    const pending = [{ pid: root, depth: 0, owned: false }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { pid, depth } = next;
      const process = this.get(pid);
      if (!process || seen.has(pid)) continue;
      seen.add(pid);
      const owned = visit(process, depth, next.owned);
      if (owned === null) continue;
      // Taken from the end: the oldest is visited first.
      for (const child of this.#children(pid).sort((a, b) => this.#compareAge(b, a))) {
        pending.push({ pid: child, depth: depth + 1, owned });
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
    const parent = this.#parents.get(pid) ?? this.get(pid)?.ppid;
    return parent === undefined ? undefined : this.get(parent);
  }

  #children(pid: number): number[] {
    const own = this.#table.children(pid)
      .filter((child) => child !== this.probe.ownPid && (this.#parents.get(child) ?? pid) === pid);
    const adopted = [...this.#parents].filter(([, parent]) => parent === pid).map(([child]) =>
      child
    );
    return [...own, ...adopted.filter((child) => !own.includes(child))];
  }

  #isInit(pid: number): boolean {
    const hint = this.hint(pid);
    if (hint === null) return false;
    return INIT_NAMES.has(
      "path" in hint ? hint.path.slice(hint.path.lastIndexOf("/") + 1) : hint.name,
    );
  }

  #compareAge(a: number, b: number): number {
    return (this.get(a)?.startedAtMs ?? 0) - (this.get(b)?.startedAtMs ?? 0) || a - b;
  }
}
