/** Files and folders of /proc, read through libc, which needs no more than the grant to load libc. */

import { UnsupportedError } from "../errors.ts";
import type { Missing } from "../types.ts";
import { ERRNO, type LibcCalls, parsePids } from "./linux_abi.ts";
import { cString, decodeText } from "./struct.ts";

export const PROC = cString("/proc");
const READ_CLOEXEC = cString("re");

/** First size of the read buffer: holds every stat and status, and all but a few command lines. */
const BUFFER_SIZE = 64 * 1024;
/** Arguments and environment together are at most 6 MiB (three quarters of _STK_LIM, linux fs/exec.c). */
const LARGEST_FILE = 16 * 1024 * 1024;
/** PATH_MAX of linux/limits.h: the kernel gives no longer link. */
const PATH_MAX = 4096n;

/** Content of a /proc file, valid until the next call, or why there is none. */
export type Content = Uint8Array | Missing;

/** Whether what was read last is the end of what is wanted. It is valid until the next call. */
export type IsLast = (piece: Uint8Array) => boolean;

/** For texts that end in a line break: the kernel hands them out in one piece. */
export function inOnePiece(piece: Uint8Array): boolean {
  return piece[piece.length - 1] === 0x0a;
}

/** For files whose content is a process's own bytes. */
export function toTheEnd(): boolean {
  return false;
}

export class ProcFiles {
  readonly #calls: LibcCalls;
  readonly #errnoAt: Deno.PointerValue;
  readonly #errno = new Int32Array(1);
  readonly #path = new Uint8Array(64);
  readonly #position = new BigInt64Array(1);
  #buffer = new Uint8Array(BUFFER_SIZE);

  constructor(calls: LibcCalls) {
    this.#calls = calls;
    this.#errnoAt = calls.__errno_location();
    this.#path.set(PROC);
    this.#path[PROC.length - 1] = 0x2f;
  }

  /** The numbers that name entries of a directory, or null if it can't be read. */
  numbersIn(path: Uint8Array<ArrayBuffer>): number[] | null {
    const { fopen, fileno, fclose } = this.#calls;
    const directory = fopen(path, READ_CLOEXEC);
    if (directory === null) return null;
    try {
      const numbers: number[] = [];
      for (;;) {
        const length = this.#readEntries(fileno(directory));
        if (length < 0) return null;
        if (length === 0) return numbers;
        numbers.push(...parsePids(this.#buffer.subarray(0, length)));
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

  /** `/proc/PID` + `file`, NUL-terminated, in the one path buffer. */
  pathOf(pid: number, file: Uint8Array): Uint8Array<ArrayBuffer> {
    const path = this.#path;
    let end = PROC.length;
    for (let rest = pid; rest >= 10; rest = (rest / 10) | 0) end++;
    for (let at = end, rest = pid; at >= PROC.length; at--, rest = (rest / 10) | 0) {
      path[at] = 0x30 + rest % 10;
    }
    path.set(file, end + 1);
    return path;
  }

  /** Reads a file up to its end, or to the piece that is the last one wanted. */
  read(path: Uint8Array<ArrayBuffer>, isLast: IsLast): Content {
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
        if (count === 0 || isLast(room.subarray(0, count))) break;
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

  /** What a link says, or null if it can't be read. */
  readLink(path: Uint8Array<ArrayBuffer>): string | null {
    const length = Number(this.#calls.readlink(path, this.#buffer, PATH_MAX));
    return length > 0 ? decodeText(this.#buffer.subarray(0, length)) : null;
  }

  /** Why the last call failed. It must follow it at once: the runtime's own calls change errno. */
  #missing(): Missing {
    const errno = this.lastErrno();
    if (errno === ERRNO.ENOENT || errno === ERRNO.ESRCH) return "gone";
    return errno === ERRNO.EACCES || errno === ERRNO.EPERM ? "denied" : "unsupported";
  }

  lastErrno(): number {
    this.#calls.memcpy(this.#errno, this.#errnoAt, 4n);
    return this.#errno[0]!;
  }
}
