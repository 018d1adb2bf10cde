/** Instances over a limit, and what is said of them. */

import type { Advice, Purpose, PurposeGroup } from "../../src/detail.ts";
import { adviceFor } from "../../src/report/advice.ts";
import type { ReportInstance } from "../../src/report/report.ts";
import type { HeldSession, Thresholds } from "../../src/types.ts";
import { type FakeProcess, GIB } from "../fake.ts";
import { reportOn } from "./reported.ts";

/** An OpenCode above both limits. */
export function large(args: string, rest: Partial<FakeProcess> = {}): FakeProcess {
  const argv = ["opencode", ...args.split(" ").filter((word) => word)];
  return {
    pid: 10,
    name: "opencode",
    exe: "/b/opencode",
    argv,
    cwd: "/w",
    memory: 5 * GIB,
    ...rest,
  };
}

/** The largest instance on such a machine, judged. */
export async function instanceOn(
  machine: readonly FakeProcess[],
  limits: Partial<Thresholds> = {},
): Promise<ReportInstance> {
  return (await reportOn(machine, limits)).instances[0]!;
}

/** What is said of it, as `kind: text: command`. */
export function said(instance: ReportInstance): string[] | null {
  return adviceFor(instance)?.map(({ kind, text, command }: Advice) =>
    `${kind}: ${text}${command === null ? "" : `: ${command}`}`
  ) ?? null;
}

export function held(rest: Partial<HeldSession> = {}): HeldSession {
  return {
    ...{ id: "ses_1", title: null, directory: "/w", certainty: "likely" },
    ...{ updatedAtMs: 1, busy: null },
    ...rest,
  };
}

export function purpose(rest: Partial<Purpose>): Purpose {
  return { kind: "mcp", name: null, language: null, command: null, ...rest };
}

export function group(
  count: number,
  footprintBytes: number | null,
  rest: Partial<Purpose> = {},
): PurposeGroup {
  return { purpose: purpose(rest), count, footprintBytes };
}
