/** LinuxProbe: reads /proc through libc, which needs no more than the grant to load libc. */

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
  ERRNO,
  type LibcCalls,
  parseChildren,
  parseMemTotal,
  parsePids,
  parseRollupReading,
  parseSmapsRollup,
  parseStat,
  parseStatus,
  TIMESPEC_SIZE,
  trimTitle,
} from "./linux_abi.ts";
import { standingOf } from "./linux_standing.ts";
import { LinuxTable, type Rows } from "./linux_table.ts";
import { readMarks } from "./marks.ts";
import { cString, decodeText, splitAtNul } from "./struct.ts";

const PROC = cString("/proc");
const MEMINFO = cString("/proc/meminfo");
const SELF = cString("/proc/self");
const HOST_NAME = cString("/proc/sys/kernel/hostname");
const BOOT_ID = cString("/proc/sys/kernel/random/boot_id");
const READ_CLOEXEC = cString("re");
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

/** First size of the read buffer: holds every stat and status, and all but a few command lines. */
const BUFFER_SIZE = 64 * 1024;
/** Arguments and environment together are at most 6 MiB (three quarters of _STK_LIM, linux fs/exec.c). */
const LARGEST_FILE = 16 * 1024 * 1024;
/** PATH_MAX of linux/limits.h: the kernel gives no longer link. */
const PATH_MAX = 4096n;

/** Content of a /proc file, valid until the next call, or why there is none. */
type Content = Uint8Array | Missing;

export class LinuxProbe implements Probe {
  readonly os = "linux";
  readonly ownPid: number;
  readonly #calls: LibcCalls;
  readonly #close: () => void;
  readonly #errnoAt: Deno.PointerValue;
  readonly #errno = new Int32Array(1);
  readonly #path = new Uint8Array(64);
  readonly #position = new BigInt64Array(1);
  #buffer = new Uint8Array(BUFFER_SIZE);

  /** `calls` are libc's; `close` gives the library back. */
  constructor(calls: LibcCalls, readonly arch: string, close: () => void) {
    this.#calls = calls;
    this.#close = close;
    this.#errnoAt = calls.__errno_location();
    this.#path.set(PROC);
    this.#path[PROC.length - 1] = 0x2f;
    this.ownPid = this.#readSelf();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  memoryBytes(): number {
    const content = this.#read(MEMINFO, false);
    const total = typeof content === "string" ? null : parseMemTotal(decodeText(content));
    if (total === null) {
      throw new UnsupportedError("Cannot tell the machine's memory: /proc/meminfo has no MemTotal");
    }
    return total;
  }

  machine(): Machine {
    const line = (path: Uint8Array<ArrayBuffer>) => {
      const content = this.#read(path, false);
      return typeof content === "string" ? "" : decodeText(content).trim();
    };
    return { name: line(HOST_NAME), boot: line(BOOT_ID) };
  }

  processTable(): ProcessTable {
    const bootAtMs = this.#bootAtMs();
    const source: Rows = {
      row: (pid) => {
        const content = this.#read(this.#pathOf(pid, FILES.stat), false);
        if (typeof content === "string") return content;
        return parseStat(content, pid, bootAtMs) ?? "unsupported";
      },
      executable: (pid) => this.executable(pid),
      threads: (pid) => this.#pidsIn(this.#pathOf(pid, FILES.task)) ?? [],
      childrenOfThread: (pid, thread) => {
        const content = this.#read(this.#pathOf(pid, cString(`/task/${thread}/children`)), true);
        return typeof content === "string" ? content : parseChildren(decodeText(content));
      },
    };
    return new LinuxTable(this.#pids(), source, this.ownPid);
  }

  executable(pid: number): string | null {
    return this.#readLink(this.#pathOf(pid, FILES.exe));
  }

  directory(pid: number): string | null {
    return this.#readLink(this.#pathOf(pid, FILES.cwd));
  }

  commandLine(process: ProcessInfo): readonly string[] | Missing {
    if (process.zombie) return "zombie";
    const content = this.#read(this.#pathOf(process.key.pid, FILES.cmdline), true);
    return typeof content === "string" ? content : trimTitle(splitAtNul(content));
  }

  marks(pid: number): Marks | null {
    const content = this.#read(this.#pathOf(pid, FILES.environ), true);
    return typeof content === "string" ? null : readMarks(content);
  }

  memoryParts(): "unsupported" {
    return "unsupported";
  }

  ports(): null {
    return null;
  }

  standing({ key }: ProcessInfo): Standing | null {
    return standingOf(key, (file) => this.#read(this.#pathOf(key.pid, FILES[file]), true));
  }

  memory(process: ProcessInfo, options: { readonly exact: boolean }): Reading | Missing {
    if (process.zombie) return "zombie";
    const pid = process.key.pid;
    const content = this.#read(this.#pathOf(pid, FILES.status), false);
    if (typeof content === "string") return content;
    const reading = parseStatus(decodeText(content));
    if (typeof reading === "string" || !options.exact) return reading;
    const rollup = this.#read(this.#pathOf(pid, FILES.smaps), false);
    if (typeof rollup === "string") return reading;
    return { ...reading, ...parseSmapsRollup(decodeText(rollup)) };
  }

  readings(process: ProcessInfo): readonly SourceReading[] {
    // This file first: if it is not there and the process still is, this kernel does not have it.
    const content = process.zombie
      ? "zombie"
      : this.#read(this.#pathOf(process.key.pid, FILES.smaps), false);
    const rollup = typeof content === "string" ? content : parseRollupReading(decodeText(content));
    const status = this.memory(process, { exact: false });
    const none = typeof status === "string" ? status : rollup === "gone" ? "unsupported" : rollup;
    return [
      { source: "proc_status", reading: status },
      { source: "proc_smaps_rollup", reading: typeof rollup === "string" ? none : rollup },
    ];
  }

  /** The pid of this process as this /proc counts: in a container that shows the host's, not getpid's. */
  #readSelf(): number {
    const self = this.#readLink(SELF);
    if (self === null || !/^[1-9][0-9]*$/.test(self)) {
      throw new UnsupportedError(
        "Cannot list processes: /proc is not mounted here. Mount it (mount -t proc proc /proc)",
      );
    }
    return Number(self);
  }

  #pids(): number[] {
    const pids = this.#pidsIn(PROC);
    if (pids !== null) return pids;
    throw new NativeError(`Cannot list processes: /proc can't be read, errno ${this.#lastErrno()}`);
  }

