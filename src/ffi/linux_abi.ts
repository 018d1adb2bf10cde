/**
 * Facts of Linux: the C functions that are bound, their places, and the formats of /proc. Pure.
 * Formats: proc(5), proc_pid_stat(5), proc_pid_status(5), proc_pid_smaps_rollup (kernel
 * Documentation/filesystems/proc.rst). Layout of `struct dirent`: glibc bits/dirent.h with 64-bit
 * file offsets and musl bits/dirent.h, which agree on x86-64 and arm64.
 */

import type { Missing, ProcessInfo, Reading } from "../types.ts";
import { decodeText } from "./struct.ts";

/** No variadic function is bound (`open` is one): `fopen` opens, `fileno` and `read` read unbuffered. */
export const LIBC_SYMBOLS = {
  // FILE *fopen(const char *path, const char *mode)
  fopen: { parameters: ["buffer", "buffer"], result: "pointer" },
  // int fileno(FILE *stream)
  fileno: { parameters: ["pointer"], result: "i32" },
  // ssize_t read(int fd, void *buf, size_t count)
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  // int fclose(FILE *stream)
  fclose: { parameters: ["pointer"], result: "i32" },
  // ssize_t getdirentries64(int fd, char *buf, size_t nbytes, off64_t *basep): glibc
  getdirentries64: {
    parameters: ["i32", "buffer", "usize", "buffer"],
    result: "isize",
    optional: true,
  },
  // int getdents(int fd, struct dirent *buf, size_t len): musl
  getdents: { parameters: ["i32", "buffer", "usize"], result: "i32", optional: true },
  // ssize_t readlink(const char *path, char *buf, size_t bufsiz)
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
  // int clock_gettime(clockid_t clock, struct timespec *tp)
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  // void *memcpy(void *dest, const void *src, size_t n): reads what a pointer points to
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
  // int *__errno_location(void): where this thread's errno is
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

export type LibcCalls = Deno.DynamicLibrary<typeof LIBC_SYMBOLS>["symbols"];

/** Where libc is: glibc on Debian and Ubuntu, on Fedora and SUSE, on Arch; then musl on Alpine. */
export const LIBC_PATHS: Readonly<Record<string, readonly string[]>> = {
  x86_64: [
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/ld-musl-x86_64.so.1",
  ],
  aarch64: [
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/ld-musl-aarch64.so.1",
  ],
};

/** errno.h, the same on x86-64 and arm64. */
export const ERRNO = { EPERM: 1, ENOENT: 2, ESRCH: 3, EACCES: 13 } as const;
/** linux/time.h */
export const CLOCK = { REALTIME: 0, BOOTTIME: 7 } as const;
/** `struct timespec`: seconds and nanoseconds, 8 bytes each. */
export const TIMESPEC_SIZE = 16;
/** Ticks a second in /proc/PID/stat: USER_HZ of asm-generic/param.h, 100 on x86-64 and arm64. */
const TICKS_PER_SECOND = 100;
/** `struct dirent` with 64-bit offsets: d_ino 0, d_off 8, d_reclen 16 (2 bytes), d_type 18, d_name 19. */
export const DIRENT = { reclen: 16, name: 19 } as const;

const ZERO = 0x30;

/** The numbers that name directory entries: of /proc, the pids. A record that makes no sense ends it. */
export function parsePids(entries: Uint8Array): number[] {
  const pids: number[] = [];
  for (let at = 0; at + DIRENT.name < entries.length;) {
    const length = entries[at + DIRENT.reclen]! | entries[at + DIRENT.reclen + 1]! << 8;
    if (length <= DIRENT.name || at + length > entries.length) break;
    const pid = digitsAt(entries, at + DIRENT.name, at + length);
    if (pid > 0) pids.push(pid);
    at += length;
  }
  return pids;
}

/** The decimal number that fills the bytes up to a NUL, or -1 if they hold anything else. */
function digitsAt(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) return at > from ? value : -1;
    if (byte < ZERO || byte > ZERO + 9) return -1;
    value = value * 10 + byte - ZERO;
  }
  return -1;
}

/**
 * One line of /proc/PID/stat, or null if it is not one. `bootAtMs` is when the machine booted, in
 * milliseconds since 1970. The name may hold spaces and parentheses: the last `)` ends it.
 */
export function parseStat(bytes: Uint8Array, pid: number, bootAtMs: number): ProcessInfo | null {
  // Text first: searching it is native code, which counts for a thousand processes.
  const line = decodeText(bytes);
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  // Fields as numbered in proc_pid_stat(5): 3 state, 4 ppid, 22 starttime in ticks.
  let at = close + 4;
  const ppid = numberAt(line, at);
  for (let field = 4; field < 22; field++) at = line.indexOf(" ", at) + 1 || line.length;
  const startTicks = numberAt(line, at);
  if (ppid === null || startTicks === null) return null;
  return {
    key: { pid, started: String(startTicks) },
    ppid,
    name: line.slice(open + 1, close),
    uid: null,
    startedAtMs: Math.round(bootAtMs + startTicks * (1000 / TICKS_PER_SECOND)),
    zombie: line[close + 2] === "Z",
  };
}

