/** History documents, their statistics computed from all readings at once. */

import type { Happening, HistoryDocument, Point } from "../../src/page/client/history.js";
import type { Stats } from "../../src/page/client/stats.js";

/** A look: what each process held. Null: it could not be read; undefined: it was not there. */
export interface Seen {
  readonly at: number;
  readonly isGap?: boolean;
  /** By pid, in the order of PROCESSES. */
  readonly bytes: readonly (number | null | undefined)[];
}

export interface Who {
  readonly instance: number;
  readonly pid: number;
  readonly role: string;
  readonly name: string;
}

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;
export const START = Date.UTC(2026, 10, 25, 6, 0, 0);
export const INTERVAL_MS = 60_000;

export const HOSTILE_NAME = "<img src=x onerror=alert(1)>";
export const HOSTILE_CWD = "/tmp/</script><script>alert(2)</script>";

/** Two instances: one of three processes, and one of two. */
export const PROCESSES: readonly Who[] = [
  { instance: 4000, pid: 4000, role: "tui", name: "opencode" },
  { instance: 4000, pid: 4001, role: "child", name: "node" },
  { instance: 4000, pid: 4002, role: "child", name: HOSTILE_NAME },
  { instance: 5000, pid: 5000, role: "server", name: "opencode" },
  { instance: 5000, pid: 5001, role: "child", name: "gopls" },
];

export const THRESHOLDS = {
  warning_bytes: 1 * GiB,
  critical_bytes: 2 * GiB,
  scope: "process",
  roles: { child: { warning_bytes: 200 * MiB, critical_bytes: 300 * MiB } },
};

/** What each process and each instance held at each look at which it was there. */
export interface Course {
  readonly who: Who;
  readonly isInstance: boolean;
  /** By look; undefined: it was not there. */
  readonly bytes: readonly (number | null | undefined)[];
}

export function coursesOf(
  looks: readonly Seen[],
  processes: readonly Who[] = PROCESSES,
): Course[] {
  const mains = processes.filter(({ instance, pid }) => instance === pid);
  const single = processes.map((who, i) => ({
    who,
    isInstance: false,
    bytes: looks.map(({ bytes }) => bytes[i]),
  }));
  const whole = mains.map((who) => {
    const own = single.filter((one) => one.who.instance === who.pid);
    const bytes = looks.map((_, i) => totalOf(own.map((one) => one.bytes[i])));
    return { who, isInstance: true, bytes };
  });
  return [...whole, ...single];
}

