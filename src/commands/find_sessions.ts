/** Looks up which sessions the instances of a look may hold. */

import type { Looked } from "../look.ts";
import { namedSession, placeOf } from "../sessions/argv.ts";
import { type Held, type Holder, isServer, relate } from "../sessions/relate.ts";
import { askServer, type ServedSessions } from "../sessions/served.ts";
import { readStore, type Store, type StoredSession, type Wanted } from "../sessions/store.ts";
import { Trouble } from "../sessions/trouble.ts";
import type { Outside, World } from "../world.ts";

/** What was found out, and what could not be. */
export interface SessionsFound {
  /** By the ids of instances. */
  readonly held: ReadonlyMap<string, Held>;
  /** Ids of instances that are the user's own: of others nothing is read. */
  readonly own: ReadonlySet<string>;
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

/** Looks it up. Never throws. */
export async function findSessions(
  world: World,
  found: readonly Looked[],
): Promise<SessionsFound> {
  const outside = await world.outside();
  const notes: string[] = [];
  const folder = dataFolder(world);
  const own = folder === null ? null : outside.folder(folder);
  const home = world.env("HOME");
  const uid = (own ?? (home ? outside.folder(home) : null))?.uid ?? null;
  const holders = found.map((one) => holderOf(one, uid));
  const ownIds = new Set(holders.filter(({ isOwn }) => isOwn).map(({ id }) => id));
  if (holders.length === 0) return { held: new Map(), own: ownIds, notes };
  const served = askAll(world, outside, holders, notes);
  const store = await readAll(world, outside, folder, own?.names ?? [], wantedOf(holders), notes);
  const held = relate(holders, { ...store, served: await served });
  return { held, own: ownIds, notes: notes.sort() };
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

async function askAll(
  world: World,
  outside: Outside,
  holders: readonly Holder[],
  notes: string[],
): Promise<ReadonlyMap<string, ServedSessions>> {
  const endMs = world.elapsedMs() + SERVERS_MS;
  const servers = holders.filter(({ role, isOwn }) => isOwn && isServer(role)).flatMap((holder) => {
    const place = placeOf(holder.commandLine);
    return place ? [{ ...holder, place }] : [];
  });
  const served = new Map<string, ServedSessions>();
  await Promise.all(
    servers.slice(0, MOST_SERVERS).map(async ({ id, role, place }) => {
      try {
        served.set(id, await askServer(outside, place, () => endMs - world.elapsedMs()));
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

/** Of a file that somebody writes to while it is read, whatever comes of it is no bug of ours. */
function reasonOf(error: unknown): string {
  return error instanceof Trouble ? error.message : "it is damaged";
}
