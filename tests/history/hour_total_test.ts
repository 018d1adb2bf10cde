/** What all processes were together in hours of which only rows are left. */

import assert from "node:assert/strict";
import { type Hour, HOUR_MS } from "../../src/history/course.ts";
import { HourTotals } from "../../src/history/hour_total.ts";
import type { SeriesRow } from "../../src/history/series.ts";
import { pure } from "../support.ts";

function whole(who: string, rest: Partial<SeriesRow> = {}): SeriesRow {
  return {
    ...{
      key: who,
      who,
      isInstance: true,
      isAlone: false,
      instance: null,
      host: "h",
      pid: 1,
      ppid: 0,
    },
    ...{ started: "s", startedAtMs: 0, role: "tui", name: "n", directory: null, commandLine: null },
    ...rest,
  };
}

function part(who: string, instance: SeriesRow): SeriesRow {
  return { ...whole(who), isInstance: false, instance, isAlone: instance.isAlone };
}

function hour(meanBytes: number, maxBytes: number, maxAtMs: number, coveredMs = HOUR_MS): Hour {
  return {
    ...{ atMs: 0, firstAtMs: 0, lastAtMs: HOUR_MS - 1, count: 60, unread: 0, coveredMs },
    ...{ firstBytes: 1, lastBytes: 1, minBytes: 1, growthBytes: 0, meanBytes, maxBytes, maxAtMs },
    ...{ overWarningMs: 0, overCriticalMs: 0 },
  };
}

type Row = readonly [SeriesRow, Hour, isWanted?: boolean];

function totalsOf(...rows: readonly Row[]) {
  const totals = new HourTotals();
  for (const [series, hour, isWanted = true] of rows) totals.add(series, hour, isWanted);
  return totals.take().map((
    [, { meanBytes, maxBytes, maxAtMs }],
  ) => [meanBytes, maxBytes, maxAtMs]);
}

const [A, B] = [whole("a"), whole("b")];

pure("of one instance, its own peak is that of the total: nothing is thinned out of it", () => {
  assert.deepEqual(
    totalsOf([A, hour(120, 900, 7)], [part("a", A), hour(100, 500, 5)], [
      part("c", A),
      hour(20, 450, 6),
    ]),
    [[120, 900, 7]],
  );
});

pure("of several, the highest peak and what all others were on average", () => {
  const rows: Row[] = [
    [A, hour(100, 500, 5)],
    [part("a", A), hour(100, 500, 5)],
    [B, hour(10, 450, 6)],
    [part("b", B), hour(10, 450, 6)],
  ];
  assert.deepEqual(totalsOf(...rows), [[110, 550, 6]]);
});

pure("who was there for a short time counts for that time", () => {
  const short = HOUR_MS / 60;
  const children = Array.from(
    { length: 10 },
    (_, i) => [part(`c${i}`, A), hour(600, 600, i, short)] as const,
  );
  // Ten children, one after the other, a minute each.
  assert.deepEqual(
    totalsOf([A, hour(200, 710, 3)], [part("a", A), hour(100, 110, 1)], ...children),
    [[200, 710, 3]],
  );
});

pure("of what is asked for, its own peak", () => {
  const rows = [[A, hour(120, 900, 7), false], [part("a", A), hour(100, 500, 5), false]] as const;
  assert.deepEqual(totalsOf(...rows, [part("c", A), hour(20, 450, 6)]), [[20, 450, 6]]);
  assert.deepEqual(totalsOf(...rows), []);
});

pure("a process that was asked for by its pid, too, is counted once", () => {
  const alone = whole("c", { isAlone: true });
  const rows: Row[] = [
    [A, hour(120, 900, 7)],
    [part("a", A), hour(100, 500, 5)],
    [part("c", A), hour(20, 450, 6)],
    [alone, hour(30, 800, 8, 60_000)],
    [part("c", alone), hour(30, 800, 8, 60_000)],
  ];
  assert.deepEqual(totalsOf(...rows), [[120, 900, 7]]);
});

pure("nothing stood for any time: the mean of what was read", () => {
  assert.deepEqual(totalsOf([A, hour(5, 9, 1, 0)], [part("a", A), hour(5, 9, 1, 0)]), [[5, 9, 1]]);
});
