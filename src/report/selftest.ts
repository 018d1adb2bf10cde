/** What the self-test found, made harmless: what both formats of `ocmem selftest` are made from. */

import { type Check, checksOf, type Findings } from "../selftest/findings.ts";
import { visible } from "./harmless.ts";
import type { Style } from "./report.ts";

export interface SelfTestReport extends Findings {
  readonly exitCode: number;
  readonly checks: { readonly made: number; readonly failed: number };
  /** null: it was cut short, and nothing had failed by then. */
  readonly passed: boolean | null;
}

/** Builds the report. Text from elsewhere is made harmless here, once for both formats. */
export function buildSelfTestReport(findings: Findings, exitCode: number): SelfTestReport {
  const { discovery, tracking } = findings;
  const made = checksOf(findings);
  const failed = made.filter((check) => !check.passed).length;
  return {
    ...findings,
    platform: findings.platform.map(harmless),
    discovery: discovery && {
      ...discovery,
      instances: discovery.instances.map((one) => ({
        ...one,
        directory: one.directory === null ? null : visible(one.directory),
      })),
      checks: discovery.checks.map(harmless),
    },
    tracking: tracking && { ...tracking, checks: tracking.checks.map(harmless) },
    exitCode,
    checks: { made: made.length, failed },
    passed: failed > 0 ? false : findings.isInterrupted ? null : true,
  };
}

function harmless({ name, passed, detail }: Check): Check {
  return { name: visible(name), passed, detail: visible(detail) };
}

/** A report as text, with its last line break. */
export type SelfTestFormat = (report: SelfTestReport, style: Style) => string;

/** Both formats, loaded when they are used. */
export const SELFTEST_FORMATS = {
  text: async (): Promise<SelfTestFormat> => (await import("./selftest_text.ts")).formatSelfTest,
  json: async (): Promise<SelfTestFormat> => (await import("./selftest_json.ts")).jsonSelfTest,
} as const;
