/** Where a server is asked: where its process listens, if that is known. */

import type { Port } from "../detail.ts";
import { loopbackOf, type Place, placeOf } from "./argv.ts";

/** A server listens at one port of its own, perhaps at another for a login, and at few besides. */
const MOST_PLACES = 3;

/**
 * The places of a server that this machine reaches, the likeliest first: the port of its arguments, if
 * it listens there, then the others. `ports` null: not known; then its arguments alone tell.
 */
export function placesOf(
  commandLine: readonly string[],
  ports: readonly Port[] | null,
): readonly Place[] {
  const said = placeOf(commandLine);
  if (ports === null) return said ? [said] : [];
  const reached = new Map<number, Place>();
  for (const { address, port } of ports) {
    const host = loopbackOf(address);
    // At both addresses of a port the same server answers; at the one it was told to, surely.
    if (host !== null && (!reached.has(port) || host === said?.host)) {
      reached.set(port, { host, port });
    }
  }
  const isSaid = ({ port }: Place) => Number(port === said?.port);
  return [...reached.values()].sort((a, b) => isSaid(b) - isSaid(a)).slice(0, MOST_PLACES);
}
