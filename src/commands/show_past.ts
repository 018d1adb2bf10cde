/** What is recorded of a process, where there is a history at all. */

import { DatabaseError } from "../errors.ts";
import { openHistory } from "../history/open.ts";
import { readProcess, type Subject } from "../history/process.ts";
import { visible } from "../report/harmless.ts";
import type { ProcessPast } from "../report/show.ts";
import type { World } from "../world.ts";
import type { RecordFlags } from "./flags.ts";
import { findDatabase } from "./recording.ts";

/** What was found, and a sentence where a history is there and can't be read. */
export async function pastIn(
  world: World,
  flags: Pick<RecordFlags, "database">,
  subject: Subject,
): Promise<{ readonly past: ProcessPast | null; readonly note: string | null }> {
  const path = findDatabase(world, flags);
  if (path === null) return { past: null, note: null };
  try {
    const history = await openHistory(world, { kind: "read", path });
    try {
      return { past: readProcess(history, subject), note: null };
    } finally {
      history[Symbol.dispose]();
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    // Nothing was recorded yet: no trouble, unless a file was named.
    const isNone = error.trouble === "missing" && flags.database === undefined;
    return { past: null, note: isNone ? null : visible(error.message) };
  }
}
