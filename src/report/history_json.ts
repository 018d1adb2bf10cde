/** History as JSON: one document, also what pages are made from. */

import type {
  HistoryInstance,
  HistoryProcess,
  HistoryReport,
  HistorySeries,
  HistoryStatistics,
} from "./history.ts";
import { isoTime, jsonFrame, type JsonObject, jsonThresholds } from "./json.ts";

/** One JSON document on one line, and a line break: points are many. */
export function formatHistoryJson(report: HistoryReport): string {
  const { instances, total, events } = report;
  const document = {
    ...jsonFrame(report, "history"),
    thresholds: jsonThresholds(report.thresholds),
    since: isoTime(report.sinceMs),
    until: isoTime(report.untilMs),
    looks: report.looks,
    step_ms: report.stepMs,
    totals: {
      instances: instances.length,
      processes: instances.reduce((sum, one) => sum + one.processes.length, 0),
      alerts: instances.reduce((sum, one) => sum + one.alerts, 0),
      peak_bytes: total.maxBytes,
      peak_at: timeOrNull(total.maxAtMs),
      points: total.points,
    },
    instances: instances.map(jsonInstance),
    events: events.map((event) => event.json),
  };
  return JSON.stringify(document) + "\n";
}

function jsonInstance(instance: HistoryInstance): JsonObject {
  const { key, id, host, pid, role, name, directory, processes } = instance;
  return {
    ...{ key, id, host, pid, role, name, cwd: directory },
    ...jsonSeries(instance),
    processes: processes.map(jsonProcess),
  };
}

function jsonProcess(process: HistoryProcess): JsonObject {
  const { key, pid, ppid, role, name, commandLine } = process;
  return { ...{ key, pid, ppid, role, name, command_line: commandLine }, ...jsonSeries(process) };
}

function jsonSeries(series: HistorySeries): JsonObject {
  return {
    started_at: isoTime(series.startedAtMs),
    first_at: isoTime(series.firstAtMs),
    last_at: isoTime(series.lastAtMs),
    stats: jsonStatistics(series.statistics, series.alerts),
    points: series.points,
  };
}

function jsonStatistics(statistics: HistoryStatistics, alerts: number): JsonObject {
  return {
    count: statistics.count,
    unread: statistics.unread,
    first_bytes: statistics.firstBytes,
    last_bytes: statistics.lastBytes,
    min_bytes: statistics.minBytes,
    max_bytes: statistics.maxBytes,
    max_at: timeOrNull(statistics.maxAtMs),
    mean_bytes: statistics.meanBytes,
    growth_bytes: statistics.growthBytes,
    covered_ms: statistics.coveredMs,
    over_warning_ms: statistics.overWarningMs,
    over_critical_ms: statistics.overCriticalMs,
    alerts,
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
