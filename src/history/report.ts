/** A time of a history as a report: courses of what is asked for, made harmless. */

import { limitsOf } from "../classify.ts";
import { visible } from "../report/harmless.ts";
import type {
  HistoryInstance,
  HistoryProcess,
  HistoryReport,
  HistorySeries,
  PastQuery,
} from "../report/history.ts";
import { type Role, ROLES } from "../types.ts";
import { Courses, nameOfSubject, type Open, type OpenInstance } from "./courses.ts";
import { readEvents, type ToldEvent } from "./events.ts";
import type { History } from "./open.ts";
import { Reader } from "./read.ts";
import type { SeriesRow } from "./series.ts";
import { stepFor } from "./step.ts";

/** What does not come from the history. */
export type HistoryFrame = Pick<HistoryReport, "toolVersion" | "takenAtMs" | "host" | "thresholds">;

/** Reads a time of these histories together. Throws a DatabaseError. */
export function readHistory(
  histories: readonly History[],
  query: PastQuery,
  frame: HistoryFrame,
): HistoryReport {
  const { sinceMs, untilMs } = query;
  const reader = new Reader(histories, sinceMs, untilMs);
  const { firstHourMs } = reader;
  // Where an hour is left of what was read, all of the time is drawn.
  const hoursMs = firstHourMs === null ? null : untilMs - firstHourMs;
  const stepMs = stepFor(reader.length, hoursMs, reader.extentMs);
  const courses = new Courses({
    isWanted: (series) => isAsked(query, series),
    limitsOf: (series) => limitsOf(frame.thresholds, roleOf(series)),
    stepMs,
  });
  for (const peak of reader.peaks) courses.addPeak(peak);
  for (const hour of reader.hours()) courses.addHour(hour);
  for (const look of reader.looks()) courses.addLook(look);
  const { total, instances } = courses.end(untilMs);
  const shown = new Set(
    instances.flatMap(({ whole, processes }) => [whole, ...processes])
      .map(({ row }) => nameOfSubject(row)),
  );
  const told = readEvents(reader.events())
    // Of who was watched long ago events alone may be left.
    .filter(({ series }) =>
      series === null || shown.has(nameOfSubject(series)) || isAsked(query, series)
    );
  const alerts = alertsOf(told);
  return {
    ...frame,
    ...{ sinceMs, untilMs, looks: reader.length, stepMs, total },
    instances: highestFirst(instances.map((one) => instanceOf(one, untilMs, alerts))),
    events: told.map(({ event }) => event),
  };
}

/** Whether a process is asked for, or all processes of an instance. */
function isAsked({ pids, roles, projects }: PastQuery, series: SeriesRow): boolean {
  const instance = series.instance ?? series;
  const isPid = pids.length === 0 || (!series.isInstance && pids.includes(series.pid));
  const isRole = roles.length === 0 || roles.includes(series.role) || roles.includes(instance.role);
  const isProject = projects.length === 0 ||
    projects.some((project) => isBelow(instance.directory, project));
  return isPid && isRole && isProject;
}

function isBelow(directory: string | null, project: string): boolean {
  const folder = project.replace(/\/$/, "");
  return directory === folder || directory?.startsWith(`${folder}/`) === true;
}

/** How many alerts there were about each: those about a process are about its instance, too. */
type Alerts = ReadonlyMap<string, number>;

function alertsOf(told: readonly ToldEvent[]): Alerts {
  const alerts = new Map<string, number>();
  for (const { series } of told.filter(({ event }) => event.isAlert)) {
    for (const about of [series, series?.instance]) {
      if (!about) continue;
      const name = nameOfSubject(about);
      alerts.set(name, (alerts.get(name) ?? 0) + 1);
    }
  }
  return alerts;
}

function instanceOf(
  { whole, processes }: OpenInstance,
  untilMs: number,
  alerts: Alerts,
): HistoryInstance {
  const { row } = whole;
  return {
    ...seriesOf(whole, untilMs, alerts),
    id: `${row.pid}-${visible(row.started)}`,
    host: visible(row.host),
    directory: row.directory === null ? null : visible(row.directory),
    processes: highestFirst(processes.map((process) => processOf(process, untilMs, alerts))),
  };
}

function processOf(open: Open, untilMs: number, alerts: Alerts): HistoryProcess {
  const { row } = open;
  return {
    ...seriesOf(open, untilMs, alerts),
    ppid: row.ppid,
    commandLine: row.commandLine?.map(visible) ?? null,
  };
}

function seriesOf(
  { row, course, firstAtMs, lastAtMs }: Open,
  untilMs: number,
  alerts: Alerts,
): HistorySeries {
  return {
    key: visible(row.key),
    pid: row.pid,
    role: roleOf(row),
    name: visible(row.name),
    startedAtMs: row.startedAtMs,
    firstAtMs,
    lastAtMs,
    statistics: course.statistics(untilMs),
    alerts: alerts.get(nameOfSubject(row)) ?? 0,
    points: course.points(),
  };
}

/** A later ocmem may know more roles. */
function roleOf({ role }: SeriesRow): Role {
  return ROLES.find((one) => one === role) ?? "unknown";
}

function highestFirst<T extends HistorySeries>(series: T[]): T[] {
  const highest = (one: T) => one.statistics.maxBytes ?? -1;
  return series.sort((a, b) => highest(b) - highest(a));
}
