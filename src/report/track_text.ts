/** Tracking for people: who grows, then a table, with the statistics of each row below it. */

import type { Ended, SeriesStatistics } from "../follow/series.ts";
import { limitsOf } from "../classify.ts";
import { writeDuration } from "../durations.ts";
import { sayAhead } from "./ahead.ts";
import { paint } from "./colour.ts";
import type { Style } from "./report.ts";
import { sparkline } from "./sparkline.ts";
import { type Column, renderTable, wrap } from "./table.ts";
import type {
  InstanceReport,
  ProcessReport,
  SeriesReport,
  TrackFormat,
  TrackReport,
} from "./track.ts";
import { saySessionTracked } from "./track_session.ts";
import { drawBranches } from "./tree.ts";
import { formatBytes, formatChange, formatDuration, formatSlope } from "./units.ts";
import { commandOf, count, shortDirectory } from "./words.ts";

const ENDED: Readonly<Record<Ended, string>> = {
  gone: "it has ended",
  reused: "it has ended, and another process has its pid",
  left: "it runs on, but is no longer what was to be tracked",
  interrupted: "tracking was interrupted",
};
const TREND_WIDTH = 16;
/** The statistics of a row stand below it, indented as far as its role. */
const DETAIL_INDENT = 7;
const NO_BREAK = "\u00a0";
/** SGR parameter (ECMA-48): faint. */
const FAINT = "2";

export const TRACK_TEXT: TrackFormat = {
  streams: false,
  begin: () => "",
  look: () => "",
  end: (report, style) => {
    const lines = [...headline(report, style), ...held(report, style), ...growing(report, style)];
    if (report.instances.length > 0) lines.push("", ...table(report, style));
    return lines.join("\n") + "\n";
  },
};

function headline(report: TrackReport, { width }: Style): string[] {
  const { instances, looks, intervalMs, durationMs, ended, startedAtMs, endedAtMs } = report;
  const processes = instances.reduce((sum, one) => sum + one.processes.length, 0);
  const text = `Tracked ${count(processes, "process", "processes")} in ` +
    `${count(instances.length, "instance", "instances")} for ` +
    `${ended ? formatDuration(endedAtMs - startedAtMs) : writeDuration(durationMs)}: ${
      count(looks, "look", "looks")
    }` +
    `, one every ${writeDuration(intervalMs)}` + (ended ? `; ${ENDED[ended]}` : "");
  return wrap(text, width, 0);
}

/** Which session that is about. */
function held({ session }: TrackReport, { width }: Style): string[] {
  return session === null ? [] : wrap(saySessionTracked(session), width, 2);
}

/** A sentence for each process that surely grows. */
function growing({ instances, thresholds }: TrackReport, { width }: Style): string[] {
  return instances.flatMap((one) => one.processes).flatMap(({ pid, role, statistics }) => {
    const ahead = statistics && sayAhead(statistics, limitsOf(thresholds, role));
    if (!ahead) return [];
    const { slope, low, high } = statistics!.trend!;
    const text = `${pid} (${role}) grows: ${formatSlope(slope)} ` +
      `(${formatSlope(low)} to ${formatSlope(high)}), ${ahead}`;
    return wrap(text, width, 2);
  });
}

interface TableRow {
  readonly series: SeriesReport;
  readonly label: string;
  readonly what: string;
}

function table(report: TrackReport, style: Style): string[] {
  const rows = report.instances.flatMap((one) => rowsOfInstance(one, style));
  const cell = (pick: (statistics: SeriesStatistics) => string | null) =>
    rows.map(({ series }) => (series.statistics && pick(series.statistics)) ?? "-");
  const columns: Column[] = [
    { title: "PID", cells: rows.map(({ series }) => String(series.pid)), align: "right" },
    { title: "ROLE", cells: rows.map((row) => row.label), align: "left" },
    { title: "LAST", cells: cell((s) => formatBytes(s.values.last)), align: "right" },
    { title: "GROWTH", cells: cell((s) => formatChange(s.growthBytes)), align: "right" },
    {
      title: "SLOPE",
      cells: cell((s) => s.trend && formatSlope(s.trend.slope)),
      align: "right",
    },
    {
      title: "TREND",
      cells: rows.map(({ series }) => {
        const values = Array.from(series.readings, (entry) => entry.footprintBytes);
        return sparkline(values, TREND_WIDTH);
      }),
      align: "left",
      dropOrder: 2,
    },
    {
      title: "OF",
      cells: rows.map((row) => row.what),
      align: "left",
      flexible: true,
      dropOrder: 1,
    },
  ];
  const [titles = "", ...lines] = renderTable(columns, style.width);
  return [
    titles,
    ...lines.flatMap((line, i) => [line, ...details(rows[i]!.series, style)]),
  ];
}

/** An instance of several processes has a row of its own, with their total and where it runs. */
function rowsOfInstance(instance: InstanceReport, style: Style): TableRow[] {
  const { processes } = instance;
  const directory = shortDirectory(instance.directory, style.home);
  const labels = drawBranches(processes);
  const rows = processes.map((process: ProcessReport, i) => ({
    series: process,
    label: labels[i]!,
    what: commandOf(process, style.width),
  }));
  if (processes.length > 1) {
    return [{ series: instance, label: `total of ${processes.length}`, what: directory }, ...rows];
  }
  const place = instance.directory === null ? "" : `${directory}: `;
  return rows.map((row) => ({ ...row, what: place + row.what }));
}

function details(
  { statistics, readings, ended }: SeriesReport,
  { width, colour }: Style,
): string[] {
  const parts = [count(statistics?.values.count ?? 0, "reading", "readings")];
  const unread = readings.length - (statistics?.values.count ?? 0);
  if (unread > 0) parts.push(`${unread} unread`);
  if (statistics) {
    const { values, trend } = statistics;
    const { first, min, max, mean, median, p95, stdev } = values;
    const named = { first, min, max, mean, median, p95, stdev };
    for (const [name, value] of Object.entries(named)) {
      if (value !== null) parts.push(`${name} ${formatBytes(Math.round(value))}`);
    }
    if (trend) parts.push(`slope ${formatSlope(trend.low)} to ${formatSlope(trend.high)}`);
  }
  if (ended) parts.push(ENDED[ended]);
  // Lines break between the parts, not within them.
  const text = parts.map((part) => part.replaceAll(" ", NO_BREAK)).join(", ");
  return wrap(text, width, DETAIL_INDENT)
    .map((line) => paint(line.replaceAll(NO_BREAK, " "), FAINT, colour));
}
