/** Readings, and what a plain reference makes of them: it goes through the time millisecond by millisecond. */

import fc from "fast-check";
import { Course } from "../../src/history/course.ts";

/** A reading with how long it may stand for. */
export interface Reading {
  readonly atMs: number;
  readonly bytes: number | null;
  readonly intervalMs: number;
  readonly patienceMs: number;
}

export const LIMITS = { warningBytes: 10, criticalBytes: 20 } as const;

/** The course of these readings. */
export function courseOf(readings: readonly Reading[], stepMs: number | null): Course {
  const course = new Course(LIMITS, stepMs);
  for (const { bytes, ...time } of readings) course.add(time, bytes);
  return course;
}

/** Readings of one to three commands, each with its interval, at any times, with any bytes around the limits. */
export const anyReadings: fc.Arbitrary<Reading[]> = fc.array(
  fc.record({
    intervalMs: fc.integer({ min: 1, max: 30 }),
    slackMs: fc.integer({ min: 0, max: 20 }),
    firstMs: fc.integer({ min: 0, max: 60 }),
    readings: fc.array(
      fc.record({
        // Most come in time, some late, some with one of another command.
        lateMs: fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 60 })),
        bytes: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 6 }),
      }),
      { maxLength: 12 },
    ),
  }),
  { minLength: 1, maxLength: 3 },
).map((commands) => {
  const slowest = Math.max(...commands.map(({ intervalMs, slackMs }) => intervalMs + slackMs));
  const all = commands.flatMap(({ intervalMs, firstMs, readings }) => {
    let atMs = firstMs;
    return readings.map(({ lateMs, bytes }): Reading => {
      atMs += Math.max(0, intervalMs + lateMs);
      return { atMs, bytes, intervalMs, patienceMs: slowest };
    });
  });
  return all.sort((a, b) => a.atMs - b.atMs);
});

/** What stands at each millisecond from 0 to `untilMs`: null if nothing does, or it could not be read. */
export function standing(readings: readonly Reading[], untilMs: number): (number | null)[] {
  return Array.from({ length: Math.max(0, untilMs) }, (_, ms) => {
    const i = readings.findLastIndex(({ atMs }) => atMs <= ms);
    const [reading, next] = [readings[i], readings[i + 1]];
    if (reading === undefined) return null;
    const { atMs, bytes, intervalMs, patienceMs } = reading;
    const isFollowed = next !== undefined && next.atMs - atMs <= patienceMs;
    return isFollowed || ms < atMs + intervalMs ? bytes : null;
  });
}