  /** The numbers that name entries of a directory, or null if it can't be read. */
  #pidsIn(path: Uint8Array<ArrayBuffer>): number[] | null {
    const { fopen, fileno, fclose } = this.#calls;
    const directory = fopen(path, READ_CLOEXEC);
    if (directory === null) return null;
    try {
      const pids: number[] = [];
      for (;;) {
        const length = this.#readEntries(fileno(directory));
        if (length < 0) return null;
        if (length === 0) return pids;
        pids.push(...parsePids(this.#buffer.subarray(0, length)));
      }
    } finally {
      fclose(directory);
    }
  }

  /** Fills the buffer with directory entries: through whichever function this libc has. */
  #readEntries(fd: number): number {
    const { getdirentries64, getdents } = this.#calls;
    const room = BigInt(this.#buffer.length);
    if (getdirentries64) return Number(getdirentries64(fd, this.#buffer, room, this.#position));
    if (getdents) return getdents(fd, this.#buffer, room);
    throw new UnsupportedError(
      "Cannot list processes: this libc has neither getdirentries64 nor getdents",
    );
  }

  /** When the machine booted, in ms since 1970: the difference of two clocks, so it follows clock changes. */
  #bootAtMs(): number {
    return this.#clockMs(CLOCK.REALTIME) - this.#clockMs(CLOCK.BOOTTIME);
  }

  #clockMs(clock: number): number {
    const time = new BigInt64Array(TIMESPEC_SIZE / 8);
    if (this.#calls.clock_gettime(clock, time) !== 0) {
      throw new NativeError(`Cannot read clock ${clock}: errno ${this.#lastErrno()}`);
    }
    return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
  }

  /** `/proc/PID` + `file`, NUL-terminated, in the one path buffer. */
  #pathOf(pid: number, file: Uint8Array): Uint8Array<ArrayBuffer> {
    const path = this.#path;
    let end = PROC.length;
    for (let rest = pid; rest >= 10; rest = (rest / 10) | 0) end++;
    for (let at = end, rest = pid; at >= PROC.length; at--, rest = (rest / 10) | 0) {
      path[at] = 0x30 + rest % 10;
    }
    path.set(file, end + 1);
    return path;
  }

  /**
   * Reads a /proc file. The kernel hands out texts that end in a line break in one piece; `toEnd`
   * goes on until the end, for the files whose content is the process's own bytes.
   */
  #read(path: Uint8Array<ArrayBuffer>, toEnd: boolean): Content {
    const { fopen, fileno, read, fclose } = this.#calls;
    const stream = fopen(path, READ_CLOEXEC);
    if (stream === null) return this.#missing();
    try {
      const fd = fileno(stream);
      let length = 0;
      for (;;) {
        const room = this.#buffer.subarray(length);
        const count = Number(read(fd, room, BigInt(room.length)));
        if (count < 0) return this.#missing();
        length += count;
        if (count === 0 || (!toEnd && this.#buffer[length - 1] === 0x0a)) break;
        if (length === this.#buffer.length && !this.#grow()) break;
      }
      return this.#buffer.subarray(0, length);
    } finally {
      fclose(stream);
    }
  }

  #grow(): boolean {
    if (this.#buffer.length >= LARGEST_FILE) return false;
    const larger = new Uint8Array(this.#buffer.length * 4);
    larger.set(this.#buffer);
    this.#buffer = larger;
    return true;
  }

  #readLink(path: Uint8Array<ArrayBuffer>): string | null {
    const length = Number(this.#calls.readlink(path, this.#buffer, PATH_MAX));
    return length > 0 ? decodeText(this.#buffer.subarray(0, length)) : null;
  }

  #missing(): Missing {
    const errno = this.#lastErrno();
    if (errno === ERRNO.ENOENT || errno === ERRNO.ESRCH) return "gone";
    return errno === ERRNO.EACCES || errno === ERRNO.EPERM ? "denied" : "unsupported";
  }

  /** Must follow the failed call at once: the runtime's own calls change errno. */
  #lastErrno(): number {
    this.#calls.memcpy(this.#errno, this.#errnoAt, 4n);
    return this.#errno[0]!;
  }
}
