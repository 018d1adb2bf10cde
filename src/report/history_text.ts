/** History for people: what there was, a chart of the total, a table, and what happened. */

import { limitsOf } from "../classify.ts";
import { renderChart, shortTime } from "./chart.ts";
import { colourOf, paint } from "./colour.ts";
import type { HistoryInstance, HistoryReport, HistorySeries } from "./history.ts";
import type { HistoryStyle } from "./history_formats.ts";
import { sparkline } from "./sparkline.ts";
import { type Column, renderTable, wrap } from "./table.ts";
import { formatBytes, formatChange, formatDuration } from "./units.ts";
import { commandOf, count, shortDirectory } from "./words.ts";

/** Stands for what a table has cut. */
const CUT = "\u2026";
const CHART_ROWS = 10;
/** A chart wider than this has more columns than there are points. */
const WIDEST_CHART = 200;
const TREND_WIDTH = 12;
/** Of the longest event that is told of. */
const KIND_WIDTH = 10;
/** In less, what happened stands below when it did. */
const NARROW = 60;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Processes of an instance, and alerts, that are shown; others are counted. */
const MOST_PROCESSES = 8;
const MOST_EVENTS = 12;
const TOLD = new Set(["level", "growth", "duplicates", "stopped", "gone"]);

/** Headline, chart, table, events. */
export function formatHistoryText(report: HistoryReport, style: HistoryStyle): string {
  const lines = headline(report, style);
  if (report.instances.length > 0) {
    lines.push("", ...chart(report, style), "");
    lines.push(...renderTable(columnsOf(report, style), style.width), ...events(report, style));
  }
  const text = lines.join("\n") + "\n";
  return style.isAscii ? text.replaceAll(CUT, "~") : text;
}

function headline(report: HistoryReport, { width }: HistoryStyle): string[] {
  const { instances, total, sinceMs, untilMs, looks, events } = report;
  const time = `From ${fullTime(sinceMs)} to ${fullTime(untilMs)}`;
  if (instances.length === 0) {
    const why = looks === 0
      ? "nothing was recorded. ocmem watch --record records"
      : `nothing that is asked for was running (${count(looks, "look", "looks")})`;
    return wrap(`${time}: ${why}`, width, 0);
  }
  const processes = instances.reduce((sum, one) => sum + one.processes.length, 0);
  const alerts = instances.reduce((sum, one) => sum + one.alerts, 0);
  const peak = total.maxBytes === null
    ? ""
    : `, peak ${formatBytes(total.maxBytes)} at ${fullTime(total.maxAtMs!)}`;
  const gaps = events.filter(({ kind }) => kind === "gap").length;
  const text = `${time}: ${count(instances.length, "instance", "instances")}, ` +
    `${count(processes, "process", "processes")} in ${count(looks, "look", "looks")}${peak}, ` +
    count(alerts, "alert", "alerts") + (gaps > 0 ? `, ${count(gaps, "gap", "gaps")}` : "");
  return wrap(text, width, 0);
}

function fullTime(ms: number): string {
  return `${shortTime(ms, Infinity)} ${shortTime(ms, HOUR_MS)}`;
}

/** Of the total; limits are drawn where the total is one instance's. */
function chart(report: HistoryReport, style: HistoryStyle): string[] {
  const { total: { points }, untilMs, thresholds, instances, events } = report;
  const sinceMs = drawnSince(report);
  const [only, ...others] = instances;
  const limits = only && others.length === 0 ? limitsOf(thresholds, only.role) : null;
  const line = (level: "warning" | "critical") => ({
    bytes: limits![`${level}Bytes`],
    paint: (text: string) => paint(text, colourOf(level), style.colour),
  });
  const lines = renderChart({
    ...{ points, sinceMs, untilMs, rows: CHART_ROWS, isAscii: style.isAscii },
    width: Math.min(style.width, WIDEST_CHART),
    limits: limits ? [line("critical"), line("warning")] : [],
    marks: events.filter(({ isAlert }) => isAlert).map(({ atMs }) => atMs),
  });
  const title = others.length === 0 ? "footprint" : "footprint of all";
  return lines.length === 0 ? [] : [`${" ".repeat(11)}${title}`, ...lines];
}

/** A chart that would be empty for the most part begins where there is something, a minute long at least. */
function drawnSince({ total: { points: [first] }, sinceMs, untilMs }: HistoryReport): number {
  const beginMs = Math.min(first?.[0] ?? sinceMs, untilMs - MINUTE_MS);
  return beginMs - sinceMs > (untilMs - sinceMs) / 2 ? beginMs : sinceMs;
}

interface Row {
  readonly series: HistorySeries | null;
  readonly pid: string;
  readonly label: string;
  readonly what: string;
}

