import assert from "node:assert/strict";
import { Hurry, ticks } from "../src/schedule.ts";
import { Clock, gapsOf, NEVER, timesOf } from "./clock.ts";
import { FakeWorld } from "./fake_world.ts";
import { pure } from "./support.ts";

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
