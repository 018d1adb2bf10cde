/**
 * What of libSystem tells where a process listens: functions, sizes and offsets, decoders. Pure. Bound
 * only by who asks. All of it is of sys/proc_info.h and libproc.h (xnu-11417.101.15), the same on arm64
 * and x86-64.
 */

import type { Port } from "../detail.ts";
import { addressText } from "./addresses.ts";
import { type Field, readUint } from "./struct.ts";

export const DARWIN_PORTS_SYMBOLS = {
  // int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int buffersize)
  proc_pidinfo: { parameters: ["i32", "i32", "u64", "buffer", "i32"], result: "i32" },
  // int proc_pidfdinfo(int pid, int fd, int flavor, void *buffer, int buffersize)
  proc_pidfdinfo: { parameters: ["i32", "i32", "i32", "buffer", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

export type DarwinPortsCalls = Deno.DynamicLibrary<typeof DARWIN_PORTS_SYMBOLS>["symbols"];

export const PROC_PIDLISTFDS = 1;
export const PROC_PIDFDSOCKETINFO = 3;
export const PROX_FDTYPE_SOCKET = 2;
export const SOCKINFO_TCP = 2;
export const TSI_S_LISTEN = 1;
export const INI_IPV4 = 1;
export const INI_IPV6 = 2;

/** `struct proc_fdinfo`: a file descriptor and what it is of. */
export const FD_INFO = {
  size: 8,
  fd: { offset: 0, length: 4 },
  type: { offset: 4, length: 4 },
} as const satisfies { size: number } & Record<string, Field | number>;

/**
 * `struct socket_fdinfo`: proc_fileinfo, then socket_info at 24, whose union at 264 is for TCP a
 * tcp_sockinfo, and that begins with an in_sockinfo.
 */
export const SOCKET_INFO = {
  size: 792,
  kind: { offset: 256, length: 4 },
  localPort: { offset: 268, length: 4 },
  version: { offset: 288, length: 1 },
  localAddress: { offset: 312, length: 16 },
  localAddress4: { offset: 324, length: 4 },
  state: { offset: 344, length: 4 },
} as const satisfies { size: number } & Record<string, { offset: number; length: number } | number>;

/** The sockets among the `length` bytes of proc_fdinfo that the kernel filled. */
export function decodeSockets(bytes: Uint8Array, length: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length));
  const sockets: number[] = [];
  for (let at = 0; at + FD_INFO.size <= view.byteLength; at += FD_INFO.size) {
    if (readUint(view, FD_INFO.type, at) === PROX_FDTYPE_SOCKET) {
      sockets.push(readUint(view, FD_INFO.fd, at));
    }
  }
  return sockets;
}

/** Where the socket of a socket_fdinfo listens, or null if it does not, or not over TCP. */
export function decodeListening(bytes: Uint8Array): Port | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (readUint(view, SOCKET_INFO.kind) !== SOCKINFO_TCP) return null;
  if (readUint(view, SOCKET_INFO.state) !== TSI_S_LISTEN) return null;
  // The two bytes of a number in network order, at the beginning of an int.
  const { offset } = SOCKET_INFO.localPort;
  const port = bytes[offset]! << 8 | bytes[offset + 1]!;
  const version = readUint(view, SOCKET_INFO.version);
  // A socket of IPv6 that takes IPv4 too has both.
  const place = version & INI_IPV6
    ? SOCKET_INFO.localAddress
    : version & INI_IPV4
    ? SOCKET_INFO.localAddress4
    : null;
  if (place === null || port === 0) return null;
  return { address: addressText(bytes.subarray(place.offset, place.offset + place.length)), port };
}
