/** Ends processes through the C library: by pidfd where there is one, else by pid. */

import type { Ender, EndSignal, Hold } from "../ender.ts";
import type { Missing } from "../types.ts";
import { type DarwinEndingCalls, ERRNO, type LinuxEndingCalls, SIGNALS } from "./ending_abi.ts";

/** What both platforms have. */
type Kill = (pid: number, signal: number) => number;

export class LinuxEnder implements Ender {
  readonly #calls: LinuxEndingCalls;
  readonly #lastErrno: () => number;
  readonly #close: () => void;

  /** `calls` are libc's; `close` gives the library back. */
  constructor(calls: LinuxEndingCalls, readonly ownPid: number, close: () => void) {
    this.#calls = calls;
    this.#lastErrno = errnoReader(calls.memcpy, calls.__errno_location());
    this.#close = close;
  }

  hold(pid: number): Hold | Missing {
    if (!isOne(pid)) return "denied";
    const { pidfd_open, pidfd_send_signal, kill } = this.#calls;
    if (!pidfd_open || !pidfd_send_signal) return new PidHold(pid, kill, this.#lastErrno);
    const pidfd = pidfd_open(pid, 0);
    if (pidfd < 0) {
      const errno = this.#lastErrno();
      // A kernel before 5.3 has no such call; some sandboxes refuse what they don't know.
      const isAbsent = errno === ERRNO.ENOSYS || errno === ERRNO.EPERM;
      return isAbsent ? new PidHold(pid, kill, this.#lastErrno) : missingOf(errno);
    }
    return new PidfdHold(pidfd, this.#calls, pidfd_send_signal, this.#lastErrno);
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

export class DarwinEnder implements Ender {
  readonly #kill: Kill;
  readonly #lastErrno: () => number;
  readonly #close: () => void;

  /** `calls` are libSystem's; `close` gives the library back. */
  constructor(calls: DarwinEndingCalls, readonly ownPid: number, close: () => void) {
    this.#kill = calls.kill;
    this.#lastErrno = errnoReader(calls.memcpy, calls.__error());
    this.#close = close;
  }

  hold(pid: number): Hold | Missing {
    return isOne(pid) ? new PidHold(pid, this.#kill, this.#lastErrno) : "denied";
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

/** To `kill`, 0 and what is below mean groups of processes, or all of them; 1 is nobody's to end. */
function isOne(pid: number): boolean {
  return Number.isInteger(pid) && pid > 1 && pid < 2 ** 31;
}

class PidfdHold implements Hold {
  readonly by = "pidfd";
  readonly #send: NonNullable<LinuxEndingCalls["pidfd_send_signal"]>;
  readonly #calls: LinuxEndingCalls;
  readonly #lastErrno: () => number;
  #pidfd: number | null;

  constructor(
    pidfd: number,
    calls: LinuxEndingCalls,
    send: NonNullable<LinuxEndingCalls["pidfd_send_signal"]>,
    lastErrno: () => number,
  ) {
    this.#pidfd = pidfd;
    this.#calls = calls;
    this.#send = send;
    this.#lastErrno = lastErrno;
  }

  send(signal: EndSignal): Missing | null {
    if (this.#pidfd === null) return "gone";
    const result = this.#send(this.#pidfd, SIGNALS[signal], null, 0);
    return result === 0 ? null : missingOf(this.#lastErrno());
  }

  [Symbol.dispose](): void {
    if (this.#pidfd !== null) this.#calls.close(this.#pidfd);
    this.#pidfd = null;
  }
}

class PidHold implements Hold {
  readonly by = "pid";
  readonly #pid: number;
  readonly #kill: Kill;
  readonly #lastErrno: () => number;

  constructor(pid: number, kill: Kill, lastErrno: () => number) {
    this.#pid = pid;
    this.#kill = kill;
    this.#lastErrno = lastErrno;
  }

  send(signal: EndSignal): Missing | null {
    return this.#kill(this.#pid, SIGNALS[signal]) === 0 ? null : missingOf(this.#lastErrno());
  }

  [Symbol.dispose](): void {}
}

function missingOf(errno: number): Missing {
  if (errno === ERRNO.ESRCH) return "gone";
  return errno === ERRNO.EPERM ? "denied" : "unsupported";
}

/** What it returns must be asked for at once: the runtime's own calls change errno. */
function errnoReader(
  memcpy: LinuxEndingCalls["memcpy"],
  errnoAt: Deno.PointerValue,
): () => number {
  const errno = new Int32Array(1);
  return () => {
    memcpy(errno, errnoAt, 4n);
    return errno[0]!;
  };
}
