/** What a command may still do once its options are known: it gives up the rest before it begins. */

import type { Grant } from "../world.ts";
import type { AnyFlags, CommandName } from "./command_table.ts";

const FILES: readonly Grant[] = ["read", "write"];

/** What a command needs whatever its flags. The C library and variables are asked for until the end. */
const NEEDED: Readonly<Partial<Record<CommandName, readonly Grant[]>>> = {
  history: FILES,
  // The history, if there is one.
  show: FILES,
  // Histories, and connections.
  serve: [...FILES, "net"],
  // The options file once more, to say where in it each option stands.
  config: ["read"],
  // Units, and the system's own tools that take them.
  service: [...FILES, "run"],
};

/** Flags that name a file or mean one, and flags that start something: hooks are for the shell. */
const OF_FILES = ["output", "html", "record"];
const OF_HOOKS = ["exec", "notify"];

/** Flags that name a folder, which links may lead to. */
const OF_LINKS = ["project"];

/** Commands that look for sessions, and whether they do so without being told. */
const WITH_SESSIONS: Readonly<Partial<Record<CommandName, boolean>>> = {
  check: false,
  list: true,
  watch: true,
  show: true,
  orphans: true,
};

/** The grants that a command line has no use for. */
export function uselessGrants(command: CommandName, flags: AnyFlags): readonly Grant[] {
  const given: Readonly<Record<string, unknown>> = { ...flags };
  const hasAny = (names: readonly string[]) =>
    names.some((name) => given[name] !== undefined && given[name] !== false);
  const needed = new Set<Grant>(NEEDED[command] ?? []);
  if (hasAny(OF_FILES)) FILES.forEach((grant) => needed.add(grant));
  if (hasAny(OF_LINKS)) needed.add("read");
  if (hasAny(OF_HOOKS)) needed.add("run");
  if (given.session !== undefined || (given.sessions ?? WITH_SESSIONS[command])) {
    // OpenCode's database, and servers on this machine.
    needed.add("read");
    needed.add("net");
  }
  return ALL.filter((grant) => !needed.has(grant));
}

const ALL: readonly Grant[] = ["read", "write", "net", "run"];
