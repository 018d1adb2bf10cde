/** Courses of readings, by hand. */

import assert from "node:assert/strict";
import { Course, type Hour, HOUR_MS } from "../../src/history/course.ts";
import { pure } from "../support.ts";
import { courseOf, LIMITS, type Reading } from "./courses.ts";

/** A reading each 10 ms, with a patience of 15. */
function at(atMs: number, bytes: number | null): Reading {
  return { atMs, bytes, intervalMs: 10, patienceMs: 15 };
}

const NOTHING = {
  ...{ count: 0, unread: 0, firstBytes: null, lastBytes: null, minBytes: null, maxBytes: null },
  ...{ maxAtMs: null, meanBytes: null, growthBytes: null },
  ...{ coveredMs: 0, overWarningMs: 0, overCriticalMs: 0 },
};

pure("nothing was read: nothing is known, and nothing is 0", () => {
  for (const stepMs of [null, 5]) {
    const course = new Course(LIMITS, stepMs);
    assert.deepEqual(course.statistics(100), NOTHING);
    assert.deepEqual(course.points(), []);
  }
});

pure("what could not be read is counted, and is a hole", () => {
  const course = courseOf([at(0, null), at(10, 5), at(20, null), at(30, 7)], null);
  const { count, unread, minBytes, meanBytes, coveredMs } = course.statistics(40);
  assert.deepEqual([count, unread, minBytes, meanBytes, coveredMs], [2, 2, 5, 6, 20]);
  assert.deepEqual(course.points(), [[0, null], [10, 5], [20, null], [30, 7]]);
});

pure("0 bytes are a reading", () => {
  const course = courseOf([at(0, 0), at(10, 0)], 10);
  const { count, minBytes, maxBytes, meanBytes, maxAtMs } = course.statistics(20);
  assert.deepEqual([count, minBytes, maxBytes, meanBytes, maxAtMs], [2, 0, 0, 0, 0]);
  assert.deepEqual(course.points(), [[0, 0], [10, 0]]);
});

pure(
  "a reading stands until the next one, before a hole for its interval, at the end until then",
  () => {
    // 10 ms, then 10 of 30 ms, then 4 until the end.
    const course = courseOf([at(0, 4), at(10, 12), at(40, 24)], null);
    const { coveredMs, overWarningMs, overCriticalMs, meanBytes } = course.statistics(44);
    assert.deepEqual([coveredMs, overWarningMs, overCriticalMs], [24, 14, 4]);
    assert.equal(meanBytes, Math.round((4 * 10 + 12 * 10 + 24 * 4) / 24));
    assert.deepEqual(course.points(), [[0, 4], [10, 12], [20, null], [40, 24]]);
  },
);

pure("a reading that comes late, but within the patience, leaves no hole", () => {
  const course = courseOf([at(0, 1), at(15, 1), at(31, 1)], null);
  // 15 until the second, 10 before the hole that 16 ms are, 10 at the end.
  assert.equal(course.statistics(100).coveredMs, 35);
  assert.deepEqual(course.points(), [[0, 1], [15, 1], [25, null], [31, 1]]);
});

pure("equal to a limit is not over it", () => {
  const course = courseOf([at(0, LIMITS.warningBytes), at(10, LIMITS.criticalBytes)], null);
  const { overWarningMs, overCriticalMs } = course.statistics(20);
  assert.deepEqual([overWarningMs, overCriticalMs], [10, 0]);
});

pure("the first of several highest readings is the peak", () => {
  assert.equal(courseOf([at(0, 1), at(10, 9), at(20, 9)], null).statistics().maxAtMs, 10);
});

pure("two commands at the same millisecond: the higher one is the point", () => {
  const course = courseOf([at(5, 3), at(5, 8), at(5, null), at(5, 2)], null);
  course.statistics(10);
  assert.deepEqual(course.points(), [[5, 8]]);
});

pure("a step is as high as its highest reading, and a hole between steps is one", () => {
  const course = courseOf([at(0, 1), at(10, 9), at(20, 2), at(100, 3)], 20);
  course.statistics(110);
  // What began at 10 stands until 20, where the next step begins.
  assert.deepEqual(course.points(), [[0, 9], [20, 2], [40, null], [100, 3]]);
});

