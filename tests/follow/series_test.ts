import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Entry,
  fateOf,
  nameOf,
  Readings,
  statisticsOf,
  totalOf,
} from "../../src/follow/series.ts";
import type { Missing, Thresholds } from "../../src/types.ts";
import { pure } from "../support.ts";
import { looked, rowOf, seen } from "./looks.ts";

const LIMITS: Thresholds = { warningBytes: 1000, criticalBytes: 2000, scope: "process" };

function readingsOf(entries: readonly Entry[]): Readings {
  const readings = new Readings();
  for (const entry of entries) readings.add(entry);
  return readings;
}

/** A reading every second. */
function everySecond(values: readonly (number | Missing)[]): Readings {
  return readingsOf(values.map((value, i) => ({
    atMs: 1_000_000 + i * 1000,
    elapsedMs: i * 1000,
    footprintBytes: typeof value === "number" ? value : null,
    missing: typeof value === "number" ? null : value,
  })));
}

const missing = fc.constantFrom<Missing>("gone", "denied", "zombie", "unsupported");
const entry = fc.tuple(
  fc.record({ atMs: fc.nat(2 ** 45), elapsedMs: fc.double({ min: 0, max: 1e12, noNaN: true }) }),
  fc.oneof(
    fc.nat(2 ** 52).map((footprintBytes) => ({ footprintBytes, missing: null })),
    missing.map((missing) => ({ footprintBytes: null, missing })),
    fc.constant({ footprintBytes: null, missing: null }),
  ),
).map(([times, read]): Entry => ({ ...times, ...read }));

pure("any readings come out as they went in, those that are missing too", () => {
  fc.assert(fc.property(fc.array(entry), (entries) => {
    const readings = readingsOf(entries);
    assert.equal(readings.length, entries.length);
    assert.deepEqual([...readings], entries);
    assert.deepEqual([...readings], entries, "once more");
    const known = entries.filter((e) => e.footprintBytes !== null);
    assert.deepEqual([...readings.known()], known);
  }));
});

pure("statistics are of what was read, by its times", () => {
  const found = statisticsOf(everySecond([100, "denied", 300, 400, "denied", 600]), LIMITS)!;
  const { values, growthBytes, trend } = found;
  assert.deepEqual([values.count, values.min, values.max, values.median], [4, 100, 600, 350]);
  assert.deepEqual([values.first, values.last, growthBytes], [100, 600, 500]);
  assert.ok(Math.abs(trend!.slope * 1000 - 100) < 1e-9, "100 a second, whatever is missing");
  assert.equal(statisticsOf(everySecond([]), LIMITS), null);
  assert.equal(statisticsOf(everySecond(["denied", "gone"]), LIMITS), null);
  const one = statisticsOf(everySecond([7]), LIMITS)!;
  assert.deepEqual([one.values.stdev, one.trend, one.growthBytes], [null, null, 0]);
});

pure("slopes are by the clock that stands while the machine sleeps", () => {
  const entries = [0, 1, 2, 3, 4, 5, 6, 7].map((i): Entry => ({
    atMs: i * 1000 + (i > 3 ? 8 * 3_600_000 : 0),
    elapsedMs: i * 1000,
    footprintBytes: i * 10,
    missing: null,
  }));
  const { trend, msToWarning, msToCritical } = statisticsOf(readingsOf(entries), LIMITS)!;
  assert.ok(Math.abs(trend!.slope * 1000 - 10) < 1e-9);
  assert.equal(Math.round(msToWarning!), 93_000);
  assert.equal(Math.round(msToCritical!), 193_000);
});

pure("projections: 0 over the limit, null where growth is not sure", () => {
  const ahead = (values: readonly number[]) => {
    const { msToWarning, msToCritical } = statisticsOf(everySecond(values), LIMITS)!;
    return [msToWarning, msToCritical];
  };
  assert.deepEqual(ahead([1001]), [0, null]);
  assert.deepEqual(ahead([1000]), [null, null]);
  assert.deepEqual(ahead([3000, 2500, 2001]), [0, 0]);
  assert.deepEqual(ahead([5, 5, 5, 5, 5, 5, 5]), [null, null]);
  assert.deepEqual(ahead([70, 60, 50, 40, 30, 20, 10]), [null, null]);
});

pure("what has ended has nothing ahead; what goes on, or was cut short, has", () => {
  const rising = everySecond([10, 20, 30, 40, 50, 60]);
  for (const ended of ["gone", "reused"] as const) {
    const { msToWarning, msToCritical, growthBytes } = statisticsOf(rising, LIMITS, ended)!;
    assert.deepEqual([msToWarning, msToCritical, growthBytes], [null, null, 50]);
  }
  for (const ended of [null, "interrupted", "left"] as const) {
    assert.ok(statisticsOf(rising, LIMITS, ended)!.msToCritical! > 0);
  }
});

pure("what became of a process is told by the row that has its pid now", () => {
  const process = seen(5, 1);
  const { key } = rowOf(process);
  assert.equal(fateOf(key, undefined), "gone");
  assert.equal(fateOf(key, rowOf({ ...process, memory: "zombie" })), "gone");
  assert.equal(fateOf(key, rowOf({ ...process, started: "later" })), "reused");
  assert.equal(fateOf(key, rowOf({ ...process, started: "later", memory: "zombie" })), "reused");
  assert.equal(fateOf(key, rowOf(process)), "left");
  assert.equal(nameOf(key), "5-s");
});

pure("a total is of what could be read; none if all has ended", () => {
  const total = (...memory: (number | Missing)[]) =>
    totalOf(looked(memory.map((one, i) => seen(i + 1, one))));
  assert.deepEqual(total(1, 20, 300), { footprintBytes: 321, missing: null });
  assert.deepEqual(total(1, "denied", "gone", 300), { footprintBytes: 301, missing: null });
  assert.deepEqual(total(0, "zombie"), { footprintBytes: 0, missing: null });
  assert.deepEqual(total("denied", "gone"), { footprintBytes: null, missing: "denied" });
  assert.deepEqual(total("zombie", "unsupported"), {
    footprintBytes: null,
    missing: "unsupported",
  });
  assert.equal(total("zombie", "gone"), null);
});
