/** What lies ahead of what grows. */

import type { SeriesStatistics } from "../follow/series.ts";
import type { Limits } from "../types.ts";
import { formatBytes, formatDuration } from "./units.ts";

/** When something that surely grows is over the limits, or null for what does not. */
export function sayAhead(
  { trend, msToWarning, msToCritical }: Pick<
    SeriesStatistics,
    "trend" | "msToWarning" | "msToCritical"
  >,
  { warningBytes, criticalBytes }: Limits,
): string | null {
  if (!trend || msToCritical === null || trend.low <= 0) return null;
  const say = (ms: number | null, name: string, limitBytes: number) => {
    const limit = `over the ${name} limit of ${formatBytes(limitBytes)}`;
    return ms === 0 ? limit : `${limit} in ${formatDuration(Math.max(ms ?? 0, 1000))}`;
  };
  return [
    say(msToWarning, "warning", warningBytes),
    say(msToCritical, "critical", criticalBytes),
  ].join(", ");
}
