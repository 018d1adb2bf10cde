/**
 * A Probe that remembers between looks what does not change in a process, so that only new processes
 * cost reads of their arguments, environment and directory.
 */

import type { MemoryPart, Port } from "./detail.ts";
import type {
  Machine,
  Marks,
  Missing,
  Os,
  Probe,
  ProcessInfo,
  ProcessTable,
  Reading,
  SourceReading,
  Standing,
} from "./types.ts";
import type { World } from "./world.ts";

/**
 * A process younger than this may still be about to run another program (fork, then exec): what it is
 * now is not what it will be.
 */
const SETTLED_MS = 2000;

/** What is known of a process for as long as it is the same one and runs the same program. */
interface Memory {
  readonly started: string;
  readonly name: string;
  readonly executable: string | null;
  commandLine?: readonly string[];
  marks?: Marks;
}

export class RememberingProbe implements Probe {
  readonly os: Os;
  readonly arch: string;
  readonly ownPid: number;
  readonly #probe: Probe;
  readonly #clock: Pick<World, "nowMs">;
  #table: ProcessTable | null = null;
  /** Of processes that were asked about in this look, and in the one before. */
  #now = new Map<number, Memory>();
  #before = new Map<number, Memory>();
  /** Paths that were read in this look. */
  #executables = new Map<number, string | null>();

  constructor(probe: Probe, clock: Pick<World, "nowMs">) {
    this.#probe = probe;
    this.#clock = clock;
    this.os = probe.os;
    this.arch = probe.arch;
    this.ownPid = probe.ownPid;
  }

  [Symbol.dispose](): void {
    this.#probe[Symbol.dispose]();
  }

  memoryBytes(): number {
    return this.#probe.memoryBytes();
  }

  machine(): Machine {
    return this.#probe.machine();
  }

  /** Begins a look. What was not asked about in the one before is forgotten. */
  processTable(): ProcessTable {
    this.#before = this.#now;
    this.#now = new Map();
    this.#executables = new Map();
    this.#table = this.#probe.processTable();
    return this.#table;
  }

  /** The row of a process in the table of this look, or undefined. */
  row(pid: number): ProcessInfo | undefined {
    return this.#table?.get(pid);
  }

  executable(pid: number): string | null {
    let path = this.#executables.get(pid);
    if (path === undefined) {
      path = this.#probe.executable(pid);
      this.#executables.set(pid, path);
    }
    return path;
  }

  /** Read anew: a process may change it at any time. */
  directory(pid: number): string | null {
    return this.#probe.directory(pid);
  }

  commandLine(process: ProcessInfo): readonly string[] | Missing {
    const memory = this.#of(process);
    if (memory?.commandLine) return memory.commandLine;
    const argv = this.#probe.commandLine(process);
    if (memory && typeof argv !== "string") memory.commandLine = argv;
    return argv;
  }

  marks(pid: number): Marks | null {
    const process = this.row(pid);
    const memory = process ? this.#of(process) : null;
    if (memory?.marks) return memory.marks;
    const marks = this.#probe.marks(pid);
    if (memory && marks) memory.marks = marks;
    return marks;
  }

  /** Read anew: a terminal may be closed at any time. */
  standing(process: ProcessInfo): Standing | null {
    return this.#probe.standing(process);
  }

  memoryParts(process: ProcessInfo): readonly MemoryPart[] | Missing {
    return this.#probe.memoryParts(process);
  }

  /** Read anew: a port may be opened at any time. */
  ports(pid: number): readonly Port[] | null {
    return this.#probe.ports(pid);
  }

  memory(process: ProcessInfo, options: { readonly exact: boolean }): Reading | Missing {
    return this.#probe.memory(process, options);
  }

  readings(process: ProcessInfo): readonly SourceReading[] {
    return this.#probe.readings(process);
  }

  /** What is known of a process, or null of one that may not stay what it is. */
  #of(process: ProcessInfo): Memory | null {
    const { key: { pid, started }, name, startedAtMs, zombie } = process;
    const here = this.#now.get(pid);
    if (here) return here;
    if (zombie || this.#clock.nowMs() - startedAtMs < SETTLED_MS) return null;
    const executable = this.executable(pid);
    const known = this.#before.get(pid);
    const isSame = known?.started === started && known.name === name &&
      known.executable === executable;
    const memory = isSame ? known : { started, name, executable };
    this.#now.set(pid, memory);
    return memory;
  }
}
