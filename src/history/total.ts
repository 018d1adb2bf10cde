/** The total of all that is shown, over a time; of several machines, the sum of their totals. Pure. */

import type { HistoryPoint, HistoryReport } from "../report/history.ts";
import { Course, type Hour, type Reading } from "./course.ts";

/** Nothing is compared with a total. */
const NO_LIMITS = { warningBytes: Infinity, criticalBytes: Infinity } as const;

export class TotalCourse {
  readonly #stepMs: number | null;
  readonly #hosts = new Map<string, Course>();
  /** Hours of several series are added up before they are one. */
  readonly #hours = new Map<string, Map<number, number>>();

  constructor(stepMs: number | null) {
    this.#stepMs = stepMs;
  }

  add(host: string, reading: Reading): void {
    this.#settleHours();
    this.#of(host).add(reading);
  }

  /** Means are added up: highest values were not at the same time. */
  addHour(host: string, { atMs, meanBytes }: Hour): void {
    if (meanBytes === null) return;
    const hours = this.#hours.get(host) ?? new Map<number, number>();
    this.#hours.set(host, hours);
    hours.set(atMs, (hours.get(atMs) ?? 0) + meanBytes);
  }

  end(untilMs: number): HistoryReport["total"] {
    this.#settleHours();
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

  #settleHours(): void {
    for (const [host, hours] of this.#hours) {
      for (const [atMs, bytes] of hours) this.#of(host).addHour(hourOf(atMs, Math.round(bytes)));
    }
    this.#hours.clear();
  }
}

/** An hour of which only its mean is known. */
function hourOf(atMs: number, bytes: number): Hour {
  return {
    ...{ atMs, count: 1, unread: 0, coveredMs: 0, overWarningMs: 0, overCriticalMs: 0 },
    ...{ firstBytes: bytes, lastBytes: bytes, minBytes: bytes, maxBytes: bytes, maxAtMs: atMs },
    ...{ meanBytes: bytes, growthBytes: null },
  };
}

/** The sum of what each of several courses is at every time of any of them. */
function together(courses: readonly (readonly HistoryPoint[])[]): HistoryReport["total"] {
  const times = [...new Set(courses.flat().map(([atMs]) => atMs))].sort((a, b) => a - b);
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
