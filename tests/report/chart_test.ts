/** The chart of characters, to the character. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type ChartPlan, renderChart, shortTime } from "../../src/report/chart.ts";
import type { HistoryPoint } from "../../src/report/history.ts";
import { GIB } from "../fake.ts";
import { live, pure } from "../support.ts";

const HOUR = 3_600_000;
/** Local, so that the axis says the same in every time zone. */
const BEGIN = new Date(2026, 0, 2, 10, 0).getTime();

function plan(points: readonly HistoryPoint[], rest: Partial<ChartPlan> = {}): ChartPlan {
  return {
    ...{ points, sinceMs: BEGIN, untilMs: BEGIN + 8 * HOUR, width: 11 + 16, rows: 4 },
    ...{ isAscii: false, limits: [], marks: [] },
    ...rest,
  };
}

/** A point each half hour: a column of the chart. */
function halfHours(...gib: readonly (number | null)[]): HistoryPoint[] {
  return gib.map((value, i) => [BEGIN + i * HOUR / 2, value === null ? null : value * GIB]);
}

const STAIRS = halfHours(0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4, null, 1, 1, 1, 1);

pure("columns are as high as values, to an eighth of a line", () => {
  // A line is 1 GiB: 1.5 GiB fills the lowest, and half of the next.
  assert.deepEqual(renderChart(plan(STAIRS)), [
    "    4 GiB ┤        ▄██",
    "          │      ▄████",
    "    2 GiB ┤    ▄██████",
    "          │ ▂▄████████ ████",
    "          └───────────·────",
    "           10:00      18:00",
  ]);
});

pure("ASCII alone where the locale is not UTF-8: three heights of a line", () => {
  const lines = renderChart(plan(STAIRS, { isAscii: true, marks: [BEGIN + 5 * HOUR] }));
  assert.deepEqual(lines, [
    "    4 GiB +        :##",
    "          |      :####",
    "    2 GiB +    :######",
    "          | .:######## ####",
    "          +----------- ----",
    "                     ^",
    "           10:00      18:00",
  ]);
});

pure("a hole is told from nothing", () => {
  const lines = renderChart(plan(halfHours(0, 0, null, null, 1, 0, null)));
  assert.equal(lines.at(-2), "          └──··──··········");
});

pure(
  "a point stands until the next one, the last as long as the one before; the highest of a column counts",
  () => {
    const points: HistoryPoint[] = [
      [BEGIN, GIB],
      [BEGIN + 2 * HOUR, 4 * GIB],
      [BEGIN + 2 * HOUR + 1, 2 * GIB],
      [BEGIN + 4 * HOUR, 0],
    ];
    assert.deepEqual(renderChart(plan(points)).slice(0, 5), [
      "    4 GiB ┤    █",
      "          │    █",
      "    2 GiB ┤    ████",
      "          │████████",
      "          └────────────····",
    ]);
  },
);

pure("limits are lines with their own label, unless they are far above", () => {
  const limit = (gib: number) => ({ bytes: gib * GIB, paint: (text: string) => `<${text}>` });
  const lines = renderChart(plan(halfHours(2, 2, 2, 2), { limits: [limit(3), limit(1)] }));
  assert.match(lines[0]!, /^ {4}3 GiB ┤(?:<╌>){16}$/);
  assert.match(lines.find((line) => line.startsWith("    1 GiB"))!, /┤████(?:<╌>){12}$/);
  const far = renderChart(plan(halfHours(2, 2), { limits: [limit(3.1)] }));
  assert.ok(far.every((line) => !line.includes("<")));
});

pure("nothing known, or no room, is no chart", () => {
  assert.deepEqual(renderChart(plan([])), []);
  assert.deepEqual(renderChart(plan(halfHours(null, null))), []);
  assert.deepEqual(renderChart(plan(STAIRS, { width: 18 })), []);
  // All 0 is known.
  assert.equal(renderChart(plan(halfHours(0, 0))).length, 6);
});

pure("no line is wider than asked for, whatever the points", () => {
  const point = fc.tuple(
    fc.integer({ min: BEGIN - HOUR, max: BEGIN + 9 * HOUR }),
    fc.option(fc.integer({ min: 0, max: 2 ** 50 })),
  );
  fc.assert(fc.property(
    fc.array(point, { maxLength: 40 }),
    fc.integer({ min: 0, max: 200 }),
    fc.boolean(),
    fc.array(fc.integer({ min: BEGIN - HOUR, max: BEGIN + 9 * HOUR }), { maxLength: 3 }),
    (points, width, isAscii, marks) => {
      const sorted = points.toSorted(([a], [b]) => a - b);
      const limits = [{ bytes: GIB, paint: (text: string) => text }];
      for (const line of renderChart(plan(sorted, { width, isAscii, marks, limits }))) {
        assert.ok(line.length <= width, line);
        assert.equal(line, line.trimEnd());
        if (isAscii) assert.match(line, /^[\x20-\x7e]*$/);
      }
    },
  ));
});

live("times are local, and say as much as the time needs", {}, () => {
  const at = new Date(2026, 2, 7, 9, 5, 3).getTime();
  assert.equal(shortTime(at, 60_000), "09:05:03");
  assert.equal(shortTime(at, HOUR), "09:05");
  assert.equal(shortTime(at, 24 * HOUR), "09:05");
  assert.equal(shortTime(at, 25 * HOUR), "03-07 09:05");
  assert.equal(shortTime(at, 100 * HOUR), "2026-03-07");
});
