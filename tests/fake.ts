/** A scripted machine: a Probe over plain data that counts what it is asked. */

import type { MemoryPart, Port } from "../src/detail.ts";
import { RowTable } from "../src/ffi/row_table.ts";
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
} from "../src/types.ts";

/** A process as a test describes it; what is left out is harmless. */
export interface FakeProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly name?: string;
  /** null: not readable, as another user's. */
  readonly exe?: string | null;
  readonly argv?: readonly string[] | Missing;
  readonly cwd?: string | null;
  readonly uid?: number;
  readonly zombie?: boolean;
  readonly startedAtMs?: number;
  /** Token of its start; another one is another process. */
  readonly started?: string;
  readonly marks?: Partial<Marks> | null;
  /** How it stands; without this it has a terminal and is no service. */
  readonly standing?: Partial<Standing> | null;
  /** Footprint in bytes, a whole reading, or why there is none. */
  readonly memory?: number | Reading | Missing;
  /** Its memory by kind; without this all of its footprint is anonymous. */
  readonly parts?: readonly MemoryPart[] | Missing;
  /** Where it listens; without this where its arguments say, `--port N`. */
  readonly ports?: readonly Port[] | null;
  /** What each source tells of it; without this there is one, which tells its memory. */
  readonly readings?: readonly SourceReading[];
}

/** When the scripted world is looked at. */
export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
export const OWN_PID = 999;
export const GIB = 1024 ** 3;
export const MIB = 1024 ** 2;

export function reading(footprintBytes: number, rest: Partial<Reading> = {}): Reading {
  return {
    footprintBytes,
    residentBytes: footprintBytes + 10 * MIB,
    peakBytes: footprintBytes + 20 * MIB,
    swappedBytes: 0,
    pssBytes: null,
    ussBytes: null,
    source: "proc_status",
    uid: null,
    ...rest,
  };
}

export class FakeProbe implements Probe {
  readonly arch = "x86_64";
  readonly ownPid = OWN_PID;
  /** Pids whose path, arguments, marks, memory or standing were asked for. */
  readonly asked = {
    executable: [] as number[],
    commandLine: [] as number[],
    marks: [] as number[],
    memory: [] as number[],
    standing: [] as number[],
    parts: [] as number[],
    ports: [] as number[],
  };
  disposed = false;
  #processes: readonly FakeProcess[] = [];

  constructor(
    processes: readonly FakeProcess[],
    readonly os: Os = "linux",
    readonly unreadable = 0,
  ) {
    this.set(processes);
  }

  /** Makes the machine another: from the next table on, these are its processes. */
  set(processes: readonly FakeProcess[]): void {
    const self = { pid: OWN_PID, ppid: 998, name: "deno", exe: "/bin/deno", argv: ["ocmem"] };
    this.#processes = processes.some((p) => p.pid === OWN_PID) ? processes : [...processes, self];
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }

  memoryBytes(): number {
    return 16 * GIB;
  }

  machine(): Machine {
    return { name: "fake", boot: "boot-1" };
  }

  processTable(): ProcessTable {
    const table = new RowTable(this.#processes.map(infoOf), this.unreadable);
    if (this.os === "darwin") return table;
    // As on Linux, a path is cheaper to tell than a row.
    return {
      pids: table.pids,
      unreadable: this.unreadable,
      get: (pid) => table.get(pid),
      hint: (pid) => {
        const path = table.get(pid)!.zombie ? null : this.executable(pid);
        return path === null ? table.hint(pid) : { path };
      },
      children: (pid) => table.children(pid),
    };
  }

  executable(pid: number): string | null {
    this.asked.executable.push(pid);
    const { exe, name } = this.#at(pid);
    return exe === undefined ? `/usr/bin/${name ?? "thing"}` : exe;
  }

  commandLine(process: ProcessInfo): readonly string[] | Missing {
    this.asked.commandLine.push(process.key.pid);
    if (process.zombie) return "zombie";
    return this.#at(process.key.pid).argv ?? [process.name];
  }

  directory(pid: number): string | null {
    return this.#at(pid).cwd ?? null;
  }

  marks(pid: number): Marks | null {
    this.asked.marks.push(pid);
    const { marks } = this.#at(pid);
    return marks === null ? null : { openCodePid: null, runsAsBun: false, ...marks };
  }

  standing(process: ProcessInfo): Standing | null {
    this.asked.standing.push(process.key.pid);
    const { standing } = this.#at(process.key.pid);
    return standing === null ? null : { hasTerminal: true, isService: false, ...standing };
  }

  memoryParts(process: ProcessInfo): readonly MemoryPart[] | Missing {
    this.asked.parts.push(process.key.pid);
    const { parts } = this.#at(process.key.pid);
    if (parts !== undefined) return parts;
    const whole = this.memory(process, { exact: false });
    if (typeof whole === "string") return whole;
    return [{ kind: "anonymous", bytes: whole.footprintBytes, inFootprint: true }];
  }

  ports(pid: number): readonly Port[] | null {
    this.asked.ports.push(pid);
    const { ports, argv = [] } = this.#at(pid);
    if (ports !== undefined) return ports;
    const port = typeof argv === "string" ? NaN : Number(argv[argv.indexOf("--port") + 1]);
    return port > 0 ? [{ address: "127.0.0.1", port }] : [];
  }

  memory(process: ProcessInfo, options: { readonly exact: boolean }): Reading | Missing {
    this.asked.memory.push(process.key.pid);
    if (process.zombie) return "zombie";
    const memory = this.#at(process.key.pid).memory ?? 100 * MIB;
    if (typeof memory === "string") return memory;
    const whole = typeof memory === "number" ? reading(memory) : memory;
    return options.exact
      ? { ...whole, pssBytes: whole.footprintBytes + MIB, ussBytes: whole.footprintBytes - MIB }
      : whole;
  }

  readings(process: ProcessInfo): readonly SourceReading[] {
    const one = { source: "proc_status", reading: this.memory(process, { exact: false }) } as const;
    return this.#at(process.key.pid).readings ?? [one];
  }

  #at(pid: number): FakeProcess {
    return this.#processes.find((p) => p.pid === pid)!;
  }
}

function infoOf(process: FakeProcess): ProcessInfo {
  return {
    key: { pid: process.pid, started: process.started ?? `s${process.pid}` },
    ppid: process.ppid ?? 500,
    name: process.name ?? "thing",
    uid: process.uid ?? null,
    startedAtMs: process.startedAtMs ?? NOW_MS - 60_000 + process.pid,
    zombie: process.zombie ?? false,
  };
}
