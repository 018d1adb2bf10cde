/** `ocmem watch`: looks again and again, and tells what happens. */

import type { World } from "../world.ts";
import type { WatchFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { openView } from "./watch_view.ts";
import { watching } from "./watching.ts";

const DEFAULT_INTERVAL_MS = 60_000;

/** Runs the command and returns its exit code: 0, however it was asked to end. */
export async function watch(flags: WatchFlags, world: World): Promise<number> {
  formatOf(flags, "ndjson", "text");
  await watching(flags, world, {
    command: "watch",
    intervalMs: flags.interval ?? DEFAULT_INTERVAL_MS,
    openView: (plan, watcher, wheel) => openView(flags, world, plan, watcher, wheel),
  });
  return 0;
}
