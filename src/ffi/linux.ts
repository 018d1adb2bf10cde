/** LinuxProbe: reads /proc through libc, which needs no more than the grant to load libc. */

import type { MemoryPart, Port } from "../detail.ts";
import { NativeError, UnsupportedError } from "../errors.ts";
import type {
  Machine,
  Marks,
  Missing,
  Probe,
  ProcessInfo,
  ProcessTable,
  Reading,
  SourceReading,
  Standing,
} from "../types.ts";
import {
  CLOCK,
  type LibcCalls,
  parseChildren,
  parseMemTotal,
  parseRollupReading,
  parseSmapsRollup,
  parseStat,
  parseStatus,
  TIMESPEC_SIZE,
  trimTitle,
} from "./linux_abi.ts";
import { type Content, inOnePiece, type IsLast, PROC, ProcFiles, toTheEnd } from "./linux_files.ts";
import { partsOf } from "./linux_parts.ts";
import { portsOf } from "./linux_ports.ts";
import { standingOf } from "./linux_standing.ts";
import { LinuxTable, type Rows } from "./linux_table.ts";
import { readMarks } from "./marks.ts";
import { cString, decodeText, splitAtNul } from "./struct.ts";

const MEMINFO = cString("/proc/meminfo");
const SELF = cString("/proc/self");
const HOST_NAME = cString("/proc/sys/kernel/hostname");
const BOOT_ID = cString("/proc/sys/kernel/random/boot_id");
const FILES = {
  stat: cString("/stat"),
  status: cString("/status"),
  cmdline: cString("/cmdline"),
  environ: cString("/environ"),
  smaps: cString("/smaps_rollup"),
  exe: cString("/exe"),
  cwd: cString("/cwd"),
  task: cString("/task"),
  cgroup: cString("/cgroup"),
} as const;

export class LinuxProbe implements Probe {
  readonly os = "linux";
  readonly ownPid: number;
  readonly #calls: LibcCalls;
  readonly #close: () => void;
  readonly #files: ProcFiles;

  /** `calls` are libc's; `close` gives the library back. */
  constructor(calls: LibcCalls, readonly arch: string, close: () => void) {
    this.#calls = calls;
    this.#close = close;
    this.#files = new ProcFiles(calls);
    this.ownPid = this.#readSelf();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  memoryBytes(): number {
    const content = this.#files.read(MEMINFO, inOnePiece);
    const total = typeof content === "string" ? null : parseMemTotal(decodeText(content));
    if (total === null) {
      throw new UnsupportedError("Cannot tell the machine's memory: /proc/meminfo has no MemTotal");
    }
    return total;
  }

  machine(): Machine {
    const line = (path: Uint8Array<ArrayBuffer>) => {
      const content = this.#files.read(path, inOnePiece);
      return typeof content === "string" ? "" : decodeText(content).trim();
    };
    return { name: line(HOST_NAME), boot: line(BOOT_ID) };
  }

