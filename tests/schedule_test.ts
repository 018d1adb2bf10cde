import assert from "node:assert/strict";
import fc from "fast-check";
import { type Gap, Hurry, type Schedule, type Tick, ticks } from "../src/schedule.ts";
import type { World } from "../src/world.ts";
import { NOW_MS } from "./fake.ts";
import { FakeWorld } from "./fake_world.ts";
import { pure } from "./support.ts";

/** A clock that goes on only when somebody waits or works. */
class Clock implements Pick<World, "nowMs" | "elapsedMs" | "sleep"> {
  /** How long each wait was asked to last. */
  readonly waits: number[] = [];
  #elapsedMs: number;
  #skewMs = 0;

  /** `wake`: how much later than asked (or earlier, if negative) each wait ends, and then 0. */
  constructor(readonly wake: Iterator<number> = [][Symbol.iterator](), startMs = 123.456) {
    this.#elapsedMs = startMs;
  }

  nowMs(): number {
    return NOW_MS + this.#elapsedMs + this.#skewMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, cut: AbortSignal): Promise<void> {
    assert.ok(!cut.aborted, "waits when there is nothing to wait for");
    assert.ok(ms > 0, `waits ${ms}`);
    this.waits.push(ms);
    const { value } = this.wake.next();
    this.work(Math.max(0, ms + (value ?? 0)));
    return Promise.resolve();
  }

  /** Something takes its time, or stops this process. */
  work(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** The machine sleeps, or its clock is set. */
  skew(ms: number): void {
    this.#skewMs += ms;
  }
}

const NEVER = new AbortController().signal;

/** All ticks, with `work` done after each. */
async function run(
  schedule: Partial<Schedule>,
  clock = new Clock(),
  work: (tick: Tick) => void = () => {},
): Promise<Tick[]> {
  const all: Tick[] = [];
  const whole = { intervalMs: 1000, count: 5, skipsMissed: false, ...schedule };
  for await (const tick of ticks(whole, clock, NEVER)) {
    all.push(tick);
    work(tick);
  }
  return all;
}

/** When ticks came, in whole milliseconds after the first. */
function timesOf(ticks: readonly Tick[]): number[] {
  return ticks.map(({ elapsedMs }) => Math.round(elapsedMs - ticks[0]!.elapsedMs));
}

function gapsOf(ticks: readonly Tick[]): (Gap | null)[] {
  return ticks.map(({ gap }) => gap);
}

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

pure("cut: before the first, at work, and while waiting", async () => {
  const endless = { intervalMs: 1000, count: null, skipsMissed: false };
  assert.deepEqual(await Array.fromAsync(ticks(endless, new Clock(), AbortSignal.abort())), []);

  const clock = new Clock();
  const atWork = new AbortController();
  let seen = 0;
  for await (const { index } of ticks(endless, clock, atWork.signal)) {
    seen++;
    // No time is left to wait for: not even then does another come.
    if (index === 2) {
      clock.work(5000);
      atWork.abort();
    }
  }
  assert.deepEqual([seen, clock.waits.length], [3, 2]);

  const waiting = new AbortController();
  const world = new FakeWorld({ script: { 2500: () => waiting.abort() } }, () => {}, () => {});
  const found = await Array.fromAsync(ticks(endless, world, waiting.signal));
  assert.deepEqual(timesOf(found), [0, 1000, 2000]);
  assert.equal(world.elapsedMs(), 2500);

  // The very moment that a tick is due: it is no longer wanted.
  const late = new AbortController();
  const other = new FakeWorld({ script: { 2000: () => late.abort() } }, () => {}, () => {});
  assert.equal((await Array.fromAsync(ticks(endless, other, late.signal))).length, 2);
});

pure("hurry: a tick at once, and the others when they were due", async () => {
  for (const skipsMissed of [false, true]) {
    const cut = new AbortController();
    const hurry = new Hurry(cut.signal);
    const ask = () => hurry.ask();
    const script = {
      1300: ask,
      // Twice before anybody could answer is once.
      2500: () => (ask(), ask()),
      2600: ask,
      4500: () => cut.abort(),
    };
    const world = new FakeWorld({ script }, () => {}, () => {});
    const schedule = { intervalMs: 1000, count: null, skipsMissed };
    const found = await Array.fromAsync(ticks(schedule, world, cut.signal, hurry));
    assert.deepEqual(timesOf(found), [0, 1000, 1300, 2000, 2500, 2600, 3000, 4000]);
    assert.deepEqual(found.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.ok(gapsOf(found).every((gap) => gap === null));
    assert.equal(world.elapsedMs(), 4500);
  }
});

pure("hurry: asked for at work, it comes after it", async () => {
  const clock = new Clock();
  const hurry = new Hurry(NEVER);
  const times: number[] = [];
  const schedule = { intervalMs: 1000, count: 5, skipsMissed: true };
  for await (const { index, elapsedMs } of ticks(schedule, clock, NEVER, hurry)) {
    times.push(Math.round(elapsedMs - 123.456));
    if (index !== 1) continue;
    clock.work(400);
    hurry.ask();
  }
  assert.deepEqual(times, [0, 1000, 1400, 2000, 3000]);
});

pure("hurry: whoever is cut does not wait, however much was asked", async () => {
  const cut = new AbortController();
  const hurry = new Hurry(cut.signal);
  hurry.ask();
  cut.abort();
  assert.ok(hurry.signal.aborted);
  hurry.take();
  assert.ok(hurry.signal.aborted);
  const schedule = { intervalMs: 1000, count: null, skipsMissed: true };
  assert.deepEqual(await Array.fromAsync(ticks(schedule, new Clock(), cut.signal, hurry)), []);
});
