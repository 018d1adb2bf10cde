/** `ocmem check`: judges the footprint of OpenCode's processes, and says so with its exit code. */

import type { FormatName, Report } from "../report/report.ts";
import { wantsExport } from "../telemetry/wanted.ts";
import type { World } from "../world.ts";
import { type CheckFlags, levelOfNone } from "./flags.ts";
import { formatOf } from "./format.ts";
import { formatStyle } from "./style.ts";
import { survey, writeReport } from "./survey.ts";
import { thresholdsOf } from "./thresholds.ts";

/** Formats that have a place for what to do. */
const ADVISING: ReadonlySet<FormatName> = new Set(["text", "json", "ndjson", "markdown"]);

/** Runs the command and returns its exit code: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
export async function check(flags: CheckFlags, world: World): Promise<number> {
  const format = formatOf(flags, "json", "text");
  if (flags.sort !== undefined || flags.top !== undefined) {
    (await import("./narrow.ts")).requireShowable(flags);
  }
  const report = await survey(world, flags, {
    thresholds: (memoryBytes) => thresholdsOf(flags, memoryBytes),
    levelOfNone: levelOfNone(flags.none),
    advises: flags.advice !== false && ADVISING.has(format),
  });
  if (wantsExport((name) => world.env(name))) await exportReport(world, flags, report);
  // A file is always replaced: an old one would go on to tell of what was.
  const isQuiet = flags.quiet && flags.output === undefined && report.level === "normal";
  if (!isQuiet) await writeReport(world, flags, report);
  return report.exitCode;
}

/** Hands the metrics to Deno's exporter, which sends them before the process ends. */
async function exportReport(world: World, flags: CheckFlags, report: Report): Promise<void> {
  const { exportOnce, whyNotExported } = await import("../telemetry/metrics.ts");
  const reason = whyNotExported();
  if (reason !== null) return void world.stderr.write(`ocmem: ${reason}\n`);
  const { metricFamilies } = await import("../report/metrics.ts");
  exportOnce(metricFamilies(report, formatStyle(world, flags, "otlp")), world.version);
}
