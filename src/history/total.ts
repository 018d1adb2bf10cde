/** The total of all that is shown, over a time; of several machines, the sum of their totals. Pure. */

import type { HistoryPoint, HistoryReport } from "../report/history.ts";
import { Course, type ReadingTime } from "./course.ts";
import type { HourTotal } from "./hour_total.ts";

/** Nothing is compared with a total. */
const NO_LIMITS = { warningBytes: Infinity, criticalBytes: Infinity } as const;

export class TotalCourse {
  readonly #stepMs: number | null;
  readonly #hosts = new Map<string, Course>();

  constructor(stepMs: number | null) {
    this.#stepMs = stepMs;
  }

  /** Adds what all of a machine is together. null: nothing of it could be read. */
  add(host: string, time: ReadingTime, bytes: number | null): void {
    this.#of(host).add(time, bytes);
  }

  /** Adds what is left of an hour. To be called before its later readings. */
  addHour(host: string, total: HourTotal): void {
    const { firstAtMs, lastAtMs, meanBytes, maxBytes, maxAtMs } = total;
    this.#of(host).addHour({
      ...{ atMs: firstAtMs, firstAtMs, lastAtMs, count: 1, unread: 0, coveredMs: total.coveredMs },
      ...{ firstBytes: meanBytes, lastBytes: meanBytes, minBytes: meanBytes, meanBytes },
      ...{ maxBytes, maxAtMs, growthBytes: 0, overWarningMs: 0, overCriticalMs: 0 },
    });
  }

  end(untilMs: number): HistoryReport["total"] {
    const courses = [...this.#hosts.values()].map((course) => {
      const { maxBytes, maxAtMs } = course.statistics(untilMs);
      return { maxBytes, maxAtMs, points: course.points() };
    });
    const [first = { maxBytes: null, maxAtMs: null, points: [] }, ...others] = courses;
    return others.length === 0 ? first : together(courses.map(({ points }) => points));
  }

  #of(host: string): Course {
    const course = this.#hosts.get(host) ?? new Course(NO_LIMITS, this.#stepMs);
    this.#hosts.set(host, course);
    return course;
  }
}

/** The sum of what each of several courses is at every time of any of them. */
function together(courses: readonly (readonly HistoryPoint[])[]): HistoryReport["total"] {
  const times = [...new Set(courses.flatMap((points) => points.map(([atMs]) => atMs)))]
    .sort((a, b) => a - b);
  const next = courses.map(() => 0);
  const now: (number | null)[] = courses.map(() => null);
  let [maxBytes, maxAtMs]: [number | null, number | null] = [null, null];
  const points = times.map((atMs): HistoryPoint => {
    for (const [i, course] of courses.entries()) {
      for (let point = course[next[i]!]; point && point[0] <= atMs; point = course[++next[i]!]) {
        now[i] = point[1];
      }
    }
    const known = now.filter((bytes) => bytes !== null);
    if (known.length === 0) return [atMs, null];
    const bytes = known.reduce((sum, one) => sum + one, 0);
    if (maxBytes === null || bytes > maxBytes) [maxBytes, maxAtMs] = [bytes, atMs];
    return [atMs, bytes];
  });
  return { maxBytes, maxAtMs, points };
}
