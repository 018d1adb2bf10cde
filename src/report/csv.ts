/** The Report as CSV (RFC 4180): a row for each process. */

import { type Cell, csvLines } from "./csv_lines.ts";
import { isoTime } from "./json.ts";
import { shellWords } from "./shell_words.ts";
import { type Report, type ReportInstance, type ReportProcess, shownOf } from "./report.ts";

/** A process, and where it stands. */
interface Place {
  readonly report: Report;
  readonly instance: ReportInstance;
  readonly process: ReportProcess;
}

/** Titles and cells of the columns. What is not known is an empty cell. */
const COLUMNS: Readonly<Record<string, (place: Place) => Cell>> = {
  taken_at: ({ report }) => isoTime(report.takenAtMs),
  instance: ({ instance }) => instance.id,
  instance_role: ({ instance }) => instance.role,
  instance_level: ({ instance }) => instance.level,
  cwd: ({ instance }) => instance.directory,
  pid: ({ process }) => process.pid,
  ppid: ({ process }) => process.ppid,
  uid: ({ process }) => process.uid,
  role: ({ process }) => process.role,
  matched_by: ({ process }) => process.matchedBy,
  depth: ({ process }) => process.depth,
  name: ({ process }) => process.name,
  executable: ({ process }) => process.executable,
  command_line: ({ process }) => process.commandLine && shellWords(process.commandLine),
  started_at: ({ process }) => isoTime(process.startedAtMs),
  level: ({ process }) => process.level,
  missing: ({ process }) => process.missing,
  footprint_bytes: ({ process }) => process.reading?.footprintBytes ?? null,
  resident_bytes: ({ process }) => process.reading?.residentBytes ?? null,
  peak_bytes: ({ process }) => process.reading?.peakBytes ?? null,
  swapped_bytes: ({ process }) => process.reading?.swappedBytes ?? null,
  pss_bytes: ({ process }) => process.reading?.pssBytes ?? null,
  uss_bytes: ({ process }) => process.reading?.ussBytes ?? null,
  source: ({ process }) => process.reading?.source ?? null,
};

/** The titles, then the processes of each instance in tree order. */
export function formatCsv(report: Report): string {
  const rows = shownOf(report).flatMap((instance) =>
    instance.processes.map((process) =>
      Object.values(COLUMNS).map((cell) => cell({ report, instance, process }))
    )
  );
  return csvLines([Object.keys(COLUMNS), ...rows]);
}
