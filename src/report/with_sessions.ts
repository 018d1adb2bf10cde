/** The sessions of a Report's instances: put into it, and as lines below its table. */

import type { HeldSession, Project } from "../types.ts";
import { foldedRows } from "./folded.ts";
import { visible } from "./harmless.ts";
import { childLines } from "./with_children.ts";
import { type Report, type ReportInstance, shownOf, type Style } from "./report.ts";
import { cut, wrap } from "./table.ts";
import { formatDuration } from "./units.ts";
import { shortDirectory, shorten } from "./words.ts";

/** What is known of an instance. */
export interface Held {
  readonly project: Project | null;
  readonly sessions: readonly HeldSession[];
}

/** Longer titles are cut: OpenCode's own have 50 characters. */
const LONGEST_TITLE = 200;
/** Characters of a title in a line, so that what follows it is seen. */
const SHOWN_TITLE = 32;
const INDENT = "       ";

/** The Report with what was found. Text of others is made harmless here. */
export function withSessions(
  report: Report,
  held: ReadonlyMap<string, Held>,
  notes: readonly string[],
): Report {
  const instances = report.instances.map((instance): ReportInstance => {
    const { project = null, sessions = [] } = held.get(instance.id) ?? {};
    return {
      ...instance,
      project: project && project.id !== "" ? safeProject(project) : null,
      sessions: safeSessions(sessions),
    };
  });
  return { ...report, instances, notes: [...report.notes, ...notes.map(visible)] };
}

/** Sessions that can be named. Text of others is made harmless here. */
export function safeSessions(sessions: readonly HeldSession[]): readonly HeldSession[] {
  return sessions.filter(({ id }) => id !== "").map(safe);
}

function safeProject({ id, worktree }: Project): Project {
  return { id: visible(id), worktree: shown(worktree) };
}

function safe(session: HeldSession): HeldSession {
  const { id, title, directory } = session;
  return {
    ...session,
    id: visible(id),
    title: safeTitle(title),
    directory: shown(directory),
  };
}

/** A title made harmless, and not too long. */
export function safeTitle(title: string | null): string | null {
  return shown(title && shorten(title, LONGEST_TITLE));
}

/** Text of others made harmless. Without any, nothing was told. */
function shown(text: string | null): string | null {
  return text === null || text === "" ? null : visible(text);
}

/**
 * The lines of a table, its titles first, without floods of the same, and with those of its instances'
 * sessions and children among them.
 */
export function amongRows(table: readonly string[], report: Report, style: Style): string[] {
  const lines = table.slice(0, 1);
  let row = 1;
  for (const instance of shownOf(report)) {
    const next = row + instance.processes.length;
    lines.push(...foldedRows(table.slice(row, next), instance, style));
    lines.push(...sessionLines(instance, report.takenAtMs, style), ...childLines(instance, style));
    row = next;
  }
  return lines;
}

function sessionLines(instance: ReportInstance, nowMs: number, { width, home }: Style): string[] {
  return sayHeld(instance, nowMs, home).map((line) => cut(INDENT + line, width));
}

/** Its project, where its folder does not say so, and each session that it may hold: a line each. */
export function sayHeld(
  { project, directory, sessions }: ReportInstance,
  nowMs: number,
  home: string | null,
): string[] {
  const lines = (sessions ?? []).map((session) => saySession(session, directory, nowMs, home));
  const worktree = project?.worktree ?? null;
  // A folder that is the project, or belongs to none, has said so in its column.
  if (worktree !== null && worktree !== directory && worktree !== "/") {
    lines.unshift(`project ${shortDirectory(worktree, home)}`);
  }
  return lines;
}

/** `likely session "Fix it", active 3m 2s ago, busy, ses_…`. */
export function saySession(
  { id, title, directory, certainty, updatedAtMs, busy }: HeldSession,
  own: string | null,
  nowMs: number,
  home: string | null,
): string {
  const parts = [
    `${certainty} session` + (title === null ? "" : ` "${shorten(title, SHOWN_TITLE)}"`),
    updatedAtMs === null ? "" : `active ${formatDuration(nowMs - updatedAtMs)} ago`,
    busy === null ? "" : busy ? "busy" : "idle",
    directory === null || directory === own ? "" : `in ${shortDirectory(directory, home)}`,
    id,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What could not be found out. */
export function noteLines({ notes }: Pick<Report, "notes">, { width }: Style): string[] {
  return notes.flatMap((note) => wrap(note, width, 2));
}
