/** Any looks, put into the model one by one, against the statistics of all of them at once. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readHistory } from "../../src/page/client/history.js";
import { mergeLook } from "../../src/page/client/merge.js";
import { pure } from "../support.ts";
import {
  coursesOf,
  documentOf,
  INTERVAL_MS,
  MiB,
  pointsOf,
  PROCESSES,
  type Seen,
  START,
  summaryOf,
} from "./documents.ts";
import { messageOf } from "./messages.ts";

const bytes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3000 * MiB }) },
  // Limits themselves, which are not over the limit, and the same value twice.
  { weight: 2, arbitrary: fc.constantFrom(200 * MiB, 300 * MiB, 1024 * MiB, 2048 * MiB) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constant(undefined) },
);
/** A look comes an interval after the one before it, a little late, or after a gap. */
const look = fc.record({
  lateMs: fc.integer({ min: 0, max: 900 }),
  gapMs: fc.option(fc.integer({ min: 2 * INTERVAL_MS, max: 90 * INTERVAL_MS }), { freq: 6 }),
  bytes: fc.array(bytes, { minLength: PROCESSES.length, maxLength: PROCESSES.length }),
});
const story = fc.record({
  looks: fc.array(look, { minLength: 1, maxLength: 14 }),
  /** So many looks are in the document, and so much time after the last of them. */
  known: fc.nat({ max: 14 }),
  afterMs: fc.integer({ min: 0, max: INTERVAL_MS }),
}).map(({ looks, known, afterMs }) => {
  let at = START;
  const seen = looks.map(({ lateMs, gapMs, bytes }, i): Seen => {
    at += i === 0 ? 0 : gapMs ?? INTERVAL_MS + lateMs;
    return { at, isGap: i > 0 && gapMs !== null, bytes };
  });
  return { seen, known: Math.min(known, seen.length), afterMs };
});

function merged({ seen, known, afterMs }: { seen: Seen[]; known: number; afterMs: number }) {
  const first = seen.slice(0, known);
  const until = (first.at(-1)?.at ?? START) + (known < seen.length ? afterMs : 0);
  const model = readHistory(documentOf(first, { until }));
  for (const one of seen.slice(known)) assert.equal(mergeLook(model, messageOf(one)), true);
  return model;
}

pure("looks one by one give the statistics of all of them at once", () => {
  fc.assert(
    fc.property(story, (told) => {
      const model = merged(told);
      const until = told.seen.at(-1)!.at;
      for (const course of coursesOf(told.seen)) {
        const line = lineOf(model, course.who.pid, course.isInstance);
        const expected = summaryOf(course, told.seen, until);
        if (line === undefined) {
          assert.equal(expected.count + expected.unread, 0);
          continue;
        }
        const { mean_bytes, ...others } = line.stats;
        const { mean_bytes: mean, ...rest } = expected;
        assert.deepEqual(others, rest);
        // The document's mean is rounded to a byte.
        assert.ok(Math.abs((mean_bytes ?? -1) - (mean ?? -1)) <= 2, `${mean_bytes} is ${mean}`);
      }
    }),
    { numRuns: 400 },
  );
});

pure("looks one by one give the points of all of them at once", () => {
  fc.assert(
    fc.property(story, (told) => {
      const model = merged(told);
      for (const course of coursesOf(told.seen)) {
        const line = lineOf(model, course.who.pid, course.isInstance);
        const points = line?.times.map((at, i) => [at, line.values[i]]) ?? [];
        // Where the document ends, nobody knows yet whether a hole follows: there, the stream tells it.
        const expected = pointsOf(course, told.seen);
        assert.deepEqual(withoutEnd(points), withoutEnd(expected));
      }
    }),
    { numRuns: 400 },
  );
});

/** What has ended may end in a null or not: a line stops there either way. */
function withoutEnd(points: readonly (readonly (number | null | undefined)[])[]) {
  return points.at(-1)?.[1] === null ? points.slice(0, -1) : points;
}

function lineOf(model: ReturnType<typeof readHistory>, pid: number, isInstance: boolean) {
  const all = isInstance ? model.instances : model.instances.flatMap(({ children }) => children);
  return all.find(({ about }) => about.pid === pid);
}
