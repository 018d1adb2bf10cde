/** A time of a history as a report: courses of what is asked for, made harmless. */

import { limitsOf } from "../classify.ts";
import { visible } from "../report/harmless.ts";
import type {
  HistoryEvent,
  HistoryInstance,
  HistoryProcess,
  HistoryReport,
  HistorySeries,
} from "../report/history.ts";
import { type Role, ROLES, type Thresholds } from "../types.ts";
import type { Database } from "../world.ts";
import { isAlert, readEvents, type ToldEvent } from "./events.ts";
import { Course } from "./course.ts";
import { type LookRow, Reader, type SeriesRow } from "./read.ts";
import { stepFor } from "./step.ts";
import { TotalCourse } from "./total.ts";

/** What part of the past is asked for. */
export interface PastQuery {
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Only these, where there are any: pids of processes, … */
  readonly pids: readonly number[];
  /** … roles of processes or of their instances, … */
  readonly roles: readonly string[];
  /** … directories that instances run in or below. */
  readonly projects: readonly string[];
}

/** What does not come from the history. */
export type HistoryFrame = Pick<HistoryReport, "toolVersion" | "takenAtMs" | "host" | "thresholds">;

/** A series while it is read. */
interface Open {
  readonly row: SeriesRow;
  readonly course: Course;
  firstAtMs: number;
  lastAtMs: number;
}

/** Reads a time of these databases together. Throws a DatabaseError. */
export function readHistory(
  databases: readonly Database[],
  query: PastQuery,
  frame: HistoryFrame,
): HistoryReport {
  const { sinceMs, untilMs } = query;
  const reader = new Reader(databases, sinceMs, untilMs);
  const hours = reader.hours();
  // Where an hour is left of what was read, all of the time is drawn.
  const stepMs = stepFor(
    reader.length,
    hours.length > 0 ? untilMs - hours[0]!.atMs : null,
    reader.extentMs,
  );
  const past = new Past(query, frame.thresholds, stepMs);
  for (const { series, ...hour } of hours) past.addHour(series, hour);
  for (const look of reader.looks()) past.addLook(look);
  const told = readEvents(reader.events());
  const instances = past.instances(told);
  const shown = new Set(instances.flatMap((one) => [one.key, ...one.processes.map((p) => p.key)]));
  return {
    ...frame,
    sinceMs,
    untilMs,
    looks: reader.length,
    stepMs,
    total: past.total.end(untilMs),
    instances,
    events: told.filter((one) => one.series === null || shown.has(one.series.key))
      .map(({ event }): HistoryEvent => event),
  };
}

class Past {
  readonly total: TotalCourse;
  readonly #query: PastQuery;
  readonly #thresholds: Thresholds;
  readonly #stepMs: number | null;
  readonly #instances = new Map<string, Open>();
  readonly #processes = new Map<string, Open>();
  /** Rows by key: a process may come before its instance. */
  readonly #rows = new Map<string, SeriesRow>();

  constructor(query: PastQuery, thresholds: Thresholds, stepMs: number | null) {
    this.#query = query;
    this.#thresholds = thresholds;
    this.#stepMs = stepMs;
    this.total = new TotalCourse(stepMs);
  }

  addHour(row: SeriesRow, hour: Parameters<Course["addHour"]>[0]): void {
    this.#meet(row);
    this.#touch(row, hour.atMs).course.addHour(hour);
    if (!row.isInstance && this.#isWanted(row)) this.total.addHour(row.host, hour);
  }

  addLook({ atMs, intervalMs, patienceMs, host, samples }: LookRow): void {
    for (const { series } of samples) this.#meet(series);
    let sum: number | null = samples.length === 0 ? 0 : null;
    for (const { series, bytes } of samples) {
      this.#touch(series, atMs).course.add({ atMs, bytes, intervalMs, patienceMs });
      if (bytes !== null && !series.isInstance && this.#isWanted(series)) sum = (sum ?? 0) + bytes;
    }
    this.total.add(host, { atMs, bytes: sum, intervalMs, patienceMs });
  }

  /** Those that are asked for, the highest first. */
  instances(told: readonly ToldEvent[]): HistoryInstance[] {
    const { untilMs } = this.#query;
    const processes = [...this.#processes.values()].filter(({ row }) => this.#isWanted(row));
    const found = [...this.#instances.values()].map((open): HistoryInstance => {
      const { row } = open;
      const own = processes.filter((process) => process.row.instance === row.key);
      return {
        ...seriesOf(open, untilMs, told.filter(({ series }) => isOf(series, row))),
        id: `${row.pid}-${visible(row.started)}`,
        host: visible(row.host),
        directory: row.directory === null ? null : visible(row.directory),
        processes: highestFirst(own.map((process) => processOf(process, untilMs, told))),
      };
    });
    return highestFirst(found.filter((one) => one.processes.length > 0));
  }

  #meet(row: SeriesRow): void {
    if (row.isInstance) this.#rows.set(row.key, row);
  }

  #touch(row: SeriesRow, atMs: number): Open {
    const all = row.isInstance ? this.#instances : this.#processes;
    let open = all.get(row.key);
    if (open === undefined) {
      const course = new Course(limitsOf(this.#thresholds, roleOf(row)), this.#stepMs);
      open = { row, course, firstAtMs: atMs, lastAtMs: atMs };
      all.set(row.key, open);
    }
    open.lastAtMs = atMs;
    return open;
  }

  #isWanted(row: SeriesRow): boolean {
    const { pids, roles, projects } = this.#query;
    const instance = this.#rows.get(row.instance ?? "");
    const isPid = pids.length === 0 || pids.includes(row.pid);
    const isRole = roles.length === 0 || roles.includes(row.role) ||
      (instance !== undefined && roles.includes(instance.role));
    const isProject = projects.length === 0 ||
      projects.some((project) => isBelow(instance?.directory ?? null, project));
    return isPid && isRole && isProject;
  }
}

function isBelow(directory: string | null, project: string): boolean {
  return directory === project || directory?.startsWith(`${project.replace(/\/$/, "")}/`) === true;
}

/** Whether something is about an instance: itself, or one of its processes. */
function isOf(series: SeriesRow | null, instance: SeriesRow): boolean {
  return series?.key === instance.key || series?.instance === instance.key;
}

function processOf(open: Open, untilMs: number, told: readonly ToldEvent[]): HistoryProcess {
  const { row } = open;
  const about = told.filter(({ series }) => series?.key === row.key && !series.isInstance);
  return {
    ...seriesOf(open, untilMs, about),
    ppid: row.ppid,
    commandLine: row.commandLine?.map(visible) ?? null,
  };
}

function seriesOf(
  { row, course, firstAtMs, lastAtMs }: Open,
  untilMs: number,
  about: readonly ToldEvent[],
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
    alerts: about.filter(isAlert).length,
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
