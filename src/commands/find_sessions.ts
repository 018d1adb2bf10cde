/** Looks up which sessions the instances of a look may hold. */

import type { Looked } from "../look.ts";
import { namedSession } from "../sessions/argv.ts";
import { type Findings, type Held, type Holder, relate } from "../sessions/relate.ts";
import { readStore, type StoredSession, type Wanted } from "../sessions/store.ts";
import { reasonOf } from "../sessions/trouble.ts";
import type { Probe } from "../types.ts";
import type { Outside, World } from "../world.ts";
import { askServers, portsOf } from "./ask_servers.ts";

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
/** What OPENCODE_DB says where nothing is to be kept (OpenCode 1.18). */
const MEMORY = ":memory:";
/** For all databases together. */
const DATABASES_MS = 100;

/** What was found out of instances, before it is said which session is whose. */
export interface Gathered {
  readonly holders: readonly Holder[];
  readonly findings: Findings;
  readonly notes: readonly string[];
}

/** What is asked for, where that is not all sessions of all instances. */
export interface Asked {
  /** Only what these instances may hold is looked up. */
  readonly only?: ReadonlySet<string>;
  /** A session that is looked up wherever it is. */
  readonly session?: string;
}

/**
 * Looks it up, of all instances or of the one with the id `only`. Never throws. The probe is asked
 * before it waits for anything, and not later.
 */
export async function findSessions(
  world: World,
  found: readonly Looked[],
  probe: Pick<Probe, "ports">,
  only?: string,
): Promise<SessionsFound> {
  const { holders, findings, notes } = await gatherSessions(
    world,
    found,
    probe,
    only === undefined ? {} : { only: new Set([only]) },
  );
  const own = new Set(holders.filter(({ isOwn }) => isOwn).map(({ id }) => id));
  return { held: relate(holders, findings), own, notes };
}

/** Looks up what tells which sessions these instances hold. Never throws. The probe is asked at once. */
export async function gatherSessions(
  world: World,
  found: readonly Looked[],
  probe: Pick<Probe, "ports">,
  { only, session }: Asked = {},
): Promise<Gathered> {
  // The others tell who else may hold a session.
  const isAsked = (id: string) => only?.has(id) ?? true;
  const ports = portsOf(found.filter(({ instance }) => isAsked(instance.id)), probe);
  const outside = await world.outside();
  const notes: string[] = [];
  const folder = dataFolder(world);
  const own = folder === null ? null : outside.folder(folder);
  const home = world.env("HOME");
  const uid = (own ?? (home ? outside.folder(home) : null))?.uid ?? null;
  const holders = found.map((one) => holderOf(one, uid));
  const asked = holders.filter(({ id }) => isAsked(id));
  // OpenCode before 1.2 has no database, and opens its directory whatever it is asked for.
  const isOld = databasesOf(world, folder, own?.names ?? []).length === 0;
  const served = isOld ? new Map() : askServers(world, outside, asked, ports, notes);
  const wanted = wantedOf(asked, session);
  const store = await readAll(world, outside, folder, own?.names ?? [], wanted, notes);
  return { holders, findings: { ...store, served: await served }, notes: notes.sort() };
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

function wantedOf(holders: readonly Holder[], session: string | undefined): Wanted {
  const own = holders.filter(({ isOwn }) => isOwn);
  const named = own.flatMap(({ commandLine }) => namedSession(commandLine) ?? []);
  return {
    directories: new Set(own.flatMap(({ directory }) => directory ?? [])),
    ids: new Set(session === undefined ? named : [session, ...named]),
  };
}

/**
 * The databases to read: the one that OPENCODE_DB names as OpenCode understands it, and those of the
 * folder: what runs may have been started with another environment than ours.
 */
function databasesOf(world: World, folder: string | null, names: readonly string[]): string[] {
  const usual = names.filter((name) => DATABASE.test(name)).map((name) => `${folder}/${name}`);
  const named = world.env("OPENCODE_DB") || MEMORY;
  if (named === MEMORY || (folder === null && !named.startsWith("/"))) return usual;
  const path = named.startsWith("/") ? named : `${folder}/${named}`;
  return [path, ...usual.filter((one) => one !== path)];
}

async function readAll(
  world: World,
  outside: Outside,
  folder: string | null,
  names: readonly string[],
  wanted: Wanted,
  notes: string[],
): Promise<Omit<Findings, "served">> {
  const sessions = new Map<string, StoredSession>();
  const projects = new Map<string, string>();
  const lastActive = new Map<string, number>();
  if (wanted.directories.size + wanted.ids.size === 0) {
    return { sessions: [], projects, lastActive, isWhole: false };
  }
  const databases = databasesOf(world, folder, names);
  let isWhole = databases.length > 0 && databases.length <= MOST_DATABASES;
  const miss = (note: string) => {
    isWhole = false;
    notes.push(note);
  };
  if (world.env("OPENCODE_DB") === MEMORY) {
    miss(`Not all sessions are known: with OPENCODE_DB=${MEMORY} OpenCode keeps them to itself`);
  } else if (databases.length === 0 && folder !== null) {
    miss(`Cannot read sessions: there is no opencode.db in ${folder}`);
  }
  const endMs = world.elapsedMs() + DATABASES_MS;
  for (const path of databases.slice(0, MOST_DATABASES)) {
    try {
      const store = await readStore(outside, path, wanted, () => world.elapsedMs() > endMs);
      // One file may have two names.
      for (const session of store.sessions) sessions.set(session.id, session);
      for (const [id, worktree] of store.projects) projects.set(id, worktree);
      for (const [directory, ms] of store.lastActive) {
        lastActive.set(directory, Math.max(lastActive.get(directory) ?? 0, ms));
      }
      if (store.shortfall !== null) {
        miss(`Not all sessions in ${path} are known: ${store.shortfall}`);
      }
    } catch (error) {
      miss(`Cannot read sessions in ${path}: ${reasonOf(error)}`);
    }
  }
  return { sessions: [...sessions.values()], projects, lastActive, isWhole };
}
