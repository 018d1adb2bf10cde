/** How the footprint of a process went, as far as it is recorded. */

import { limitsOf } from "../classify.ts";
import { sayAhead } from "./ahead.ts";
import { shortTime } from "./chart.ts";
import type { HistoryStyle } from "./history_formats.ts";
import type { ProcessPast, ShowReport } from "./show.ts";
import { entry, INDENT, TEXT_COLUMN } from "./show_entry.ts";
import { sparkline } from "./sparkline.ts";
import { wrap } from "./table.ts";
import { formatBytes, formatChange } from "./units.ts";
import { count } from "./words.ts";

const MS_PER_HOUR = 3_600_000;
const WIDEST = 60;

export function pastLines(
  { past, process, thresholds }: ShowReport,
  style: HistoryStyle,
): string[] {
  if (past === null) {
    return wrap("nothing is recorded of it: ocmem watch --record records", style.width, INDENT);
  }
  const { firstAtMs, statistics, trend } = past;
  const { minBytes, meanBytes, maxBytes, growthBytes, unread } = statistics;
  const readings = count(statistics.count, "reading", "readings");
  const since = `${shortTime(firstAtMs, Infinity)} ${shortTime(firstAtMs, 0)}, ${readings}` +
    (unread > 0 ? `, ${unread} unread` : "");
  const lines = entry("since", since, style);
  if (minBytes === null || meanBytes === null || maxBytes === null) return lines;
  const [min, mean, max] = [minBytes, meanBytes, maxBytes].map(formatBytes);
  lines.push(...entry("footprint", `${min} to ${max}, mean ${mean}`, style));
  const slope = (bytesPerMs: number) => `${formatChange(bytesPerMs * MS_PER_HOUR)}/h`;
  const pace = trend === null
    ? ""
    : `, slope ${slope(trend.slope)} (${slope(trend.low)} to ${slope(trend.high)})`;
  lines.push(...entry("growth", `${formatChange(growthBytes ?? 0)}${pace}`, style));
  const ahead = sayAhead(past, limitsOf(thresholds, process.role));
  if (ahead !== null) lines.push(...entry("ahead", ahead, style));
  return style.isAscii ? lines : [...lines, ...entry("course", barsOf(past, style), style)];
}

/** The highest in each part of the time. */
function barsOf({ points, firstAtMs, lastAtMs }: ProcessPast, { width }: HistoryStyle): string {
  const bars = Math.max(1, Math.min(WIDEST, width - TEXT_COLUMN, points.length));
  const values = Array.from({ length: bars }, (): number | null => null);
  for (const { atMs, value } of points) {
    const share = (atMs - firstAtMs) / Math.max(1, lastAtMs - firstAtMs);
    const i = Math.min(bars - 1, Math.max(0, Math.floor(share * bars)));
    values[i] = Math.max(values[i] ?? 0, value);
  }
  return sparkline(values, bars);
}
