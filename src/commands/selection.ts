/** Which processes a command is about. */

import { ConfigError, UsageError } from "../errors.ts";
import type { Matcher, Selection } from "../select.ts";
import type { ChoiceFlags, FileOnly } from "./flags.ts";
import { compileMatch } from "./match.ts";

/** What the flags select. Throws a UsageError if the pattern makes no sense. */
export async function selectionOf(flags: ChoiceFlags & FileOnly): Promise<Selection> {
  const pids = flags.pid ?? [];
  const match = flags.match === undefined
    ? null
    : await compileMatch(flags.match, "--match", UsageError);
  // What is named outright is all that is wanted; a pattern of the same command line is wanted too.
  const always = pids.length > 0 ? [] : flags.patterns ?? [];
  const patterns = await Promise.all(
    always.map(({ source, place }) => compileMatch(source, `${place},`, ConfigError)),
  );
  return {
    match: eitherOf(match === null ? patterns : [match, ...patterns]),
    pids,
    names: flags.names,
  };
}

/** One that matches what any of these does, or null if there are none. */
function eitherOf(matchers: readonly Matcher[]): Matcher | null {
  const [first] = matchers;
  if (first === undefined || matchers.length === 1) return first ?? null;
  return { source: first.source, test: (line) => matchers.some((matcher) => matcher.test(line)) };
}

/** Why a pid of the selection can't be looked at. */
export function absentError(pid: number, ownPid: number): UsageError {
  return new UsageError(
    pid === ownPid
      ? `Cannot use --pid ${pid}: that is ocmem itself, which never counts itself`
      : `Cannot use --pid ${pid}: no such process, or the system hides it. ocmem list shows those of OpenCode`,
  );
}
