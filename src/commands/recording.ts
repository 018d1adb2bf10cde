/** What is recorded, and where. */

import { UsageError } from "../errors.ts";
import { historyPath } from "../history/open.ts";
import type { Keep } from "../history/thin.ts";
import type { DatabasePlace, World } from "../world.ts";
import type { FileOnly, RecordFlags } from "./flags.ts";

const DAY_MS = 86_400_000;
const DEFAULT_KEEP_MS = 30 * DAY_MS;
const DEFAULT_KEEP_HOURLY_MS = 365 * DAY_MS;
/** What is kept in memory: the time that a page shows, and an hour more, as hours go whole. */
const MEMORY_KEEP_MS = DAY_MS + 3_600_000;

export const MEMORY: DatabasePlace = { kind: "memory" };
export const MEMORY_KEEP: Keep = { allMs: MEMORY_KEEP_MS, hourlyMs: MEMORY_KEEP_MS };

/** The file of the history: the one that is named, or the user's own; null if there is no home. */
export function findDatabase(
  world: Pick<World, "env">,
  flags: Pick<RecordFlags, "database">,
): string | null {
  return namedPath(world, flags.database) ?? historyPath(world);
}

/** The same. Throws a UsageError if there is no home. */
export function databasePath(
  world: Pick<World, "env">,
  flags: Pick<RecordFlags, "database">,
): string {
  const path = findDatabase(world, flags);
  if (path !== null) return path;
  throw new UsageError(
    "Cannot tell where the history is: neither XDG_STATE_HOME nor HOME names a folder. " +
      "--database names a file",
  );
}

/** A path in which `~` was left to us, as in the options file. */
function namedPath(world: Pick<World, "env">, path: string | undefined): string | null {
  const home = world.env("HOME");
  if (path?.startsWith("~/") && home) return home + path.slice(1);
  return path ?? null;
}

/** How long what is recorded is kept. */
export function keepOf(flags: RecordFlags): Keep {
  return {
    allMs: flags.keep ?? DEFAULT_KEEP_MS,
    hourlyMs: flags["keep-hourly"] ?? DEFAULT_KEEP_HOURLY_MS,
  };
}

/** Throws a UsageError for flags about recording where nothing is recorded. */
export function requireRecording(flags: RecordFlags & FileOnly): void {
  if (flags.record) return;
  for (const name of ["database", "keep", "keep-hourly"] as const) {
    // In the options file they wait for a command that records.
    if (flags[name] !== undefined && !flags.places?.[name]) {
      throw new UsageError(`Cannot use --${name} without --record`);
    }
  }
}
