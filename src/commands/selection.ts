/** Which processes a command is about. */

import { UsageError } from "../errors.ts";
import type { Selection } from "../select.ts";
import type { ChoiceFlags } from "./flags.ts";
import { compileMatch } from "./match.ts";

/** What the flags select. Throws a UsageError if the pattern makes no sense. */
export async function selectionOf(flags: ChoiceFlags): Promise<Selection> {
  const match = flags.match === undefined ? null : await compileMatch(flags.match);
  return { match, pids: flags.pid ?? [] };
}

/** Why a pid of the selection can't be looked at. */
export function absentError(pid: number, ownPid: number): UsageError {
  return new UsageError(
    pid === ownPid
      ? `Cannot use --pid ${pid}: that is ocmem itself, which never counts itself`
      : `Cannot use --pid ${pid}: no such process, or the system hides it. ocmem list shows those of OpenCode`,
  );
}
