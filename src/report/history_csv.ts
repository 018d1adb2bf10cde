/** History as CSV (RFC 4180): a row for each instance, its processes behind it. */

import { type Cell, csvLines } from "./csv_lines.ts";
import type { HistoryInstance, HistoryProcess, HistoryReport, HistorySeries } from "./history.ts";
import { isoTime } from "./json.ts";
import { shellWords } from "./shell_words.ts";

interface Row {
  readonly instance: HistoryInstance;
  readonly process: HistoryProcess | null;
  /** The process, or the instance. */
  readonly series: HistorySeries;
}

/** Titles and cells of the columns. What is not known is an empty cell. */
const COLUMNS: Readonly<Record<string, (row: Row) => Cell>> = {
  kind: ({ process }) => process === null ? "instance" : "process",
  instance: ({ instance }) => instance.id,
  host: ({ instance }) => instance.host,
  cwd: ({ instance }) => instance.directory,
  pid: ({ series }) => series.pid,
  ppid: ({ process }) => process?.ppid ?? null,
  role: ({ series }) => series.role,
  name: ({ series }) => series.name,
  command_line: ({ process }) => process?.commandLine ? shellWords(process.commandLine) : null,
  started_at: ({ series }) => isoTime(series.startedAtMs),
  first_at: ({ series }) => isoTime(series.firstAtMs),
  last_at: ({ series }) => isoTime(series.lastAtMs),
  count: ({ series }) => series.statistics.count,
  unread: ({ series }) => series.statistics.unread,
  first_bytes: ({ series }) => series.statistics.firstBytes,
  last_bytes: ({ series }) => series.statistics.lastBytes,
  min_bytes: ({ series }) => series.statistics.minBytes,
  max_bytes: ({ series }) => series.statistics.maxBytes,
  max_at: ({ series: { statistics: { maxAtMs } } }) => maxAtMs === null ? null : isoTime(maxAtMs),
  mean_bytes: ({ series }) => series.statistics.meanBytes,
  growth_bytes: ({ series }) => series.statistics.growthBytes,
  covered_ms: ({ series }) => series.statistics.coveredMs,
  over_warning_ms: ({ series }) => series.statistics.overWarningMs,
  over_critical_ms: ({ series }) => series.statistics.overCriticalMs,
  alerts: ({ series }) => series.alerts,
};

/** The titles, then the rows. */
export function formatHistoryCsv({ instances }: HistoryReport): string {
  const rows = instances.flatMap((instance): Row[] => [
    { instance, process: null, series: instance },
    ...instance.processes.map((process) => ({ instance, process, series: process })),
  ]);
  const cells = rows.map((row) => Object.values(COLUMNS).map((cell) => cell(row)));
  return csvLines([Object.keys(COLUMNS), ...cells]);
}
