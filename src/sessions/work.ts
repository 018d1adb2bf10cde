/** Whether a session is at work, as its last message tells. */

import type { Pages } from "./pages.ts";
import type { Row } from "./record.ts";
import { indexesOf, lastUnder } from "./seek.ts";
import { tablesOf } from "./table.ts";

/** What a session does. `working`: its last message was begun then, and is not complete. */
export type Work = { readonly kind: "idle" } | {
  readonly kind: "working";
  readonly sinceMs: number;
};

/** A message without its parts is short; that of a person may have the changes that it led to. */
const LONGEST_MESSAGE = 64 * 1024;
/** With these OpenCode goes on by itself (its src/session/prompt.ts, 1.18). */
const GOES_ON: readonly unknown[] = ["tool-calls", "unknown"];

/** What sessions do, as far as that is told: what can't be read is not known, and no trouble. */
export function workOf(
  pages: Pages,
  ids: Iterable<string>,
  isLate: () => boolean,
): ReadonlyMap<string, Work> {
  const found = new Map<string, Work>();
  try {
    const table = tablesOf(pages, ["message"]).get("message");
    const data = table?.columns.get("data");
    // By its own number a row is as late as it was made; by the time of its message, too.
    const index = indexesOf(pages, "message").find(({ columns: [first, second] }) =>
      first === "session_id" && (second === undefined || second === "time_created")
    );
    if (!table || data === undefined || !index) return found;
    for (const id of ids) {
      if (isLate()) break;
      const row = lastUnder(pages, index, table, id);
      const work = row && workIn(row, data);
      if (work) found.set(id, work);
    }
  } catch {
    // Another version keeps them otherwise, or the file is being written: then it is read anew.
  }
  return found;
}

function workIn(row: Row, column: number): Work | null {
  if (row.textLength(column) > LONGEST_MESSAGE) return null;
  const { role, time, finish, error } = objectOf(JSON.parse(row.text(column) ?? "null"));
  // To a person's message the answer is still to come, or will never come.
  if (role !== "assistant") return null;
  const { created, completed } = objectOf(time);
  if (typeof completed === "number") {
    return GOES_ON.includes(finish) && error === undefined ? null : { kind: "idle" };
  }
  return typeof created === "number" ? { kind: "working", sinceMs: created } : null;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
