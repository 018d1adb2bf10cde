/** The report of `show` as one JSON document. */

import type { MemoryPart } from "../detail.ts";
import {
  isoTime,
  jsonFrame,
  jsonInstance,
  type JsonObject,
  jsonProcess,
  jsonThresholds,
  seconds,
} from "./json.ts";
import type { ProcessPast, ShownStanding, ShowReport } from "./show.ts";

const MS_PER_HOUR = 3_600_000;

export function showAsJson(report: ShowReport): string {
  const { instance, ports, parts, standing, past } = report;
  const document = {
    ...jsonFrame(report, "show"),
    thresholds: jsonThresholds(report.thresholds),
    exit_code: 0,
    process: jsonProcess(report.process),
    uptime_ms: report.uptimeMs,
    cwd: report.directory,
    instance: { ...jsonInstance(instance), processes: instance.processes.map(jsonProcess) },
    ancestors: report.ancestors.map(({ pid, name }) => ({ pid, name })),
    memory_parts: parts && parts.map(jsonPart),
    memory_parts_missing: report.partsMissing,
    ports: ports && ports.map(({ address, port }) => ({ address, port })),
    standing: standing && jsonStanding(standing),
    trend: past && jsonPast(past),
    resume: report.resume,
    notes: report.notes,
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function jsonPart({ kind, bytes, inFootprint }: MemoryPart): JsonObject {
  return { kind, bytes, in_footprint: inFootprint };
}

function jsonStanding(standing: ShownStanding): JsonObject {
  return {
    pid: standing.pid,
    has_terminal: standing.hasTerminal,
    is_service: standing.isService,
    opencode_pid: standing.opener?.pid ?? null,
    conclusion: standing.conclusion,
    evidence: standing.evidence.map(({ kind, detail }) => ({ kind, detail })),
  };
}

function jsonPast({ firstAtMs, lastAtMs, statistics, trend, ...ahead }: ProcessPast): JsonObject {
  const perHour = (slope: number | undefined) =>
    slope === undefined ? null : Math.round(slope * MS_PER_HOUR);
  return {
    since: isoTime(firstAtMs),
    until: isoTime(lastAtMs),
    count: statistics.count,
    unread: statistics.unread,
    first_bytes: statistics.firstBytes,
    last_bytes: statistics.lastBytes,
    min_bytes: statistics.minBytes,
    max_bytes: statistics.maxBytes,
    mean_bytes: statistics.meanBytes,
    growth_bytes: statistics.growthBytes,
    slope_bytes_per_hour: perHour(trend?.slope),
    slope_low_bytes_per_hour: perHour(trend?.low),
    slope_high_bytes_per_hour: perHour(trend?.high),
    seconds_to_warning: seconds(ahead.msToWarning),
    seconds_to_critical: seconds(ahead.msToCritical),
  };
}