  processTable(): ProcessTable {
    const bootAtMs = this.#bootAtMs();
    const source: Rows = {
      row: (pid) => {
        const content = this.#read(pid, "stat", inOnePiece);
        if (typeof content === "string") return content;
        return parseStat(content, pid, bootAtMs) ?? "unsupported";
      },
      executable: (pid) => this.executable(pid),
      threads: (pid) => this.#files.numbersIn(this.#files.pathOf(pid, FILES.task)) ?? [],
      childrenOfThread: (pid, thread) => {
        const path = this.#files.pathOf(pid, cString(`/task/${thread}/children`));
        const content = this.#files.read(path, toTheEnd);
        return typeof content === "string" ? content : parseChildren(decodeText(content));
      },
    };
    return new LinuxTable(this.#pids(), source, this.ownPid);
  }

  executable(pid: number): string | null {
    return this.#files.readLink(this.#files.pathOf(pid, FILES.exe));
  }

  directory(pid: number): string | null {
    return this.#files.readLink(this.#files.pathOf(pid, FILES.cwd));
  }

  commandLine(process: ProcessInfo): readonly string[] | Missing {
    if (process.zombie) return "zombie";
    const content = this.#read(process.key.pid, "cmdline", toTheEnd);
    return typeof content === "string" ? content : trimTitle(splitAtNul(content));
  }

  marks(pid: number): Marks | null {
    const content = this.#read(pid, "environ", toTheEnd);
    return typeof content === "string" ? null : readMarks(content);
  }

  memoryParts({ key, zombie }: ProcessInfo): readonly MemoryPart[] | Missing {
    if (zombie) return "zombie";
    const status = this.#read(key.pid, "status", inOnePiece);
    const parts = typeof status === "string" ? status : partsOf(decodeText(status));
    if (typeof parts === "string") return parts;
    // Its start last: if it is the same, so was what was read before.
    const stat = this.#read(key.pid, "stat", inOnePiece);
    if (typeof stat === "string") return stat;
    return parseStat(stat, key.pid, 0)?.key.started === key.started ? parts : "gone";
  }

  ports(pid: number): readonly Port[] | null {
    return portsOf(pid, this.#files);
  }

  standing({ key }: ProcessInfo): Standing | null {
    return standingOf(key, (file) => this.#read(key.pid, file, toTheEnd));
  }

  memory(process: ProcessInfo, options: { readonly exact: boolean }): Reading | Missing {
    if (process.zombie) return "zombie";
    const pid = process.key.pid;
    const content = this.#read(pid, "status", inOnePiece);
    if (typeof content === "string") return content;
    const reading = parseStatus(decodeText(content));
    if (typeof reading === "string" || !options.exact) return reading;
    const rollup = this.#read(pid, "smaps", inOnePiece);
    if (typeof rollup === "string") return reading;
    return { ...reading, ...parseSmapsRollup(decodeText(rollup)) };
  }

  readings(process: ProcessInfo): readonly SourceReading[] {
    // This file first: if it is not there and the process still is, this kernel does not have it.
    const content = process.zombie ? "zombie" : this.#read(process.key.pid, "smaps", inOnePiece);
    const rollup = typeof content === "string" ? content : parseRollupReading(decodeText(content));
    const status = this.memory(process, { exact: false });
    const none = typeof status === "string" ? status : rollup === "gone" ? "unsupported" : rollup;
    return [
      { source: "proc_status", reading: status },
      { source: "proc_smaps_rollup", reading: typeof rollup === "string" ? none : rollup },
    ];
  }

  #read(pid: number, file: keyof typeof FILES, isLast: IsLast): Content {
    return this.#files.read(this.#files.pathOf(pid, FILES[file]), isLast);
  }

  /** The pid of this process as this /proc counts: in a container that shows the host's, not getpid's. */
  #readSelf(): number {
    const self = this.#files.readLink(SELF);
    if (self === null || !/^[1-9][0-9]*$/.test(self)) {
      throw new UnsupportedError(
        "Cannot list processes: /proc is not mounted here. Mount it (mount -t proc proc /proc)",
      );
    }
    return Number(self);
  }

  #pids(): number[] {
    const pids = this.#files.numbersIn(PROC);
    if (pids !== null) return pids;
    throw new NativeError(
      `Cannot list processes: /proc can't be read, errno ${this.#files.lastErrno()}`,
    );
  }

  /** When the machine booted, in ms since 1970: the difference of two clocks, so it follows clock changes. */
  #bootAtMs(): number {
    return this.#clockMs(CLOCK.REALTIME) - this.#clockMs(CLOCK.BOOTTIME);
  }

  #clockMs(clock: number): number {
    const time = new BigInt64Array(TIMESPEC_SIZE / 8);
    if (this.#calls.clock_gettime(clock, time) !== 0) {
      throw new NativeError(`Cannot read clock ${clock}: errno ${this.#files.lastErrno()}`);
    }
    return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
  }
}
