/**
 * Where a Linux process listens: its files that are sockets, matched with the sockets that the kernel
 * lists as listening (proc_pid_fd(5), proc_pid_net(5), the kernel's Documentation/networking/proc_net_tcp).
 */

import type { Port } from "../detail.ts";
import { addressText, sortedPorts } from "./addresses.ts";
import type { ProcFiles } from "./linux_files.ts";
import { cString, decodeText } from "./struct.ts";

/**
 * Of this tool's own network: where a process of another one (network_namespaces(7)) listens, nobody
 * here can ask it, and somebody else may listen there.
 */
const TABLES = [cString("/proc/net/tcp"), cString("/proc/net/tcp6")];
const FOLDER = cString("/fd");
/** Of a process with more files nothing is told. */
const MOST_FILES = 131_072;

/**
 * A listening one: number, local and remote address, state 0A (TCP_LISTEN of net/tcp_states.h), queues,
 * timer, retransmits, user, timeout, inode.
 */
const LISTENING =
  /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A \S+ \S+ \S+ +\d+ +\d+ (\d+) /;
/** A piece of a table is whole lines, as many as a page has room for (seq_read_iter, fs/seq_file.c). */
const SMALLEST_PAGE = 4096;
const LONGEST_LINE = 256;

/** Where a process listens, or null if it can't be told. */
export function portsOf(pid: number, files: ProcFiles): readonly Port[] | null {
  const numbers = files.numbersIn(files.pathOf(pid, FOLDER));
  if (numbers === null || numbers.length > MOST_FILES) return null;
  const listening = listeningIn(files);
  if (listening === null) return null;
  const found: Port[] = [];
  let isRead = numbers.length === 0;
  // Numbers of directory entries are told from 1 on.
  for (const number of [0, ...numbers]) {
    if (listening.size === 0) return sortedPorts(found);
    const link = files.readLink(files.pathOf(pid, cString(`/fd/${number}`)));
    if (link === null) continue;
    isRead = true;
    const port = listening.get(link);
    if (port) found.push(port);
    // Two numbers may be of one socket.
    listening.delete(link);
  }
  // If none could be read, it is gone, or somebody else's.
  return isRead ? sortedPorts(found) : null;
}

/** The listening sockets by the links of files that are one, or null if the kernel does not list them. */
function listeningIn(files: ProcFiles): Map<string, Port> | null {
  const listening = new Map<string, Port>();
  for (const [i, table] of TABLES.entries()) {
    const content = files.read(table, (piece) => {
      const lines = decodeText(piece).split("\n").slice(0, -1).map(parseListening);
      for (const line of lines) if (line) listening.set(...line);
      // They come before all others (tcp_seq_start, net/ipv4/tcp_ipv4.c). Where there are none, the
      // kernel has looked through all places for others, which takes it milliseconds.
      return !lines.at(-1) || piece.length < SMALLEST_PAGE - LONGEST_LINE;
    });
    // Without IPv6 there is no second table.
    if (typeof content === "string" && !(i === 1 && content === "gone")) return null;
  }
  return listening;
}

/** A line of /proc/net/tcp or tcp6: the link of files that are this socket, and where it listens; or null. */
export function parseListening(line: string): [string, Port] | null {
  const [, address, port, inode] = LISTENING.exec(line) ?? [];
  if (inode === undefined) return null;
  return [
    `socket:[${inode}]`,
    { address: addressText(wordsOf(address!)), port: parseInt(port!, 16) },
  ];
}

/** The bytes of 32-bit words that are written as numbers of a little-endian machine. */
function wordsOf(hex: string): Uint8Array {
  const bytes = hex.match(/../g)!.map((byte) => parseInt(byte, 16));
  return Uint8Array.from(bytes, (_, i) => bytes[(i & ~3) + 3 - (i & 3)]!);
}
