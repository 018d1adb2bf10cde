/** The limits that a command line sets. */

import { DEFAULT_CRITICAL_BYTES, DEFAULT_WARNING_BYTES } from "../classify.ts";
import { ConfigError } from "../errors.ts";
import { formatLimit, limitBytes } from "../limits.ts";
import type { Limits, Thresholds } from "../types.ts";
import type { FileOnly, LimitFlags, ScopeFlags } from "./flags.ts";
import { nameIn, refusal } from "./refusal.ts";

const STANDARD: Limits = {
  warningBytes: DEFAULT_WARNING_BYTES,
  criticalBytes: DEFAULT_CRITICAL_BYTES,
};

/** The limits in bytes. A warning limit may not lie above the critical one. */
export function thresholdsOf(
  flags: LimitFlags & ScopeFlags & FileOnly,
  memoryBytes: number,
): Thresholds {
  const general = limitsFrom(flags, memoryBytes, STANDARD);
  if (general.warningBytes > general.criticalBytes) {
    const say = (option: "warning" | "critical", bytes: number) =>
      `${nameIn(flags, option)} ${formatLimit(bytes)}${flags[option] ? "" : ", the default"}`;
    throw refusal(
      flags,
      flags.warning ? "warning" : "critical",
      `Cannot use ${say("warning", general.warningBytes)} with ` +
        `${say("critical", general.criticalBytes)}: ` +
        "expected a warning limit that is not above the critical one",
    );
  }
  const roles = Object.entries(flags.roles ?? {}).map(([role, given]) => {
    const limits = limitsFrom(given, memoryBytes, general);
    if (limits.warningBytes <= limits.criticalBytes) return [role, limits];
    throw new ConfigError(
      `Cannot warn of role ${role} above ${formatLimit(limits.warningBytes)}: ` +
        `its critical limit is ${formatLimit(limits.criticalBytes)}, which is less. ` +
        `Set both in "roles.${role}" of the options file`,
    );
  });
  return { ...general, scope: flags.scope ?? "process", roles: Object.fromEntries(roles) };
}

function limitsFrom(
  { warning, critical }: LimitFlags,
  memoryBytes: number,
  standard: Limits,
): Limits {
  return {
    warningBytes: warning ? limitBytes(warning, memoryBytes) : standard.warningBytes,
    criticalBytes: critical ? limitBytes(critical, memoryBytes) : standard.criticalBytes,
  };
}
