/** OpenCode's database as its versions make it, in memory and as files, and what surrounds it. */

import { DatabaseSync } from "node:sqlite";
import type { LocalAnswer, LocalRequest, Outside, RawFile } from "../../src/world.ts";

/** As OpenCode 1.18.33 makes them, without what is of other tables. */
export const TABLES = `
CREATE TABLE \`project\` (
  \`id\` text PRIMARY KEY, \`worktree\` text NOT NULL, \`vcs\` text, \`name\` text,
  \`time_created\` integer NOT NULL, \`time_updated\` integer NOT NULL, \`sandboxes\` text NOT NULL
);
CREATE TABLE \`session\` (
  \`id\` text PRIMARY KEY, \`project_id\` text NOT NULL, \`workspace_id\` text, \`parent_id\` text,
  \`slug\` text NOT NULL, \`directory\` text NOT NULL, \`path\` text, \`title\` text NOT NULL,
  \`version\` text NOT NULL, \`summary_diffs\` text, \`cost\` real DEFAULT 0 NOT NULL,
  \`time_created\` integer NOT NULL, \`time_updated\` integer NOT NULL, \`time_archived\` integer,
  CONSTRAINT \`fk\` FOREIGN KEY (\`project_id\`) REFERENCES \`project\`(\`id\`) ON DELETE CASCADE
);
CREATE INDEX \`session_project_idx\` ON \`session\` (\`project_id\`);
CREATE TABLE \`message\` (
  \`id\` text PRIMARY KEY, \`session_id\` text NOT NULL, \`time_created\` integer NOT NULL,
  \`time_updated\` integer NOT NULL, \`data\` text NOT NULL
);
CREATE INDEX \`message_session_time_created_id_idx\` ON \`message\`
  (\`session_id\`,\`time_created\`,\`id\`);`;

/** A session as a test describes it. */
export interface Made {
  readonly id: string;
  readonly directory: string;
  readonly title?: string;
  readonly updatedAtMs?: number;
  readonly projectId?: string;
  readonly parentId?: string;
  readonly archivedAtMs?: number;
  readonly diffs?: string;
}

export function addProject(database: DatabaseSync, id: string, worktree: string): void {
  database.prepare("INSERT INTO project VALUES (?, ?, 'git', NULL, 1, 1, '[]')").run(id, worktree);
}

export function add(database: DatabaseSync, ...sessions: readonly Made[]): void {
  const insert = database.prepare(
    "INSERT INTO session (id, project_id, parent_id, slug, directory, title, version, " +
      "summary_diffs, time_created, time_updated, time_archived) " +
      "VALUES (?, ?, ?, 's', ?, ?, '1', ?, 1, ?, ?)",
  );
  for (const one of sessions) {
    const { id, directory, title = id, updatedAtMs = 1, projectId = "p" } = one;
    const [parent, diffs] = [one.parentId ?? null, one.diffs ?? null];
    insert.run(
      id,
      projectId,
      parent,
      directory,
      title,
      diffs,
      updatedAtMs,
      one.archivedAtMs ?? null,
    );
  }
}

/** Messages of a session, as OpenCode 1.18.33 writes them: each its `data`. */
export function addMessages(
  database: DatabaseSync,
  session: string,
  ...messages: readonly { readonly time: { readonly created: number } }[]
): void {
  const insert = database.prepare(
    "INSERT INTO message (id, session_id, time_created, time_updated, data) VALUES (?, ?, ?, 1, ?)",
  );
  for (const [i, message] of messages.entries()) {
    insert.run(`msg_${session}_${i}`, session, message.time.created, JSON.stringify(message));
  }
}

/** A database as the bytes of its file. */
export function bytesOf(make: (database: DatabaseSync) => void, tables = TABLES): Uint8Array {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec(`PRAGMA foreign_keys = OFF; ${tables}`);
    make(database);
    return (database as DatabaseSync & { serialize(): Uint8Array }).serialize();
  } finally {
    database.close();
  }
}

export function rawFile(bytes: Uint8Array, stamp: () => string = () => "as it was"): RawFile {
  return {
    size: () => bytes.length,
    stamp,
    read: (at, length) => bytes.slice(at, at + length),
    [Symbol.dispose]: () => {},
  };
}

/** A machine's outside with these files, and servers that answer so. Both say what they were asked. */
export function outsideOf(
  files: Readonly<Record<string, Uint8Array>>,
  answer: (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer> = () => REFUSED,
  uid: number | null = null,
): Outside & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    folder: (path) => {
      const names = Object.keys(files).filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1));
      return names.length > 0 ? { names, uid } : null;
    },
    openRaw: (path) => {
      asked.push(path);
      const bytes = files[path];
      return Promise.resolve(bytes ? rawFile(bytes) : null);
    },
    get: async (request) => {
      asked.push(`http://${request.host}:${request.port}${request.path}`);
      return await answer(request);
    },
  };
}

export const REFUSED: LocalAnswer = { kind: "failed", reason: "nobody listens there" };

/** Answers as OpenCode 1.18.33 gives them. */
export function openCodeWith(
  sessions: readonly unknown[],
  active: Readonly<Record<string, unknown>> = {},
): (request: LocalRequest) => LocalAnswer {
  const bodies: Readonly<Record<string, unknown>> = {
    "/global/health": { healthy: true, version: "1.18.33" },
    "/api/session": { data: sessions, cursor: { previous: null, next: null } },
    "/api/session/active": { data: active },
  };
  return ({ path }) => {
    const body = bodies[path];
    return body === undefined
      ? { kind: "answer", status: 404, body: "" }
      : { kind: "answer", status: 200, body: JSON.stringify(body) };
  };
}
