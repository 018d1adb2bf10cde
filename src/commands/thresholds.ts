/** The limits that a command line sets. */

import { DEFAULT_CRITICAL_BYTES, DEFAULT_WARNING_BYTES } from "../classify.ts";
import { UsageError } from "../errors.ts";
import { formatLimit, limitBytes } from "../limits.ts";
import type { Thresholds } from "../types.ts";
import type { LimitFlags, ScopeFlags } from "./flags.ts";

/** The limits in bytes. The warning limit may not lie above the critical one. */
export function thresholdsOf(flags: LimitFlags & ScopeFlags, memoryBytes: number): Thresholds {
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
