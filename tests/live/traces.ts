/** What OpenCode leaves in its folder: files and locks, to be compared, and what its log tells. */

import { homeIn } from "./opencode.ts";
import { until } from "./processes.ts";

/**
 * All that is below a folder, its data, options, state and cache: bytes, and what the system keeps of
 * each file; on Linux its locks too. A server that is asked reads its own database, and notes that in
 * the memory that is the file -shm.
 */
export async function stateOf(folder: string, isAsked = false): Promise<readonly string[]> {
  const entries = entriesIn(folder);
  const states = await Promise.all(entries.map(async ({ path, isFile, state }) => {
    if (!isFile || (isAsked && path.endsWith("-shm"))) return state;
    const hash = await crypto.subtle.digest("SHA-256", Deno.readFileSync(path));
    return `${state} ${new Uint8Array(hash).toHex()}`;
  }));
  return [...states, ...locksOn(entries)].sort();
}

const MOST_READS = 100;

/**
 * The locks on files, on Linux. The kernel hands out its list piece by piece, so that one is told twice,
 * or not at all, when others lock and unlock meanwhile: it is read until it says the same twice.
 */
function locksOn(entries: readonly Entry[]): readonly string[] {
  if (Deno.build.os !== "linux") return [];
  let last: readonly string[] = [];
  for (let i = 0; i < MOST_READS; i++) {
    const lines = Deno.readTextFileSync("/proc/locks").split("\n")
      .filter((line) => entries.some(({ inode }) => line.includes(`:${inode} `)))
      .map((line) => line.replace(/^\d+: /, ""));
    // Nobody has a lock twice.
    const now = [...new Set(lines)].sort();
    if (i > 0 && now.join("\n") === last.join("\n")) return now;
    last = now;
  }
  return last;
}

/** How often in a row all has to be found as it was: 10 ms apart, if not more. */
const SAME = 150;

interface Entry {
  readonly path: string;
  /** Whether its bytes matter: a log goes on by itself, whenever it is written at last. */
  readonly isFile: boolean;
  readonly inode: number | null;
  readonly state: string;
}

function entriesIn(folder: string): Entry[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    const info = statusOf(path);
    if (info === null) return [];
    const { isFile, ino: inode, size, mtime, ctime, mode } = info;
    if (name.endsWith(".log")) return [{ path, isFile: false, inode, state: path }];
    const state = [path, inode, size, mtime?.getTime(), ctime?.getTime(), mode].join(" ");
    return [{ path, isFile, inode, state }, ...isDirectory ? entriesIn(path) : []];
  });
}

/** null if it has gone meanwhile. */
function statusOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Waits until OpenCode has left all as it is for a while: it writes for seconds after it started, and
 * 1.2.27 reads its database again a second after it made a session, which -shm shows.
 */
export async function settled(folder: string, isAsked = false): Promise<readonly string[]> {
  let last = "", same = 0;
  await until("files that stay as they are", () => {
    const now = entriesIn(folder).map(({ path, state }) =>
      // Memory that is shared is written without a new time.
      path.endsWith("-shm") ? `${state} ${Deno.readFileSync(path).toBase64()}` : state
    ).join("\n");
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= SAME;
  });
  return await stateOf(folder, isAsked);
}

/** OpenCode's log. It is written a while after what it tells of. */
export function logIn(folder: string): string {
  const logs = `${homeIn(folder).XDG_DATA_HOME}/opencode/log`;
  return [...Deno.readDirSync(logs)].map(({ name }) => Deno.readTextFileSync(`${logs}/${name}`))
    .join("");
}

/** The directories that OpenCode has opened, as its log says, in their order. */
export function openedIn(folder: string): string[] {
  return [...logIn(folder).matchAll(/"creating instance" directory=(\S+)/g)]
    .map(([, directory]) => directory!);
}

/** How many processes have written to the log. */
export function runsIn(folder: string): number {
  return new Set(logIn(folder).match(/\brun=\w+/g)).size;
}
