/** `ocmem selftest`: does all that the tool does, once, on what is known, and says whether it was right. */

import { buildSelfTestReport, SELFTEST_FORMATS } from "../report/selftest.ts";
import { checksOf } from "../selftest/findings.ts";
import { runSelfTest } from "../selftest/selftest.ts";
import type { World } from "../world.ts";
import type { SelfTestFlags } from "./flags.ts";
import { Stop } from "./stop.ts";
import { plainStyle, styleOf } from "./style.ts";
import { formatOf } from "./survey.ts";

const DEFAULT_DURATION_MS = 10_000;

/** Runs the command and returns its exit code: 0 passed, 1 failed, or 128 + the number of a signal. */
export async function selftest(flags: SelfTestFlags, world: World): Promise<number> {
  const name = formatOf(flags);
  using stop = new Stop(world);
  const findings = await runSelfTest(world, flags.duration ?? DEFAULT_DURATION_MS, stop.cut);
  const passed = checksOf(findings).every((check) => check.passed);
  const exitCode = stop.exitCode || (passed ? 0 : 1);
  const format = await SELFTEST_FORMATS[name]();
  const style = name === "text" ? styleOf(world, flags) : plainStyle;
  world.stdout.write(format(buildSelfTestReport(findings, exitCode), style));
  return exitCode;
}
