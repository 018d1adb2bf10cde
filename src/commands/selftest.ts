/** `ocmem selftest`: does all that the tool does, once, on what is known, and says whether it was right. */

import { writeDuration } from "../durations.ts";
import { buildSelfTestReport, SELFTEST_FORMATS } from "../report/selftest.ts";
import { checksOf, type Findings } from "../selftest/findings.ts";
import { runSelfTest } from "../selftest/selftest.ts";
import type { World } from "../world.ts";
import type { SelfTestFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { StatusLine } from "./progress.ts";
import { Stop } from "./stop.ts";
import { plainStyle, styleOf } from "./style.ts";

const DEFAULT_DURATION_MS = 10_000;

/** Runs the command and returns its exit code: 0 passed, 1 failed, or 128 + the number of a signal. */
export async function selftest(flags: SelfTestFlags, world: World): Promise<number> {
  const name = formatOf(flags, "json", "text");
  using stop = new Stop(world);
  const findings = await findingsOf(world, flags.duration ?? DEFAULT_DURATION_MS, stop);
  const passed = checksOf(findings).every((check) => check.passed);
  const exitCode = stop.exitCode || (passed ? 0 : 1);
  const format = await SELFTEST_FORMATS[name]();
  const style = name === "text" ? styleOf(world, flags) : plainStyle;
  world.stdout.write(format(buildSelfTestReport(findings, exitCode), style));
  return exitCode;
}

async function findingsOf(world: World, durationMs: number, stop: Stop): Promise<Findings> {
  const status = new StatusLine(world);
  try {
    status.show(`Self-test: tracking memory for ${writeDuration(durationMs)}`);
    return await runSelfTest(world, durationMs, stop.cut);
  } finally {
    status[Symbol.dispose]();
  }
}
