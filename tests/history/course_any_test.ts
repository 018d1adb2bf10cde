/** Any readings, against a plain reference. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Course, HOUR_MS } from "../../src/history/course.ts";
import { pure } from "../support.ts";
import { anyReadings, courseOf, LIMITS, type Reading, standing } from "./courses.ts";

/** After the last reading, before its interval is over, or before it. */
const until = fc.integer({ min: 0, max: 500 });

function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

pure("statistics of any readings are what stands at each millisecond", () => {
  fc.assert(
    fc.property(anyReadings, until, (readings, moreMs) => {
      const untilMs = (readings.at(-1)?.atMs ?? 0) + moreMs;
      const found = courseOf(readings, null).statistics(untilMs);
      const known = readings.map(({ bytes }) => bytes).filter((bytes) => bytes !== null);
      const standings = standing(readings, untilMs).filter((bytes) => bytes !== null);
      const max = known.length > 0 ? Math.max(...known) : null;
      const mean = standings.length > 0
        ? sum(standings) / standings.length
        : sum(known) / known.length;
      assert.deepEqual(found, {
        count: known.length,
        unread: readings.length - known.length,
        firstBytes: known[0] ?? null,
        lastBytes: known.at(-1) ?? null,
        minBytes: known.length > 0 ? Math.min(...known) : null,
        maxBytes: max,
        maxAtMs: readings.find(({ bytes }) => bytes !== null && bytes === max)?.atMs ?? null,
        meanBytes: known.length > 0 ? Math.round(mean) : null,
        growthBytes: known.length > 0 ? known.at(-1)! - known[0]! : null,
        coveredMs: standings.length,
        overWarningMs: standings.filter((bytes) => bytes > LIMITS.warningBytes).length,
        overCriticalMs: standings.filter((bytes) => bytes > LIMITS.criticalBytes).length,
      });
    }),
    { numRuns: 3000 },
  );
});

pure(
  "each step of any readings holds the highest that stands in it, and none where nothing does",
  () => {
    fc.assert(
      fc.property(anyReadings, fc.integer({ min: 1, max: 40 }), (readings, stepMs) => {
        const course = courseOf(readings, stepMs);
        course.statistics();
        const expected = new Map<number, number>();
        const raise = (ms: number, bytes: number | null) => {
          if (bytes === null) return;
          const at = Math.floor(ms / stepMs) * stepMs;
          expected.set(at, Math.max(expected.get(at) ?? 0, bytes));
        };
        standing(readings, 2000).forEach((bytes, ms) => raise(ms, bytes));
        // One that another one follows at once stands for no time, and is a peak all the same.
        for (const { atMs, bytes } of readings) raise(atMs, bytes);
        const points = course.points();
        assert.deepEqual(new Map(points.filter(([, bytes]) => bytes !== null)), expected);
        // A hole begins where a step ends and no other one begins, unless it is the last.
        const ends = [...expected.keys()].map((at) => at + stepMs).filter((at) =>
          !expected.has(at)
        );
        assert.deepEqual(
          points.filter(([, bytes]) => bytes === null).map(([at]) => at),
          ends.sort((a, b) => a - b).slice(0, -1),
        );
        assert.ok(
          points.every(([at], i) => i === 0 || at > points[i - 1]![0]),
          "in the order of time",
        );
      }),
      { numRuns: 3000 },
    );
  },
);

pure("without steps each reading is a point, and a hole begins where one stands no more", () => {
  fc.assert(
    fc.property(anyReadings, (readings) => {
      const course = courseOf(readings, null);
      const lastMs = readings.at(-1)?.atMs ?? 0;
      course.statistics(lastMs);
      const points = course.points();
      const at = (ms: number) => points.findLast(([atMs]) => atMs <= ms)?.[1] ?? null;
      // Of what one command could read and another one could not in the very same moment, nothing is said.
      const times = (isRead: boolean) =>
        readings.filter(({ bytes }) => (bytes !== null) === isRead).map(({ atMs }) => atMs);
      fc.pre(times(true).every((ms) => !times(false).includes(ms)));
      const highest = new Map<number, number | null>();
      for (const { atMs, bytes } of readings) {
        highest.set(
          atMs,
          bytes === null ? highest.get(atMs) ?? null : Math.max(highest.get(atMs) ?? 0, bytes),
        );
      }
      for (const [atMs, bytes] of highest) assert.equal(at(atMs), bytes, `at ${atMs}`);
      // Between readings a line stands as long as its reading does.
      standing(readings, lastMs).forEach((bytes, ms) => {
        if (bytes === null) assert.equal(at(ms), null, `at ${ms}`);
      });
      assert.ok(
        points.every(([at], i) => i === 0 || at > points[i - 1]![0]),
        "in the order of time",
      );
    }),
    { numRuns: 3000 },
  );
});

/** The same readings, but a minute for each millisecond: hours of them. */
function inMinutes(readings: readonly Reading[]): Reading[] {
  return readings.map(({ bytes, ...times }) => ({
    atMs: times.atMs * 60_000,
    bytes,
    intervalMs: times.intervalMs * 60_000,
    patienceMs: times.patienceMs * 60_000,
  }));
}

/** Hours of readings, each with when the next one after it came. */
function byHour(readings: readonly Reading[]): [hour: number, readings: Reading[]][] {
  return [...Map.groupBy(readings, ({ atMs }) => Math.floor(atMs / HOUR_MS))];
}

pure("hours in the place of their readings say the same", () => {
  fc.assert(
    fc.property(anyReadings, fc.nat(9), (short, thinned) => {
      const readings = inMinutes(short);
      const all = courseOf(readings, HOUR_MS);
      const course = new Course(LIMITS, HOUR_MS);
      for (const [hour, own] of byHour(readings)) {
        if (hour >= thinned) {
          for (const { bytes, ...time } of own) course.add(time, bytes);
          continue;
        }
        const part = courseOf(own, HOUR_MS);
        const next = readings.find(({ atMs }) => atMs >= (hour + 1) * HOUR_MS);
        if (next) part.settle(next.atMs);
        const times = { firstAtMs: own[0]!.atMs, lastAtMs: own.at(-1)!.atMs };
        course.addHour({ atMs: hour * HOUR_MS, ...times, ...part.statistics() });
      }
      const { meanBytes, ...expected } = all.statistics();
      const { meanBytes: mean, ...found } = course.statistics();
      assert.deepEqual(found, expected);
      assert.ok(
        meanBytes === mean || Math.abs(meanBytes! - mean!) <= 1,
        `${mean}, not ${meanBytes}`,
      );
      const peaks = (points: readonly (readonly [number, number | null])[]) =>
        Math.max(-1, ...points.map(([, bytes]) => bytes ?? -1));
      assert.equal(peaks(course.points()), peaks(all.points()), "no step hides a peak");
    }),
    { numRuns: 2000 },
  );
});
