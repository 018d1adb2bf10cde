import assert from "node:assert/strict";
import fc from "fast-check";
import { type Tick, ticks } from "../src/schedule.ts";
import { Clock, gapsOf, NEVER, run, timesOf } from "./clock.ts";
import { NOW_MS } from "./fake.ts";
import { pure } from "./support.ts";

pure("ticks: the first at once, as many as asked for, and no wait after the last", async () => {
  for (const count of [0, 1, 2, 7]) {
    const clock = new Clock();
    const found = await run({ count }, clock);
    assert.deepEqual(found.map((tick) => tick.index), Array.from({ length: count }, (_, i) => i));
    assert.deepEqual(timesOf(found), Array.from({ length: count }, (_, i) => 1000 * i));
    assert.equal(clock.waits.length, Math.max(0, count - 1));
  }
});

pure("ticks: both clocks are told", async () => {
  const clock = new Clock(undefined, 50);
  const found = await run({ count: 3 }, clock, () => clock.skew(-10));
  assert.deepEqual(found, [
    { index: 0, atMs: NOW_MS + 50, elapsedMs: 50, gap: null },
    { index: 1, atMs: NOW_MS + 1040, elapsedMs: 1050, gap: null },
    { index: 2, atMs: NOW_MS + 2030, elapsedMs: 2050, gap: null },
  ]);
});

pure("ticks: for ever without a count", async () => {
  const clock = new Clock();
  const all = ticks({ intervalMs: 250, count: null, skipsMissed: true }, clock, NEVER);
  for (let i = 0; i < 10_000; i++) assert.equal((await all.next()).value!.index, i);
  const { value } = await all.next();
  assert.equal(Math.round(value!.elapsedMs - 123.456), 2_500_000);
  await all.return();
});

pure("ticks: work and late waking don't add up", async () => {
  const late = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 30, size: "max" });
  const work = fc.array(fc.integer({ min: 0, max: 500 }), {
    minLength: 30,
    maxLength: 30,
    size: "max",
  });
  await fc.assert(
    fc.asyncProperty(late, work, fc.boolean(), async (late, work, skipsMissed) => {
      const clock = new Clock(late[Symbol.iterator]());
      const found = await run({ count: 30, skipsMissed }, clock, (t) => clock.work(work[t.index]!));
      // Each is as late as it was woken up, and no later.
      assert.deepEqual(
        timesOf(found),
        found.map((_, i) => 1000 * i + (i === 0 ? 0 : late[i - 1] ?? 0)),
      );
      assert.ok(gapsOf(found).every((gap) => gap === null), "lateness like this is no gap");
    }),
  );
});

pure("ticks: a wait that ends too early is gone on with", async () => {
  const early = fc.array(fc.double({ min: -2000, max: -0.001, noNaN: true }), {
    maxLength: 50,
    size: "max",
  });
  await fc.assert(fc.asyncProperty(early, fc.boolean(), async (early, skipsMissed) => {
    const clock = new Clock(early[Symbol.iterator]());
    const found = await run({ count: 20, skipsMissed }, clock);
    assert.deepEqual(timesOf(found), found.map((_, i) => 1000 * i));
    assert.equal(found.length, 20);
    for (const { elapsedMs, index } of found) assert.ok(elapsedMs - 123.456 >= 1000 * index - 1e-6);
  }));
});

pure("ticks: times that have passed are made up for at once, or left out", async () => {
  // 3.5 intervals of work after the second tick.
  const work = (clock: Clock) => ({ index }: Tick) => clock.work(index === 1 ? 3500 : 0);
  const all = new Clock();
  assert.deepEqual(
    timesOf(await run({ count: 7 }, all, work(all))),
    [0, 1000, 4500, 4500, 4500, 5000, 6000],
  );
  const some = new Clock();
  assert.deepEqual(
    timesOf(await run({ count: 5, skipsMissed: true }, some, work(some))),
    [0, 1000, 4500, 5000, 6000],
  );
});

pure("ticks: work that always takes longer than the interval", async () => {
  const all = new Clock();
  const found = await run({ count: 4 }, all, () => all.work(1700));
  assert.deepEqual(timesOf(found), [0, 1700, 3400, 5100]);
  assert.deepEqual(all.waits, []);
  // Each begins as soon as the one before is done: no time is left to wait for.
  const some = new Clock();
  const rest = await run({ count: 4, skipsMissed: true }, some, () => some.work(1700));
  assert.deepEqual(timesOf(rest), [0, 1700, 3400, 5100]);
  assert.deepEqual([...gapsOf(found), ...gapsOf(rest)], Array(8).fill(null));
});

pure("ticks: work that ends exactly when the next is due", async () => {
  for (const skipsMissed of [false, true]) {
    const clock = new Clock(undefined, 0);
    const found = await run({ count: 4, skipsMissed }, clock, () => clock.work(1000));
    assert.deepEqual([timesOf(found), clock.waits], [[0, 1000, 2000, 3000], []]);
  }
});

pure(
  "ticks: any work: never before their time, never two in one interval where some are left out",
  async () => {
    const work = fc.array(fc.integer({ min: 0, max: 6000 }), {
      minLength: 1,
      maxLength: 30,
      size: "max",
    });
    await fc.assert(fc.asyncProperty(work, async (work) => {
      const count = work.length;
      const [all, some] = [new Clock(undefined, 0), new Clock(undefined, 0)];
      const made = timesOf(await run({ count }, all, (t) => all.work(work[t.index]!)));
      made.forEach((ms, i) => assert.ok(ms >= 1000 * i));
      const left = timesOf(
        await run({ count, skipsMissed: true }, some, (t) => some.work(work[t.index]!)),
      );
      const intervals = left.map((ms) => Math.floor(ms / 1000));
      assert.equal(new Set(intervals).size, count);
      // What is not late is exactly on time.
      left.forEach((ms, i) => {
        const isLate = i > 0 && left[i - 1]! + work[i - 1]! === ms;
        assert.ok(isLate || ms % 1000 === 0, `${ms}`);
      });
    }));
  },
);
