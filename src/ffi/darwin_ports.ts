/** Where a macOS process listens: its files that are sockets, each asked what it is. */

import type { Port } from "../detail.ts";
import { sortedPorts } from "./addresses.ts";
import {
  type DarwinPortsCalls,
  decodeListening,
  decodeSockets,
  FD_INFO,
  PROC_PIDFDSOCKETINFO,
  PROC_PIDLISTFDS,
  SOCKET_INFO,
} from "./darwin_ports_abi.ts";

/** How often a list of files that outgrew its buffer is asked for again. */
const LIST_ATTEMPTS = 8;
/** Of a process with more files nothing is told. */
const MOST_FILES = 131_072;

export class DarwinPorts implements Disposable {
  readonly #calls: DarwinPortsCalls;
  readonly #close: () => void;
  readonly #socket = new Uint8Array(SOCKET_INFO.size);

  /** `calls` are libSystem's; `close` gives the library back. */
  constructor(calls: DarwinPortsCalls, close: () => void) {
    this.#calls = calls;
    this.#close = close;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** Where a process listens, or null if it is gone, somebody else's, or has too many files. */
  of(pid: number): readonly Port[] | null {
    const sockets = this.#sockets(pid);
    if (sockets === null) return null;
    const ports: Port[] = [];
    for (const fd of sockets) {
      const info = this.#socket;
      const size = this.#calls.proc_pidfdinfo(pid, fd, PROC_PIDFDSOCKETINFO, info, info.length);
      // What is closed by now, or became another kind of file, does not listen.
      const port = size === info.length ? decodeListening(info) : null;
      if (port) ports.push(port);
    }
    // A process that ends has no files any more, and that is not to listen nowhere.
    return ports.length > 0 || this.#room(pid) > 0 ? sortedPorts(ports) : null;
  }

  #sockets(pid: number): readonly number[] | null {
    let room = 0;
    for (let attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
      const announced = this.#room(pid);
      // libproc makes 0 of a failure.
      if (announced <= 0) return null;
      room = Math.max(announced, room * 2);
      if (room > MOST_FILES * FD_INFO.size) return null;
      const list = new Uint8Array(room);
      const length = this.#calls.proc_pidinfo(pid, PROC_PIDLISTFDS, 0n, list, room);
      // Of a list that fills its buffer the end may be missing.
      if (length + FD_INFO.size <= room) return length > 0 ? decodeSockets(list, length) : null;
    }
    return null;
  }

  /** Bytes that the list of files needs, or 0 if it may not be asked for. */
  #room(pid: number): number {
    return this.#calls.proc_pidinfo(pid, PROC_PIDLISTFDS, 0n, null, 0);
  }
}
