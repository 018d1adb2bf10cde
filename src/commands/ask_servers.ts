/** Asks the servers among instances for their sessions, each where it listens. */

import type { Port } from "../detail.ts";
import type { Looked } from "../look.ts";
import { type Place, placeOf } from "../sessions/argv.ts";
import { placesOf } from "../sessions/places.ts";
import { type Holder, isServer } from "../sessions/relate.ts";
import { askServer, type ServedSessions } from "../sessions/served.ts";
import { reasonOf, Trouble } from "../sessions/trouble.ts";
import type { Probe } from "../types.ts";
import type { Outside, World } from "../world.ts";

const MOST_SERVERS = 32;
/** For all of them together. */
const SERVERS_MS = 300;

/** Where servers among the instances listen, by the ids of instances: of so many as are asked. */
export function portsOf(
  found: readonly Looked[],
  probe: Pick<Probe, "ports">,
): ReadonlyMap<string, readonly Port[] | null> {
  // Of each the kernel tells in milliseconds.
  const servers = found.filter(({ instance }) => isServer(instance.main.role))
    .slice(0, MOST_SERVERS);
  return new Map(
    servers.map(({ instance: { id, main } }) => [id, probe.ports(main.info.key.pid)]),
  );
}

/**
 * What the user's own servers say, by the ids of their instances; `ports` are theirs. What can't be
 * asked becomes a note. Never throws.
 */
export async function askServers(
  world: World,
  outside: Outside,
  holders: readonly Holder[],
  ports: ReadonlyMap<string, readonly Port[] | null>,
  notes: string[],
): Promise<ReadonlyMap<string, ServedSessions>> {
  const endMs = world.elapsedMs() + SERVERS_MS;
  const servers = holders.filter(({ id, isOwn }) => isOwn && ports.has(id)).flatMap((holder) => {
    const places = placesOf(holder.commandLine, ports.get(holder.id) ?? null);
    // Of one that listens nowhere there is only something to say if it was told to.
    return places.length > 0 || placeOf(holder.commandLine) ? [{ ...holder, places }] : [];
  });
  const served = new Map<string, ServedSessions>();
  await Promise.all(
    servers.map(async ({ id, role, places }) => {
      try {
        served.set(id, await askOne(world, outside, places, endMs));
      } catch (error) {
        const pid = id.split("-")[0];
        notes.push(
          `Cannot ask the server of ${pid} (${role}) for its sessions: ${reasonOf(error)}`,
        );
      }
    }),
  );
  return served;
}

/** Asks at one place after another until OpenCode answers. Throws the first Trouble if none does. */
async function askOne(
  world: World,
  outside: Outside,
  places: readonly Place[],
  endMs: number,
): Promise<ServedSessions> {
  let first: unknown = new Trouble("it does not listen where its arguments say");
  for (const [i, place] of places.entries()) {
    // What does not answer leaves time for the others.
    const untilMs = world.elapsedMs() + (endMs - world.elapsedMs()) / (places.length - i);
    try {
      return await askServer(outside, place, () => untilMs - world.elapsedMs());
    } catch (error) {
      if (i === 0) first = error;
    }
  }
  throw first;
}
