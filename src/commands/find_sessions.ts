/** Looks up which sessions the instances of a look may hold. */

import type { Port } from "../detail.ts";
import type { Looked } from "../look.ts";
import { namedSession, type Place, placeOf } from "../sessions/argv.ts";
import { placesOf } from "../sessions/places.ts";
import { type Held, type Holder, isServer, relate } from "../sessions/relate.ts";
import { askServer, type ServedSessions } from "../sessions/served.ts";
import { readStore, type Store, type StoredSession, type Wanted } from "../sessions/store.ts";
import { Trouble } from "../sessions/trouble.ts";
import type { Probe } from "../types.ts";
import type { Outside, World } from "../world.ts";

/** What was found out, and what could not be. */
export interface SessionsFound {
  /** By the ids of instances. */
  readonly held: ReadonlyMap<string, Held>;
  /** Sentences. */
  readonly notes: readonly string[];
}

/** `opencode.db`, and those of other channels. */
const DATABASE = /^opencode(?:-[\w.-]+)?\.db$/;
const MOST_DATABASES = 8;
const MOST_SERVERS = 32;
/** For all servers together, and for all databases together. */
const SERVERS_MS = 300;
const DATABASES_MS = 100;

/** Looks it up. Never throws. The probe is asked before it waits for anything, and not later. */
export async function findSessions(
  world: World,
  found: readonly Looked[],
  probe: Pick<Probe, "ports">,
): Promise<SessionsFound> {
  const ports = portsOf(found, probe);
  const outside = await world.outside();
  const notes: string[] = [];
  const folder = dataFolder(world);
  const own = folder === null ? null : outside.folder(folder);
  const home = world.env("HOME");
  const uid = (own ?? (home ? outside.folder(home) : null))?.uid ?? null;
  const holders = found.map((one) => holderOf(one, uid));
  if (holders.length === 0) return { held: new Map(), notes };
  const served = askAll(world, outside, holders, ports, notes);
  const store = await readAll(world, outside, folder, own?.names ?? [], wantedOf(holders), notes);
  return { held: relate(holders, { ...store, served: await served }), notes: notes.sort() };
}

/** Where OpenCode keeps its data: of its own environment nothing is read, so it is where ours says. */
function dataFolder(world: World): string | null {
  const data = world.env("XDG_DATA_HOME");
  if (data?.startsWith("/")) return `${data}/opencode`;
  const home = world.env("HOME");
  return home?.startsWith("/") ? `${home}/.local/share/opencode` : null;
}

function holderOf({ instance, samples }: Looked, ownUid: number | null): Holder {
  const { id, main, directory, members } = instance;
  const sample = samples[members.indexOf(main)];
  const read = sample && "reading" in sample ? sample.reading.uid : null;
  const uid = main.info.uid ?? read;
  return {
    ...{ id, directory, role: main.role, commandLine: main.commandLine ?? [] },
    startedAtMs: main.info.startedAtMs,
    isOwn: uid === null || ownUid === null || uid === ownUid,
  };
}

function wantedOf(holders: readonly Holder[]): Wanted {
  const own = holders.filter(({ isOwn }) => isOwn);
  return {
    directories: new Set(own.flatMap(({ directory }) => directory ?? [])),
    ids: new Set(own.flatMap(({ commandLine }) => namedSession(commandLine) ?? [])),
  };
}

async function readAll(
  world: World,
  outside: Outside,
  folder: string | null,
  names: readonly string[],
  wanted: Wanted,
  notes: string[],
): Promise<Pick<Store, "sessions" | "projects">> {
  const sessions: StoredSession[] = [];
  const projects = new Map<string, string>();
  if (wanted.directories.size + wanted.ids.size === 0) return { sessions, projects };
  const databases = names.filter((name) => DATABASE.test(name)).slice(0, MOST_DATABASES);
  if (databases.length === 0 && folder !== null) {
    notes.push(`Cannot read sessions: there is no opencode.db in ${folder}`);
  }
  const endMs = world.elapsedMs() + DATABASES_MS;
  for (const name of databases) {
    const path = `${folder}/${name}`;
    try {
      const store = await readStore(outside, path, wanted, () => world.elapsedMs() > endMs);
      sessions.push(...store.sessions);
      for (const [id, worktree] of store.projects) projects.set(id, worktree);
      if (store.shortfall !== null) {
        notes.push(`Not all sessions in ${path} are known: ${store.shortfall}`);
      }
    } catch (error) {
      notes.push(`Cannot read sessions in ${path}: ${reasonOf(error)}`);
    }
  }
  return { sessions, projects };
}

/** Where the servers among the instances listen, by the ids of instances. */
function portsOf(
  found: readonly Looked[],
  probe: Pick<Probe, "ports">,
): ReadonlyMap<string, readonly Port[] | null> {
  const servers = found.filter(({ instance }) => isServer(instance.main.role));
  return new Map(
    servers.map(({ instance: { id, main } }) => [id, probe.ports(main.info.key.pid)]),
  );
}

async function askAll(
  world: World,
  outside: Outside,
  holders: readonly Holder[],
  ports: ReadonlyMap<string, readonly Port[] | null>,
  notes: string[],
): Promise<ReadonlyMap<string, ServedSessions>> {
  const endMs = world.elapsedMs() + SERVERS_MS;
  const servers = holders.filter(({ role, isOwn }) => isOwn && isServer(role)).flatMap((holder) => {
    const places = placesOf(holder.commandLine, ports.get(holder.id) ?? null);
    // Of one that listens nowhere there is only something to say if it was told to.
    return places.length > 0 || placeOf(holder.commandLine) ? [{ ...holder, places }] : [];
  });
  const served = new Map<string, ServedSessions>();
  await Promise.all(
    servers.slice(0, MOST_SERVERS).map(async ({ id, role, places }) => {
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

/** Of a file that somebody writes to while it is read, whatever comes of it is no bug of ours. */
function reasonOf(error: unknown): string {
  return error instanceof Trouble ? error.message : "it is damaged";
}
