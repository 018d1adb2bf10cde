/** Processes as columns of a table. */

import type { Reading } from "../types.ts";
import { colourOf, paint } from "./colour.ts";
import type { Report, ReportInstance, ReportProcess, Style } from "./report.ts";
import { sparkline } from "./sparkline.ts";
import { type Column, cut } from "./table.ts";
import { drawBranches } from "./tree.ts";
import { formatBytes, formatDuration, formatSlope } from "./units.ts";
import { commandOf, shortDirectory } from "./words.ts";

/** A directory longer than this is cut in a table that is as wide as it takes. */
const DIRECTORY_WIDTH = 48;
/** Bars of a history, in a table narrower than this and in a wider one. */
const WIDE = 110;
const BARS = { narrow: 10, wide: 24 } as const;

/** What is known of a process beyond one look. */
export interface Past {
  readonly peakBytes: number | null;
  /** In bytes per millisecond. */
  readonly slope: number | null;
  readonly history: readonly (number | null)[];
}

/** The columns of a Report's processes; with `pastOf`, also how their footprints went. */
export function processColumns(
  report: Report,
  style: Style,
  pastOf: ((process: ReportProcess) => Past) | null = null,
): Column[] {
  const rows = report.instances.flatMap((instance) =>
    instance.processes.map((p) => ({ instance, p }))
  );
  const processes = rows.map((row) => row.p);
  const memory = (pick: (reading: Reading) => number | null) =>
    processes.map(({ reading }) => {
      const bytes = reading && pick(reading);
      return bytes === null ? "-" : formatBytes(bytes);
    });
  const footprints = memory((r) => r.footprintBytes).map((cell, i) =>
    processes[i]!.missing ?? cell
  );
  const paintLevel = (text: string, row: number) =>
    paint(text, colourOf(processes[row]!.level ?? "normal"), style.colour);
  const isExact = processes.some((p) => p.reading?.pssBytes != null);
  const all: (Column | null)[] = [
    { title: "PID", cells: processes.map((p) => String(p.pid)), align: "right" },
    {
      title: "ROLE",
      cells: report.instances.flatMap((i) => drawBranches(i.processes)),
      align: "left",
    },
    report.level === null ? null : {
      title: "LEVEL",
      cells: processes.map((p) => p.level ?? "-"),
      align: "left",
      paint: paintLevel,
    },
    { title: "FOOTPRINT", cells: footprints, align: "right" },
    { title: "RESIDENT", cells: memory((r) => r.residentBytes), align: "right", dropOrder: 2 },
    isExact
      ? { title: "PSS", cells: memory((r) => r.pssBytes), align: "right", dropOrder: 5 }
      : null,
    isExact
      ? { title: "USS", cells: memory((r) => r.ussBytes), align: "right", dropOrder: 6 }
      : null,
    pastOf === null
      ? { title: "PEAK", cells: memory((r) => r.peakBytes), align: "right", dropOrder: 1 }
      : null,
    ...(pastOf === null ? [] : pastColumns(processes.map(pastOf), style)),
    {
      title: "UPTIME",
      cells: processes.map((p) => formatDuration(report.takenAtMs - p.startedAtMs)),
      align: "right",
      dropOrder: 3,
    },
    {
      title: "DIRECTORY",
      cells: rows.map(({ instance, p }) => directoryCell(instance, p, style)),
      align: "left",
      flexible: true,
      dropOrder: 4,
    },
    {
      title: "COMMAND",
      cells: processes.map((p) => commandOf(p, style.width)),
      align: "left",
      flexible: true,
      dropOrder: 7,
    },
  ];
  return all.filter((column) => column !== null);
}

function pastColumns(pasts: readonly Past[], { width }: Style): Column[] {
  const bars = width < WIDE ? BARS.narrow : BARS.wide;
  return [
    {
      title: "PEAK",
      cells: pasts.map(({ peakBytes }) => peakBytes === null ? "-" : formatBytes(peakBytes)),
      align: "right",
      dropOrder: 5,
    },
    {
      title: "TREND",
      cells: pasts.map(({ slope }) => slope === null ? "-" : formatSlope(slope)),
      align: "right",
      dropOrder: 6,
    },
    {
      title: "HISTORY",
      cells: pasts.map(({ history }) => sparkline(history.slice(-bars), bars)),
      align: "left",
      dropOrder: 8,
    },
  ];
}

/** The directory stands once, with the instance's root. */
function directoryCell(instance: ReportInstance, process: ReportProcess, style: Style): string {
  if (process.depth > 0) return "";
  const short = shortDirectory(instance.directory, style.home);
  return cut(short, Number.isFinite(style.width) ? DIRECTORY_WIDTH : Infinity);
}