function columnsOf(report: HistoryReport, style: HistoryStyle): Column[] {
  const rows = report.instances.flatMap((one) => rowsOf(one, style));
  const cell = (pick: (series: HistorySeries) => string | null) =>
    rows.map(({ series }) => series === null ? "" : pick(series) ?? "-");
  const bytes = (value: number | null) => value === null ? null : formatBytes(value);
  const time = (ms: number) => ms === 0 ? "" : formatDuration(ms);
  const right = { align: "right" } as const;
  const columns: (Column | null)[] = [
    { title: "PID", cells: rows.map(({ pid }) => pid), ...right },
    { title: "ROLE", cells: rows.map(({ label }) => label), align: "left" },
    { title: "PEAK", cells: cell(({ statistics }) => bytes(statistics.maxBytes)), ...right },
    {
      title: "MEAN",
      cells: cell(({ statistics }) => bytes(statistics.meanBytes)),
      ...right,
      dropOrder: 2,
    },
    { title: "LAST", cells: cell(({ statistics }) => bytes(statistics.lastBytes)), ...right },
    {
      title: "GROWTH",
      cells: cell(({ statistics }) => changeOf(statistics.growthBytes)),
      ...right,
    },
    {
      title: "OVER WARN",
      cells: cell(({ statistics }) => time(statistics.overWarningMs)),
      ...right,
    },
    {
      title: "OVER CRIT",
      cells: cell(({ statistics }) => time(statistics.overCriticalMs)),
      ...right,
    },
    {
      title: "ALERTS",
      cells: cell(({ alerts }) => alerts === 0 ? "" : String(alerts)),
      ...right,
      dropOrder: 3,
    },
    style.isAscii ? null : {
      title: "TREND",
      cells: cell((series) => trendOf(series, report)),
      align: "left",
      dropOrder: 1,
    },
    {
      title: "OF",
      cells: rows.map(({ what }) => what),
      align: "left",
      flexible: true,
      dropOrder: 4,
    },
  ];
  return columns.filter((column) => column !== null).filter(({ title, cells }) =>
    !["OVER WARN", "OVER CRIT", "ALERTS"].includes(title) || cells.some((text) => text !== "")
  );
}

function changeOf(bytes: number | null): string | null {
  return bytes === null ? null : formatChange(bytes);
}

/** Where in the time it was, and how it went. */
function trendOf({ points }: HistorySeries, { sinceMs, untilMs }: HistoryReport): string {
  const values = Array.from({ length: TREND_WIDTH }, (): number | null => null);
  for (const [atMs, bytes] of points) {
    if (bytes === null) continue;
    const at = Math.floor((atMs - sinceMs) / (untilMs - sinceMs) * TREND_WIDTH);
    const i = Math.min(TREND_WIDTH - 1, Math.max(0, at));
    values[i] = Math.max(values[i] ?? 0, bytes);
  }
  return sparkline(values, TREND_WIDTH);
}

/** An instance of several processes has a row of its own, and then the highest of them. */
function rowsOf(instance: HistoryInstance, style: HistoryStyle): Row[] {
  const { processes } = instance;
  const directory = shortDirectory(instance.directory, style.home);
  const shown = processes.length > MOST_PROCESSES + 1
    ? processes.slice(0, MOST_PROCESSES)
    : processes;
  const rows = shown.map((process): Row => ({
    series: process,
    pid: String(process.pid),
    label: process.role,
    what: commandOf(process, style.width),
  }));
  if (processes.length === 1) {
    const place = instance.directory === null ? "" : `${directory}: `;
    return rows.map((row) => ({ ...row, what: place + row.what }));
  }
  const whole = {
    series: instance,
    pid: String(instance.pid),
    label: `${instance.role}, all ${processes.length}`,
    what: directory,
  };
  const left = processes.length - shown.length;
  const others = { series: null, pid: "", label: "", what: `and ${left} smaller ones` };
  return [whole, ...rows.map(below), ...left > 0 ? [below(others)] : []];
}

function below(row: Row): Row {
  return { ...row, label: row.label === "" ? "" : `  ${row.label}` };
}

/** The last alerts, and who is gone. */
function events({ events, sinceMs, untilMs }: HistoryReport, style: HistoryStyle): string[] {
  const told = events.filter(({ kind }) => TOLD.has(kind));
  if (told.length === 0) return [];
  const shown = told.slice(-MOST_EVENTS);
  const before = told.length - shown.length;
  return [
    "",
    ...before > 0 ? [`${count(before, "event", "events")} before these`] : [],
    ...shown.flatMap(({ atMs, kind, message }) => {
      const head = `${shortTime(atMs, untilMs - sinceMs)}  ${kind.padEnd(KIND_WIDTH)}  `;
      if (style.width < NARROW) return [head.trimEnd(), ...wrap(message, style.width, 2)];
      const [first = "", ...rest] = wrap(message, style.width, head.length);
      return [head + first.slice(head.length), ...rest];
    }),
  ];
}
