/** `ocmem list`: shows OpenCode's processes without judging them. */

import type { World } from "../world.ts";
import type { ScanFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { survey, writeReport } from "./survey.ts";

/** Runs the command and returns its exit code, 0. */
export async function list(flags: ScanFlags, world: World): Promise<number> {
  formatOf(flags, "json", "text");
  const report = await survey(world, { ...flags, sessions: flags.sessions ?? true }, null);
  await writeReport(world, flags, report);
  return 0;
}
