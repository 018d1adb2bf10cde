/** `ocmem check`: judges the footprint of OpenCode's processes, and says so with its exit code. */

import { DEFAULT_CRITICAL_BYTES, DEFAULT_WARNING_BYTES } from "../classify.ts";
import { UsageError } from "../errors.ts";
import { formatLimit, limitBytes } from "../limits.ts";
import type { Thresholds, World } from "../types.ts";
import { type CheckFlags, levelOfNone } from "./flags.ts";
import { formatOf, survey, writeReport } from "./survey.ts";

/** Runs the command and returns its exit code: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
export async function check(flags: CheckFlags, world: World): Promise<number> {
  formatOf(flags);
  const report = await survey(world, flags, {
    thresholds: (memoryBytes) => thresholdsOf(flags, memoryBytes),
    levelOfNone: levelOfNone(flags.none),
  });
  if (!(flags.quiet && report.level === "normal")) await writeReport(world, flags, report);
  return report.exitCode;
}

/** The limits in bytes. The warning limit may not lie above the critical one. */
function thresholdsOf(flags: CheckFlags, memoryBytes: number): Thresholds {
  const warningBytes = flags.warning
    ? limitBytes(flags.warning, memoryBytes)
    : DEFAULT_WARNING_BYTES;
  const criticalBytes = flags.critical
    ? limitBytes(flags.critical, memoryBytes)
    : DEFAULT_CRITICAL_BYTES;
  if (warningBytes > criticalBytes) {
    const said = (given: unknown) => given ? "" : ", the default";
    throw new UsageError(
      `Cannot use --warning ${formatLimit(warningBytes)}${said(flags.warning)} with ` +
        `--critical ${formatLimit(criticalBytes)}${said(flags.critical)}: ` +
        "expected a warning limit that is not above the critical one",
    );
  }
  return { warningBytes, criticalBytes, scope: flags.scope ?? "process" };
}