pure("readings rarer than the steps fill the steps between them", () => {
  const course = courseOf([at(0, 1), at(10, 2)], 2);
  course.statistics(12);
  assert.deepEqual(course.points(), [[0, 1], [2, 1], [4, 1], [6, 1], [8, 1], [10, 2]]);
});

function hour(index: number, rest: Partial<Hour> = {}): Hour {
  const atMs = index * HOUR_MS;
  return {
    ...{ atMs, firstAtMs: atMs, lastAtMs: atMs + HOUR_MS - 60_000, count: 60, unread: 0 },
    ...{ firstBytes: 1, lastBytes: 2, minBytes: 1, maxBytes: 9, maxAtMs: atMs + 5, meanBytes: 4 },
    ...{ growthBytes: 1, coveredMs: HOUR_MS, overWarningMs: 0, overCriticalMs: 0 },
    ...rest,
  };
}

pure("hours are added up, each weighted by how long it was looked at", () => {
  const course = new Course(LIMITS, HOUR_MS);
  course.addHour(hour(0, { meanBytes: 2, overWarningMs: 7 }));
  course.addHour(hour(1, { meanBytes: 8, coveredMs: HOUR_MS / 2, lastBytes: 6, overWarningMs: 3 }));
  const found = course.statistics();
  assert.deepEqual([found.count, found.meanBytes, found.growthBytes], [120, 4, 5]);
  assert.deepEqual([found.coveredMs, found.overWarningMs], [1.5 * HOUR_MS, 10]);
});

pure("an hour in which nothing could be read adds that, and nothing else", () => {
  const course = new Course(LIMITS, HOUR_MS);
  const unread = { firstBytes: null, lastBytes: null, minBytes: null, maxBytes: null };
  course.addHour(
    hour(0, { ...unread, maxAtMs: null, meanBytes: null, count: 0, unread: 60, coveredMs: 0 }),
  );
  assert.deepEqual(course.statistics(), { ...NOTHING, unread: 60 });
  assert.deepEqual(course.points(), []);
});

pure("of an hour, the steps in which it was there are as high as its peak", () => {
  const course = new Course(LIMITS, HOUR_MS / 4);
  const firstAtMs = HOUR_MS + HOUR_MS / 4;
  course.addHour(hour(1, { firstAtMs, lastAtMs: firstAtMs + 60_000, coveredMs: HOUR_MS / 4 }));
  course.statistics();
  assert.deepEqual(course.points(), [[firstAtMs, 9]]);
});

pure("a reading that came late into an hour of which only a row is left raises its step", () => {
  const course = new Course(LIMITS, HOUR_MS);
  course.addHour(hour(0));
  course.addHour(hour(2));
  course.add({ atMs: 100, intervalMs: 10, patienceMs: 15 }, 33);
  course.add({ atMs: HOUR_MS + 100, intervalMs: 10, patienceMs: 15 }, 44);
  assert.equal(course.statistics().maxBytes, 44);
  assert.deepEqual(course.points(), [[0, 33], [HOUR_MS, 44], [2 * HOUR_MS, 9]]);
});

pure(
  "of an hour with a hole, the steps from its first to its last reading; else, as long as those stand",
  () => {
    const stepsOf = (rest: Partial<Hour>) => {
      const course = new Course(LIMITS, HOUR_MS / 4);
      course.addHour(hour(0, { firstAtMs: 0, ...rest }));
      course.statistics();
      return course.points().length;
    };
    assert.equal(stepsOf({ lastAtMs: HOUR_MS * 0.7, coveredMs: 60_000 }), 3);
    assert.equal(stepsOf({ lastAtMs: HOUR_MS * 0.3, coveredMs: HOUR_MS * 0.7 }), 3);
    assert.equal(stepsOf({ lastAtMs: 0, coveredMs: 0 }), 1);
  },
);

pure("a time that ends before the last reading takes nothing from what stood before", () => {
  assert.equal(courseOf([at(0, 5), at(10, 5)], null).statistics(5).coveredMs, 10);
});