/** The sum of them; undefined if nobody is there, null if nobody could be read. */
export function totalOf(bytes: readonly (number | null | undefined)[]): number | null | undefined {
  const there = bytes.filter((one) => one !== undefined);
  if (there.length === 0) return undefined;
  const known = there.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** The statistics of a course, and its points, from all looks at once. */
export function summaryOf(course: Course, looks: readonly Seen[], until: number): Stats {
  const limits = course.who.role === "child" ? THRESHOLDS.roles.child : THRESHOLDS;
  const readings = looks.flatMap(({ at }, i) => {
    const bytes = course.bytes[i];
    if (typeof bytes !== "number") return [];
    const next = looks[i + 1];
    const goesOn = next !== undefined && !next.isGap && course.bytes[i + 1] !== undefined;
    const passed = (next?.at ?? until) - at;
    return [{ at, bytes, stands: goesOn ? passed : Math.min(passed, INTERVAL_MS) }];
  });
  const values = readings.map((one) => one.bytes);
  const sum = (of: (one: typeof readings[number]) => number) =>
    readings.reduce((total, one) => total + of(one), 0);
  const max = values.length > 0 ? Math.max(...values) : null;
  const covered = sum((one) => one.stands);
  const highest = readings.find(({ bytes }) => bytes === max);
  return {
    count: values.length,
    unread: course.bytes.filter((one) => one === null).length,
    first_bytes: values[0] ?? null,
    last_bytes: values.at(-1) ?? null,
    min_bytes: values.length > 0 ? Math.min(...values) : null,
    max_bytes: max,
    max_at: highest ? new Date(highest.at).toISOString() : null,
    mean_bytes: values.length === 0
      ? null
      : covered > 0
      ? Math.round(sum((one) => one.bytes * one.stands) / covered)
      : values[0]!,
    growth_bytes: values.length > 0 ? values.at(-1)! - values[0]! : null,
    covered_ms: covered,
    over_warning_ms: sum((one) => one.bytes > limits.warning_bytes ? one.stands : 0),
    over_critical_ms: sum((one) => one.bytes > limits.critical_bytes ? one.stands : 0),
    alerts: 0,
  };
}

/** Its points: a reading each, and a null where it stops standing before it is seen again. */
export function pointsOf(course: Course, looks: readonly Seen[]): Point[] {
  const points: Point[] = [];
  let left: number | null = null;
  looks.forEach(({ at, isGap }, i) => {
    const bytes = course.bytes[i];
    const wasThere = i > 0 && course.bytes[i - 1] !== undefined;
    const before = points.at(-1);
    if (before && typeof before[1] === "number" && wasThere && (isGap || bytes === undefined)) {
      left = Math.min(before[0] + INTERVAL_MS, at);
    }
    if (bytes === undefined) return;
    if (left !== null && left < at) points.push([left, null]);
    left = null;
    points.push([at, bytes]);
  });
  return points;
}

/** The document of some looks. */
export function documentOf(
  looks: readonly Seen[],
  {
    until = looks.at(-1)?.at ?? START,
    events = [] as readonly Happening[],
    processes = PROCESSES,
  } = {},
): HistoryDocument {
  const courses = coursesOf(looks, processes);
  const seriesOf = (course: Course) => {
    const there = looks.filter((_, i) => course.bytes[i] !== undefined);
    if (there.length === 0) return [];
    const { pid, role, name } = course.who;
    return [{
      key: `${pid}-17@6f2c`,
      ...{ pid, role, name },
      started_at: iso(START - 5000),
      first_at: iso(there[0]!.at),
      last_at: iso(there.at(-1)!.at),
      stats: summaryOf(course, looks, until),
      points: pointsOf(course, looks),
    }];
  };
  const instances = courses.filter(({ isInstance }) => isInstance).flatMap((course) =>
    seriesOf(course).map((series) => ({
      ...series,
      id: `${course.who.pid}-17`,
      host: "mybox",
      cwd: course.who.pid === 5000 ? HOSTILE_CWD : "/home/ann/web",
      processes: courses.filter(({ isInstance, who }) =>
        !isInstance && who.instance === course.who.pid
      ).flatMap((one) =>
        seriesOf(one).map((each) => ({
          ...each,
          ppid: 1,
          command_line: [one.who.name, "--stdio"],
        }))
      ).sort(byPeak),
    }))
  ).sort(byPeak);
  const totals = looks.map(({ at, bytes }): Point => [at, totalOf(bytes) ?? 0]);
  const peak = totals.reduce<Point | null>((a, b) => a && a[1]! >= b[1]! ? a : b, null);
  return {
    tool: { version: "0.1.0" },
    taken_at: iso(until),
    host: { os: "linux", arch: "x86_64" },
    thresholds: THRESHOLDS,
    since: iso(looks[0]?.at ?? START),
    until: iso(until),
    looks: looks.length,
    step_ms: null,
    totals: {
      alerts: 0,
      peak_bytes: peak?.[1] ?? null,
      peak_at: peak ? iso(peak[0]) : null,
      points: totals,
    },
    instances,
    events,
  };
}

function byPeak(
  a: { stats: { max_bytes: number | null } },
  b: { stats: { max_bytes: number | null } },
): number {
  return (b.stats.max_bytes ?? -1) - (a.stats.max_bytes ?? -1);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
