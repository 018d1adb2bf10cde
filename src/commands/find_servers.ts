/** Looks up which MCP servers OpenCode's configuration names for the instances of a look. */

import {
  foldersAbove,
  globalFiles,
  type McpServer,
  mergeServers,
  projectFiles,
  readServers,
  type Said,
} from "../children/mcp_servers.ts";
import type { Looked } from "../look.ts";
import type { Outside, World } from "../world.ts";
import type { SessionsFound } from "./find_sessions.ts";

/** What was found out, and what could not be. */
export interface ServersFound {
  /** The servers that an instance may have started. */
  of(instanceId: string): readonly McpServer[];
  /** Sentences. */
  readonly notes: readonly string[];
}

/** A longer file is nothing that anybody wrote. Of all files together, no more is understood. */
const MOST_BYTES = 256 * 1024;
const MOST_OF_ALL = 1024 * 1024;
/** For all files together. */
const FILES_MS = 100;
/** Directories of one instance: a server has sessions of many. */
const MOST_DIRECTORIES = 8;
const MOST_FOLDERS = 64;

/** Looks it up. Never throws. */
export async function findServers(
  world: World,
  found: readonly Looked[],
  { own, held }: Pick<SessionsFound, "own" | "held">,
): Promise<ServersFound> {
  const reader = new Reader(world, await world.outside());
  const servers = new Map<string, McpServer[]>();
  for (const { instance: { id, main, members, directory } } of found) {
    // Who has started nothing needs no explanation.
    if (!own.has(id) || (members.at(-1) === main && main.role !== "orphan")) continue;
    const others = held.get(id)?.sessions.map((session) => session.directory) ?? [];
    const directories = [...new Set([directory, ...others])]
      .filter((path) => path?.startsWith("/")).slice(0, MOST_DIRECTORIES);
    const all: McpServer[] = [];
    for (const path of directories) all.push(...await reader.serversIn(path!));
    servers.set(id, all);
  }
  return { of: (id) => servers.get(id) ?? [], notes: reader.notes() };
}

/** Reads each file once. */
class Reader {
  readonly #outside: Outside;
  readonly #home: string | null;
  readonly #global: readonly string[];
  readonly #isLate: () => boolean;
  #bytesLeft = MOST_OF_ALL;
  readonly #said = new Map<string, Promise<Said>>();
  readonly #servers = new Map<string, readonly McpServer[]>();
  /** Files that can't be read, by why. */
  readonly #failed = new Map<string, string[]>();
  #wasLate = false;

  constructor(world: World, outside: Outside) {
    this.#outside = outside;
    const home = world.env("HOME");
    this.#home = home?.startsWith("/") ? home : null;
    const config = world.env("XDG_CONFIG_HOME");
    const base = config?.startsWith("/") ? config : this.#home && `${this.#home}/.config`;
    this.#global = base === null ? [] : globalFiles(`${base}/opencode`);
    const endMs = world.elapsedMs() + FILES_MS;
    this.#isLate = () => world.elapsedMs() > endMs;
  }

  async serversIn(directory: string): Promise<readonly McpServer[]> {
    const known = this.#servers.get(directory);
    if (known) return known;
    const above = foldersAbove(directory).slice(0, MOST_FOLDERS);
    const top = (await Promise.all(above.map((folder) => this.#isWorktree(folder)))).indexOf(true);
    const folders = top < 0 ? above : above.slice(0, top + 1);
    const files = [...this.#global, ...projectFiles(folders, this.#home)];
    const servers = mergeServers(await Promise.all(files.map((file) => this.#read(file))));
    this.#servers.set(directory, servers);
    return servers;
  }

  notes(): string[] {
    const notes = [...this.#failed].map(([reason, [first, ...more]]) => {
      const others = more.length === 0 ? "" : ` and ${more.length} more`;
      return `Cannot read MCP servers in ${first}${others}: ${reason}`;
    });
    if (this.#wasLate) notes.push("Cannot read all of OpenCode's configuration: it takes too long");
    return notes.sort();
  }

  /** OpenCode looks no further up than where the repository begins. */
  async #isWorktree(folder: string): Promise<boolean> {
    const git = `${folder === "/" ? "" : folder}/.git`;
    if (this.#outside.folder(git) !== null) return true;
    try {
      const file = await this.#outside.openRaw(git);
      file?.[Symbol.dispose]();
      return file !== null;
    } catch {
      return false;
    }
  }

  #read(path: string): Promise<Said> {
    const reading = this.#said.get(path) ?? this.#readAnew(path);
    this.#said.set(path, reading);
    return reading;
  }

  async #readAnew(path: string): Promise<Said> {
    if (this.#isLate()) {
      this.#wasLate = true;
      return new Map();
    }
    let said: Said | string;
    try {
      const text = await this.#textOf(path);
      said = text === null ? new Map() : readServers(text);
    } catch (error) {
      said = error instanceof Error ? error.message : "it can't be read";
    }
    if (typeof said !== "string") return said;
    this.#failed.set(said, [...this.#failed.get(said) ?? [], path]);
    return new Map();
  }

  /** The text of a file, or null if there is none. Throws if it can't be read. */
  async #textOf(path: string): Promise<string | null> {
    using file = await this.#outside.openRaw(path);
    if (file === null) return null;
    const size = file.size();
    if (size > MOST_BYTES) throw new Error("it is larger than 256 KiB");
    if (size > this.#bytesLeft) throw new Error("there is too much of it");
    this.#bytesLeft -= size;
    return new TextDecoder().decode(file.read(0, size));
  }
}
