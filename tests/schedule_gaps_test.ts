import assert from "node:assert/strict";
import fc from "fast-check";
import type { Gap } from "../src/schedule.ts";
import { Clock, gapsOf, run, timesOf } from "./clock.ts";
import { pure } from "./support.ts";

pure("gaps: what came before a tick instead of others", async () => {
  const slept = (ms: number): Gap => ({ kind: "slept", ms });
  const late = (ms: number): Gap => ({ kind: "late", ms });
  /** What happens after the second of four ticks, and the gap before the third. */
  const cases: [string, number, (clock: Clock) => void, Gap | null][] = [
    ["nothing", 1000, () => {}, null],
    ["the machine sleeps", 1000, (clock) => clock.skew(3_600_000), slept(3_600_000)],
    ["its clock is corrected", 1000, (clock) => clock.skew(2000), null],
    ["its clock is set forward", 1000, (clock) => clock.skew(2001), slept(2001)],
    ["its clock is set back", 1000, (clock) => clock.skew(-3_600_000), null],
    ["the process is stopped", 1000, (clock) => clock.work(60_000), late(59_000)],
    ["it is stopped and the clock set back", 1000, (clock) => {
      clock.work(60_000);
      clock.skew(-60_000);
    }, late(59_000)],
    ["it is stopped, and the machine sleeps", 1000, (clock) => {
      clock.work(60_000);
      clock.skew(3_600_000);
    }, slept(3_600_000)],
    ["three intervals of one second", 1000, (clock) => clock.work(3000), null],
    ["a little more", 1000, (clock) => clock.work(3001), late(2001)],
    ["two intervals of a minute", 60_000, (clock) => clock.work(120_000), null],
    ["a little more", 60_000, (clock) => clock.work(120_001), late(60_001)],
    ["two seconds, of short intervals", 10, (clock) => clock.work(2010), null],
    ["a little more", 10, (clock) => clock.work(2011), late(2001)],
    ["many short intervals", 10, (clock) => clock.skew(5000), slept(5000)],
  ];
  for (const [what, intervalMs, happen, gap] of cases) {
    for (const skipsMissed of [false, true]) {
      const clock = new Clock(undefined, 0);
      const found = await run({ intervalMs, count: 4, skipsMissed }, clock, ({ index }) => {
        if (index === 1) happen(clock);
      });
      assert.deepEqual(gapsOf(found), [null, null, gap, null], what);
    }
  }
});

pure("gaps: sleep of the machine moves no tick, for its clock stood", async () => {
  const clock = new Clock();
  const found = await run({ count: 4 }, clock, () => clock.skew(10_000));
  assert.deepEqual(timesOf(found), [0, 1000, 2000, 3000]);
  assert.deepEqual(found.map(({ atMs }) => atMs - found[0]!.atMs), [0, 11_000, 22_000, 33_000]);
  const ms = 10_000;
  assert.deepEqual(gapsOf(found), [null, ...Array(3).fill({ kind: "slept", ms })]);
});

pure("gaps: none of a clock that is corrected and a machine that is busy", async () => {
  const jitter = fc.array(
    fc.record({ late: fc.nat({ max: 900 }), skew: fc.integer({ min: -1000, max: 1000 }) }),
    { minLength: 20, maxLength: 20, size: "max" },
  );
  await fc.assert(fc.asyncProperty(jitter, fc.boolean(), async (jitter, skipsMissed) => {
    const clock = new Clock(jitter.map(({ late }) => late)[Symbol.iterator]());
    const found = await run({ count: 20, skipsMissed }, clock, ({ index }) => {
      clock.skew(jitter[index]!.skew);
    });
    assert.ok(gapsOf(found).every((gap) => gap === null));
  }));
});
