/** Reports on scripted machines, for the formats made from them. */

import { DEFAULT_CRITICAL_BYTES, DEFAULT_WARNING_BYTES } from "../../src/classify.ts";
import type { ScanFlags } from "../../src/commands/flags.ts";
import { survey } from "../../src/commands/survey.ts";
import type { Report } from "../../src/report/report.ts";
import type { Thresholds } from "../../src/types.ts";
import { FakeProbe, type FakeProcess } from "../fake.ts";
import { FakeWorld } from "../fake_world.ts";

export const LIMITS: Thresholds = {
  warningBytes: DEFAULT_WARNING_BYTES,
  criticalBytes: DEFAULT_CRITICAL_BYTES,
  scope: "process",
};

/** The Report on a machine with these processes, by these limits; null: nothing is judged. */
export async function reportOn(
  processes: readonly FakeProcess[],
  limits: Partial<Thresholds> | null = {},
  flags: ScanFlags = {},
): Promise<Report> {
  const world = new FakeWorld({ probe: new FakeProbe(processes) }, () => {}, () => {});
  const thresholds = (): Thresholds => ({ ...LIMITS, ...limits });
  return await survey(world, flags, limits && { thresholds, levelOfNone: "normal" });
}

/** An OpenCode session. */
export function session(
  pid: number,
  memory: FakeProcess["memory"],
  rest: Partial<FakeProcess> = {},
): FakeProcess {
  return { pid, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory, ...rest };
}

/** What a format must survive: control characters, and what shells, pages and tables take for their own. */
export const HOSTILE =
  "\x1b]0;x\x07\n|a=1 'b'=2;3\t\u202e\"$(touch x)`touch x` <b onload=x> &amp; \\ *_[](x) =1+1, %s 資料 🦊\ud800";