/** The decimal number from `at` to the next space, or null if there is none. */
function numberAt(line: string, at: number): number | null {
  const space = line.indexOf(" ", at);
  const digits = line.slice(at, Math.max(at, space));
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

/**
 * The memory in /proc/PID/status. Footprint = RssAnon + RssShmem + VmSwap: what the process itself
 * makes the machine hold, in RAM or in swap, without the file pages that the kernel can drop.
 */
export function parseStatus(text: string): Reading | Missing {
  if (valueOf(text, "State")?.startsWith("Z")) return "zombie";
  const anonymous = kibibytes(text, "RssAnon");
  const shared = kibibytes(text, "RssShmem");
  const resident = kibibytes(text, "VmRSS");
  // A thread of the kernel has no memory of its own; newer kernels say that it is one.
  if (valueOf(text, "Kthread") === "1") return "unsupported";
  // While the kernel frees the memory of a process that ends, all of these lines are missing.
  if (anonymous === null && shared === null && resident === null) return "gone";
  if (anonymous === null || shared === null || resident === null) return "unsupported";
  const swapped = kibibytes(text, "VmSwap");
  return {
    footprintBytes: anonymous + shared + (swapped ?? 0),
    residentBytes: resident,
    peakBytes: kibibytes(text, "VmHWM"),
    swappedBytes: swapped,
    pssBytes: null,
    ussBytes: null,
    source: "proc_status",
    uid: effectiveUid(text),
  };
}

/** The pids in /proc/PID/task/TID/children. */
export function parseChildren(text: string): number[] {
  return text.split(" ").filter((pid) => /^\d+$/.test(pid)).map(Number);
}

/** PSS and USS in bytes, from /proc/PID/smaps_rollup. USS = Private_Clean + Private_Dirty. */
export function parseSmapsRollup(text: string): { pssBytes: number; ussBytes: number } | null {
  const pss = kibibytes(text, "Pss");
  const clean = kibibytes(text, "Private_Clean");
  const dirty = kibibytes(text, "Private_Dirty");
  if (pss === null || clean === null || dirty === null) return null;
  return { pssBytes: pss, ussBytes: clean + dirty };
}

/**
 * The memory in /proc/PID/smaps_rollup: what parseStatus reads from counters, found by a walk over the
 * page tables. Of memory shared with other processes this file tells the process's part (Pss_Shmem),
 * and its Swap includes what of that memory is swapped out; without such memory the two are the same.
 */
export function parseRollupReading(text: string): Reading | Missing {
  const anonymous = kibibytes(text, "Anonymous");
  const resident = kibibytes(text, "Rss");
  if (anonymous === null || resident === null) return "unsupported";
  const swapped = kibibytes(text, "Swap");
  return {
    // Older kernels don't tell Pss_Shmem.
    footprintBytes: anonymous + (kibibytes(text, "Pss_Shmem") ?? 0) + (swapped ?? 0),
    residentBytes: resident,
    peakBytes: null,
    swappedBytes: swapped,
    pssBytes: null,
    ussBytes: null,
    source: "proc_smaps_rollup",
    uid: null,
  };
}

/** The machine's memory in bytes from /proc/meminfo, or null if it does not say. */
export function parseMemTotal(text: string): number | null {
  return kibibytes(text, "MemTotal");
}

/** The value of a `Name:   123 kB` line in bytes ("kB" there means 1024 bytes), or null. */
export function kibibytes(text: string, name: string): number | null {
  const value = valueOf(text, name);
  return value !== null && /^\d+ kB$/.test(value) ? Number(value.slice(0, -3)) * 1024 : null;
}

/** What stands behind `Name:`, without the white space around it, or null. */
function valueOf(text: string, name: string): string | null {
  const label = `${name}:`;
  const found = text.startsWith(label) ? 0 : text.indexOf(`\n${label}`) + 1;
  if (found === 0 && !text.startsWith(label)) return null;
  const end = text.indexOf("\n", found);
  return text.slice(found + label.length, end < 0 ? text.length : end).trim();
}

/** `Uid:` lists the real, effective, saved and filesystem user. */
function effectiveUid(text: string): number | null {
  const effective = valueOf(text, "Uid")?.split("\t")[1];
  return effective === undefined ? null : Number(effective);
}

/**
 * The arguments in /proc/PID/cmdline. A process that wrote a title over its arguments (as npm does)
 * leaves one text with spaces and then NULs: those are filler, not empty arguments.
 */
export function trimTitle(argv: readonly string[]): readonly string[] {
  const isTitle = argv.length > 1 && argv[0]!.includes(" ") && argv.slice(1).every((a) => a === "");
  return isTitle ? argv.slice(0, 1) : argv;
}
