/** Sessions and projects in OpenCode's database, read from its file as it is. */

import type { Outside, RawFile } from "../world.ts";
import { Pages } from "./pages.ts";
import type { Row } from "./record.ts";
import { rowsOf, type Table, tablesOf } from "./table.ts";
import { type Work, workOf } from "./work.ts";
import { Trouble } from "./trouble.ts";

/** What is looked for. */
export interface Wanted {
  readonly directories: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
}

/** A session as it is stored. What its version of OpenCode does not store is null. */
export interface StoredSession {
  readonly id: string;
  readonly projectId: string | null;
  readonly directory: string;
  readonly title: string | null;
  readonly updatedAtMs: number | null;
  /** The session that made it for a task of its own, or null if a person began it. */
  readonly parentId: string | null;
  readonly isArchived: boolean;
  readonly work: Work | null;
}

/** What its own row tells. */
type Stored = Omit<StoredSession, "work">;

export interface Store {
  readonly sessions: readonly StoredSession[];
  /** Worktrees by the ids of projects. */
  readonly projects: ReadonlyMap<string, string>;
  /**
   * When a session of each directory was last active, whoever began it and whether it was put away;
   * Infinity: one does not say.
   */
  readonly lastActive: ReadonlyMap<string, number>;
  /** Why not all of it is known, as a part of a sentence; or null. */
  readonly shortfall: string | null;
}

/** Sessions that are kept of a directory: those that were active last. */
const MOST_OF_A_DIRECTORY = 20;
const MOST_PROJECTS = 10_000;
/** Longer text is nothing that anybody wrote. */
const LONGEST_TEXT = 64 * 1024;
/** How often it is read anew when OpenCode writes at the same time. */
const ATTEMPTS = 3;
/** Rows between two looks at the clock. */
const ROWS_A_LOOK = 256;
/** Milliseconds since 1970 that a date can have. */
const LAST_MS = 8.64e15;

/** Reads one database. Throws a Trouble. */
export async function readStore(
  outside: Outside,
  path: string,
  wanted: Wanted,
  isLate: () => boolean,
): Promise<Store> {
  for (let attempt = 1;; attempt++) {
    using file = await opened(outside, path);
    using log = await outside.openRaw(`${path}-wal`);
    using journal = await outside.openRaw(`${path}-journal`);
    if (file === null) throw new Trouble("it is not there");
    const stamp = () => `${file.stamp()} ${log?.read(0, 32).join()}`;
    const before = stamp();
    let found: Store | null = null;
    let failed: unknown = null;
    try {
      if (journal !== null && journal.size() > 0) throw new Trouble("it is being written");
      found = read(new Pages(file, log), wanted, isLate);
    } catch (error) {
      failed = error;
    }
    // What was read while pages changed may be of two moments.
    const isCalm = stamp() === before;
    if (isCalm && found !== null) return found;
    if (isCalm && (journal?.size() ?? 0) === 0) throw failed;
    if (attempt === ATTEMPTS || isLate()) throw new Trouble("OpenCode is writing to it");
  }
}

async function opened(outside: Outside, path: string): Promise<RawFile | null> {
  try {
    return await outside.openRaw(path);
  } catch (error) {
    throw new Trouble(error instanceof Error ? error.message : String(error));
  }
}

function read(pages: Pages, wanted: Wanted, isLate: () => boolean): Store {
  const tables = tablesOf(pages, ["session", "project"]);
  const table = tables.get("session");
  if (table === undefined) throw new Trouble("it has no table of sessions");
  const { sessions: all, lastActive, scanned, isAll } = sessionsOf(pages, table, wanted, isLate);
  const work = workOf(pages, all.map(({ id }) => id), isLate);
  const sessions = all.map((one) => ({ ...one, work: work.get(one.id) ?? null }));
  const shortfall = !isAll
    ? `only the ${scanned} sessions that were made last were looked at`
    : pages.isWhole
    ? null
    : "what was written last may be missing: its log is very long";
  const project = tables.get("project");
  const ids = new Set(sessions.map(({ projectId }) => projectId));
  const projects = project ? projectsOf(pages, project, wanted, ids, isLate) : new Map();
  return { sessions, projects, lastActive, shortfall };
}

function sessionsOf(pages: Pages, { root, columns }: Table, wanted: Wanted, isLate: () => boolean) {
  const at = (name: string) => columns.get(name) ?? -1;
  const [id, directory, parent] = [at("id"), at("directory"), at("parent_id")];
  if (id < 0 || directory < 0) throw new Trouble("its table of sessions is of a kind not known");
  const lengths = new Set([...wanted.directories].map((path) => bytesOf(path)));
  const kept = new Map<string, Stored[]>();
  const lastActive = new Map<string, number>();
  const named: Stored[] = [];
  // What is named, and what that was made by: sessions are made after those that make them.
  const ids = new Set(wanted.ids);
  let scanned = 0;
  let isAll = true;
  for (const row of rowsOf(pages, root)) {
    if (scanned % ROWS_A_LOOK === 0 && isLate()) {
      isAll = false;
      break;
    }
    scanned++;
    const isNamed = ids.size > 0 && ids.has(row.text(id) ?? "");
    // Nearly all rows end here: their text is not even decoded.
    if (!isNamed && !lengths.has(row.textLength(directory))) continue;
    const place = textOf(row, directory);
    if (place === null || !(isNamed || wanted.directories.has(place))) continue;
    const session: Stored = {
      id: textOf(row, id) ?? "",
      projectId: textOf(row, at("project_id")),
      directory: place,
      title: textOf(row, at("title")),
      updatedAtMs: timeOf(row, at("time_updated")),
      parentId: row.textLength(parent) < 0 ? null : textOf(row, parent) ?? "",
      isArchived: row.integer(at("time_archived")) !== null,
    };
    if (isNamed) named.push(session);
    if (isNamed && session.parentId) ids.add(session.parentId);
    if (!wanted.directories.has(place)) continue;
    const activeAtMs = session.updatedAtMs ?? Infinity;
    lastActive.set(place, Math.max(lastActive.get(place) ?? 0, activeAtMs));
    if (session.parentId !== null || session.isArchived) continue;
    const others = kept.get(place) ?? [];
    others.push(session);
    others.sort((a, b) => (b.updatedAtMs ?? 0) - (a.updatedAtMs ?? 0));
    kept.set(place, others.slice(0, MOST_OF_A_DIRECTORY));
  }
  const sessions = [...new Set([...[...kept.values()].flat(), ...named])];
  return { sessions, lastActive, scanned, isAll };
}

function projectsOf(
  pages: Pages,
  { root, columns }: Table,
  { directories }: Wanted,
  ids: ReadonlySet<string | null>,
  isLate: () => boolean,
): Map<string, string> {
  const at = (name: string) => columns.get(name) ?? -1;
  const found = new Map<string, string>();
  let scanned = 0;
  for (const row of rowsOf(pages, root)) {
    if (scanned++ >= MOST_PROJECTS || (scanned % ROWS_A_LOOK === 0 && isLate())) break;
    const [id, worktree] = [textOf(row, at("id")), textOf(row, at("worktree"))];
    if (id === null || worktree === null) continue;
    if (ids.has(id) || directories.has(worktree)) found.set(id, worktree);
  }
  return found;
}

function textOf(row: Row, column: number): string | null {
  return row.textLength(column) > LONGEST_TEXT ? null : row.text(column);
}

function timeOf(row: Row, column: number): number | null {
  const ms = row.integer(column);
  return ms !== null && ms >= 0 && ms <= LAST_MS ? ms : null;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
