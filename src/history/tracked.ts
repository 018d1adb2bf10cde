/** What was tracked as a history: the same charts, whether it was recorded or not. */

import { limitsOf } from "../classify.ts";
import { nameOf, type Readings } from "../follow/series.ts";
import type { HistoryReport, HistorySeries } from "../report/history.ts";
import type { InstanceReport, SeriesReport, TrackReport } from "../report/track.ts";
import { visible } from "../report/harmless.ts";
import type { Machine } from "../types.ts";
import { Course } from "./course.ts";
import { patienceOf } from "./patience.ts";
import { stepFor } from "./step.ts";
import { TotalCourse } from "./total.ts";

/** The history of a tracking. There are no events in it. */
export function trackedHistory(report: TrackReport, machine: Machine): HistoryReport {
  const { toolVersion, host, thresholds, startedAtMs, endedAtMs, looks } = report;
  // The last reading stands for its interval, unless it was cut short.
  const untilMs = report.ended ? endedAtMs : startedAtMs + report.durationMs;
  const stepMs = stepFor(looks, null, endedAtMs - startedAtMs);
  const series = seriesIn(report, stepMs, untilMs);
  return {
    ...{ toolVersion, takenAtMs: endedAtMs, host, thresholds, looks, stepMs },
    ...{ sinceMs: startedAtMs, untilMs },
    total: totalOf(report, stepMs, untilMs),
    instances: report.instances.map((instance) => ({
      ...series(instance, nameOfMain(instance)),
      id: instance.instanceId,
      host: visible(machine.name),
      directory: instance.directory,
      processes: instance.processes.map((process) => ({
        ...series(process, process.name),
        ppid: process.ppid,
        commandLine: process.commandLine,
      })),
    })),
    events: [],
  };
}

function nameOfMain({ pid, processes }: InstanceReport): string {
  return processes.find((process) => process.pid === pid)?.name ?? "";
}

function seriesIn(
  { thresholds, intervalMs }: TrackReport,
  stepMs: number | null,
  untilMs: number,
) {
  return (one: SeriesReport, name: string): HistorySeries => {
    const { pid, role, startedAtMs, readings } = one;
    const course = new Course(limitsOf(thresholds, role), stepMs);
    const times = addAll(course, readings, intervalMs);
    return {
      key: `${one.instanceId}/${nameOf({ pid, started: String(startedAtMs) })}`,
      ...{ pid, role, name, startedAtMs, alerts: 0 },
      firstAtMs: times[0] ?? startedAtMs,
      lastAtMs: times.at(-1) ?? startedAtMs,
      statistics: course.statistics(untilMs),
      points: course.points(),
    };
  };
}

function addAll(course: Course, readings: Readings, intervalMs: number): number[] {
  return Array.from(readings, ({ atMs, footprintBytes: bytes }) => {
    course.add({ atMs, intervalMs, patienceMs: patienceOf(intervalMs) }, bytes);
    return atMs;
  });
}

/** The sum of the instances at each look. */
function totalOf(
  { instances, intervalMs }: TrackReport,
  stepMs: number | null,
  untilMs: number,
): HistoryReport["total"] {
  const sums = new Map<number, number | null>();
  for (const { atMs, footprintBytes } of instances.flatMap((one) => [...one.readings])) {
    const before = sums.get(atMs) ?? null;
    sums.set(atMs, footprintBytes === null ? before : (before ?? 0) + footprintBytes);
  }
  const total = new TotalCourse(stepMs);
  for (const [atMs, bytes] of [...sums].sort(([a], [b]) => a - b)) {
    total.add("", { atMs, intervalMs, patienceMs: patienceOf(intervalMs) }, bytes);
  }
  return total.end(untilMs);
}
