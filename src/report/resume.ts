/** The command that resumes an OpenCode session, to be pasted into a shell. */

import { quotedWord } from "../shell_word.ts";
import type { Role } from "../types.ts";
import { visible } from "./harmless.ts";
import type { ReportInstance, ReportProcess } from "./report.ts";
import { pidOf } from "./text.ts";

/**
 * Roles that are a session of the directory they run in. Not `server`: it holds sessions of many
 * directories; nor `attach` and `desktop`, which show a server's, nor `acp`, whose sessions an editor
 * holds; nor `cli` and `unknown`, which may be no session at all.
 */
const RESUMABLE: ReadonlySet<Role> = new Set(["tui", "run"]);
/**
 * Executables that the command `opencode` starts. Others keep their sessions elsewhere (from source,
 * 2.x), or are named by the user and may be anything.
 */
const STARTED_BY_OPENCODE = /(?:^|\/)\.?opencode(?:\.exe|-wrapped_?)?(?: \(deleted\))?$/;
/** As OpenCode makes them (`ses_` and base 62, its src/id/id.ts): nothing that means something to a shell. */
const SESSION_ID = /^ses_[A-Za-z0-9]+$/;
/** Goes on with the last session of its directory. */
const LAST = "--continue";
/** What the Report may have put in the place of a character that it does not repeat. */
const MAYBE_REPLACED = /\\(?:[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})|\ufffd/;

/** True for the roles whose instances are a session that can be resumed. */
export function isResumable(role: Role): boolean {
  return RESUMABLE.has(role);
}

/**
 * `cd '/work/api' && opencode --continue`, for a POSIX shell; with variables such as `A=1` it sets
 * them. null if this is no such session, or if it is not known for sure which: a directory whose text
 * may stand for another one is not guessed.
 */
export function resumeCommand(instance: ReportInstance, variables = ""): string | null {
  const { role, directory } = instance;
  if (!isResumable(role) || directory === null || !isExact(directory)) return null;
  const main = mainOf(instance);
  if (!main?.commandLine || !isStartedByOpenCode(main)) return null;
  const named = resumeFlags(main.commandLine.slice(1));
  if (named === null) return null;
  const flags = named === LAST ? likelyFlags(instance) ?? LAST : named;
  const start = variables === "" ? "opencode" : `${variables} opencode`;
  return `cd ${quotedWord(directory)} && ${start} ${flags}`;
}

/** The process that an instance is named after, unless it ended in between. */
export function mainOf({ id, processes }: ReportInstance): ReportProcess | undefined {
  return processes.find(({ pid }) => String(pid) === pidOf(id));
}

/** The one session that it likely holds. Where there are several, the last one is as good a guess. */
function likelyFlags({ sessions }: ReportInstance): string | null {
  const likely = (sessions ?? []).filter(({ certainty }) => certainty === "likely");
  const [session] = likely;
  if (session === undefined || likely.length > 1 || !SESSION_ID.test(session.id)) return null;
  return `--session ${session.id}`;
}

/** The same for a session that is known: null if its folder can't be told in a line. */
export function resumeSession(id: string, directory: string): string | null {
  if (!SESSION_ID.test(id) || !directory.startsWith("/")) return null;
  if (visible(directory) !== directory) return null;
  return `cd ${quotedWord(directory)} && opencode --session ${id}`;
}

/**
 * True if this text is surely the directory itself: absolute, with nothing in it made visible, and not
 * what Linux tells of one that was removed.
 */
function isExact(directory: string): boolean {
  return directory.startsWith("/") && !MAYBE_REPLACED.test(directory) &&
    !directory.endsWith(" (deleted)");
}

/** True if this is a program that the command `opencode` starts. */
export function isStartedByOpenCode({ executable, commandLine }: ReportProcess): boolean {
  return STARTED_BY_OPENCODE.test(executable ?? commandLine?.[0] ?? "");
}

/**
 * How OpenCode is told to go on with the session of a process with these arguments (1.18's --help).
 * null: with one that this command would not find.
 */
function resumeFlags(args: readonly string[]): string | null {
  const flags = flagsOf(args);
  // The session is another server's.
  if (has(flags, "--attach")) return null;
  const named = sessionsIn(flags);
  // A fork is a new session, and the last one of its directory.
  if (named.length === 0 || has(flags, "--fork")) return LAST;
  const [session = ""] = named;
  return named.length === 1 && SESSION_ID.test(session) ? `--session ${session}` : null;
}

/** True if its sessions are another server's. */
export function isAttached({ commandLine }: ReportProcess): boolean {
  return has(flagsOf((commandLine ?? []).slice(1)), "--attach");
}

/** What stands before the words that are no flags, whatever they look like. */
function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}

function has(flags: readonly string[], name: string): boolean {
  return flags.some((flag) => flag === name || flag.startsWith(`${name}=`));
}

/** The values of `-s` and `--session`. */
function sessionsIn(flags: readonly string[]): string[] {
  return flags.flatMap((flag, i) => {
    if (flag === "-s" || flag === "--session") return [flags[i + 1] ?? ""];
    const value = /^(?:-s|--session)=(.*)$/.exec(flag);
    return value ? [value[1]!] : [];
  });
}
