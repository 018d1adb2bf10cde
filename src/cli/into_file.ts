/** The output of a command into a file, in the place of standard output. */

import { worldWith } from "../commands/world_with.ts";
import type { World } from "../world.ts";

/** Read by other users' programs, such as node_exporter. */
const METRICS_MODE = 0o644;
/** Command lines and paths are nobody else's business. */
const PRIVATE_MODE = 0o600;
const METRICS: readonly unknown[] = ["prometheus", "openmetrics"];

/**
 * Runs a command whose output replaces a file, whole or not at all. The file is opened before, so that
 * a path that can't be written fails at once. `run` also gets the path of what it leaves behind if it
 * is ended from outside. Throws a FileError or an OutputError.
 */
export async function intoFile(
  world: World,
  path: string,
  format: string | undefined,
  run: (world: World, leftover: string) => Promise<number>,
): Promise<number> {
  using file = world.openFile(path, METRICS.includes(format) ? METRICS_MODE : PRIVATE_MODE);
  const stdout = {
    write: (text: string) => (file.write(text), true),
    hasReader: () => true,
    isTerminal: () => false,
  };
  // A file has no width: text in it is as wide as where no terminal is.
  const code = await run(worldWith(world, { stdout, size: () => null }), file.temporary);
  file.keep();
  return code;
}
