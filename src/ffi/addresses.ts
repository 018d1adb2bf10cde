/** Addresses of sockets as text. Pure. */

import type { Port } from "../detail.ts";

/** `::ffff:0:0/96`, of RFC 4291, 2.5.5.2: an IPv4 address of a socket of IPv6. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** The address in 4 bytes, or in 16, in network order. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (MAPPED.every((byte, i) => bytes[i] === byte)) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! << 8 | bytes[2 * i + 1]!);
  // The first link-local group is followed by zeros (RFC 4291, 2.5.6): there KAME keeps the interface.
  if ((groups[0]! & 0xffc0) === 0xfe80) groups[1] = 0;
  const long = groups.map((group) => group.toString(16)).join(":");
  // The URL Standard writes it as RFC 5952 does.
  return new URL(`http://[${long}]`).hostname.slice(1, -1);
}

/** Each once, in the order of their numbers. */
export function sortedPorts(ports: readonly Port[]): readonly Port[] {
  const byText = new Map(ports.map((port) => [`${port.address} ${port.port}`, port]));
  return [...byText.values()].sort((a, b) =>
    a.port - b.port || (a.address < b.address ? -1 : Number(a.address > b.address))
  );
}
