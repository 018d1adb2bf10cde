/** A child that takes memory at a known rate: slopes, projections and its end as they really are. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, type Actor, castAs, NEEDS } from "./actor.ts";
import { linesOf, ocmem, ocmemStarted, type TrackDocument } from "./command_line.ts";
import { Children } from "./processes.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Bytes a second. */
const RATE = 20 * MIB;
const RATE_PER_MINUTE = 60 * RATE;
/** So far away that projections are 15 minutes and more, of which rounding to a second is nothing. */
const LIMITS = { warning: 18 * GIB, critical: 20 * GIB } as const;
/** Where half of the readings lie: what grows in 50 ms. */
const SCATTER_BYTES = MIB;

async function withGrowing(body: (actor: Actor) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  await body(await act(children, castAs(`${folder.path}/actor`), { growth: RATE }));
}

function assertNear(what: string, value: number, expected: number, share: number): void {
  const off = value / expected - 1;
  assert(Math.abs(off) <= share, `${what}: ${value} is ${off * 100}% off ${expected}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Readings and their times fit together: all but outliers lie on one line of the known slope. */
function assertOnLine(readings: readonly { at: string; footprint_bytes?: number | null }[]): void {
  const offsets = readings.map(({ at, footprint_bytes }) =>
    footprint_bytes! - RATE * (Date.parse(at) - Date.parse(readings[0]!.at)) / 1000
  );
  const middle = median(offsets);
  const scatter = median(offsets.map((offset) => Math.abs(offset - middle)));
  assert(scatter <= SCATTER_BYTES, `half of the readings are more than ${scatter} bytes off`);
}

live("track measures the rate of a child that takes 20 MiB a second", NEEDS, async () => {
  await withGrowing(async ({ pid }) => {
    const how = ["--duration", "4s", "--interval", "100ms", "--json"];
    const { code, stdout, stderr } = await ocmem("track", "--pid", `${pid}`, ...how);
    assert.deepEqual([code, stderr], [0, ""]);
    const document: TrackDocument = JSON.parse(stdout);
    assert.deepEqual([document.planned, document.looks, document.ended], [40, 40, null]);
    assert.equal(document.series.length, 1);
    const [{ stats, readings, unread, ended, ...series }] = document.series as [
      TrackDocument["series"][number],
    ];
    assert.deepEqual([series.pid, unread, ended], [pid, 0, null]);
    assert.deepEqual([stats.count, readings.length], [40, 40]);
    assertNear("slope", stats.slope_bytes_per_minute!, RATE_PER_MINUTE, 0.05);
    const values = readings.map((reading) => reading.footprint_bytes!);
    const [first, last] = [values[0]!, values.at(-1)!];
    assert.deepEqual([stats.first_bytes, stats.last_bytes], [first, last]);
    assert.deepEqual([stats.min_bytes, stats.max_bytes], [
      Math.min(...values),
      Math.max(...values),
    ]);
    assert.equal(stats.growth_bytes, last - first);
    // No reading comes before its time: each is due at a multiple of the interval.
    const begin = Date.parse(document.taken_at);
    const times = readings.map((reading) => Date.parse(reading.at));
    assert(times.every((at, i) => i === 0 || at >= times[i - 1]!), "times in order");
    // Two clocks, each of whole milliseconds.
    assert(times.every((at, i) => at >= begin + i * 100 - 2), "times on the grid");
    assert(times.at(-1)! <= Date.parse(document.ended_at), "times before the end");
    assertOnLine(readings);
  });
});

live(
  "watch suspects a leak, says when the limits are reached, and ends with the child",
  NEEDS,
  async () => {
    await withGrowing(async ({ pid, child }) => {
      await using watch = ocmemStarted([
        ...["watch", "--pid", `${pid}`, "--interval", "100ms", "--growth", "2s"],
        ...["--warning", `${LIMITS.warning}`, "--critical", `${LIMITS.critical}`],
        ...["--format", "ndjson"],
      ]);
      const growth = await watch.record(/"event":"growth"/);
      await child.end();
      const { code, stdout, stderr } = await watch.outcome();
      assert.deepEqual([code, stderr], [0, ""]);

      const lines = linesOf(stdout);
      // A machine that stalls for seconds makes gaps.
      const all = lines.filter((line) => line.type === "event");
      const events = all.filter((line) => line.event !== "gap");
      assert.deepEqual(events.map((line) => [line.event, line.pid]), [
        ["found", pid],
        ["growth", pid],
        ["gone", pid],
      ]);
      assertNear("slope", growth.slope_bytes_per_minute!, RATE_PER_MINUTE, 0.05);
      for (const name of ["warning", "critical"] as const) {
        const expected = (LIMITS[name] - growth.footprint_bytes!) / RATE;
        assertNear(`seconds to ${name}`, growth[`seconds_to_${name}`]!, expected, 0.1);
      }

      const samples = lines.filter((line) => line.type === "sample");
      assert(samples.every((sample) => sample.pid === pid && sample.footprint_bytes! > 0));
      assertOnLine(samples);
      const peak = Math.max(...samples.map((sample) => sample.footprint_bytes!));
      const gone = events[2]!;
      assert.equal(gone.peak_bytes, peak);
      const lifetimeMs = Date.parse(gone.at) - Date.parse(gone.started_at!);
      // The start is known to fractions of a millisecond.
      assert(Math.abs(gone.lifetime_ms! - lifetimeMs) <= 1, `${gone.lifetime_ms} ms`);
      assert(Date.parse(gone.at) >= Date.parse(samples.at(-1)!.at), "gone after the last sample");

      const summary = lines.at(-1)!;
      assert.deepEqual(
        [summary.type, summary.instances, summary.events, summary.peak_bytes],
        ["summary", 1, all.length, peak],
      );
      // The look that found it gone has no sample of it.
      assert.equal(summary.looks, samples.length + 1);
    });
  },
);
