import assert from "node:assert/strict";
import fc from "fast-check";
import { subjectOf } from "../../src/follow/event.ts";
import { Pulse, type PulsePolicy } from "../../src/follow/pulse.ts";
import { GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { looked, seen } from "./looks.ts";

const MINUTE = 60_000;
const POLICY: PulsePolicy = {
  thresholds: { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" },
  forReadings: 1,
  clearShare: 0.9,
  remindMs: 0,
  intervalMs: MINUTE,
  growthMs: 10 * MINUTE,
};

function newPulse(policy: Partial<PulsePolicy> = {}): Pulse {
  const { instance: { id, main } } = looked([seen(10, 1)]);
  return new Pulse(subjectOf("process", main, id, null), { ...POLICY, ...policy });
}

/** The minutes from `begin` to `end` when growth is told of a pulse that is read at each. */
function grow(
  pulse: Pulse,
  begin: number,
  end: number,
  bytes: (minute: number) => number | null,
  isExplained: (minute: number) => boolean = () => false,
): number[] {
  const told: number[] = [];
  for (let t = begin; t <= end; t++) {
    pulse.read(bytes(t), t * MINUTE);
    if (pulse.grow(isExplained(t))) told.push(t);
  }
  return told;
}

const leak = (t: number) => (300 + 10 * t) * MIB;

pure("any readings: the last 60 are kept as they came, and the highest of all", () => {
  const readings = fc.array(fc.option(fc.nat(2 ** 50)), { maxLength: 150, size: "max" });
  fc.assert(fc.property(readings, (readings) => {
    const pulse = newPulse();
    assert.deepEqual([pulse.peakBytes, pulse.lastBytes, pulse.trend], [null, null, null]);
    for (const [i, bytes] of readings.entries()) pulse.read(bytes, i * MINUTE);
    assert.deepEqual(pulse.history, readings.slice(-60));
    assert.equal(pulse.lastBytes, readings.at(-1) ?? null);
    const known = readings.filter((bytes) => bytes !== null);
    assert.equal(pulse.peakBytes, known.length > 0 ? Math.max(...known) : null);
  }));
});

pure("a level is that of the last judgement, or the worst of its parts", () => {
  const pulse = newPulse();
  const levels: [number | null, boolean, string][] = [
    [GIB, false, "normal"],
    [3 * GIB, false, "warning"],
    [null, false, "warning"],
    [1, true, "warning"],
    [5 * GIB, true, "critical"],
    [GIB, false, "normal"],
    [GIB, true, "unknown"],
  ];
  for (const [i, [bytes, isPartial, level]] of levels.entries()) {
    pulse.read(bytes, i * MINUTE);
    pulse.judge(i * MINUTE, isPartial);
    assert.equal(pulse.level, level, `${i}`);
    assert.equal(pulse.isAlerting, level !== "normal");
    assert.deepEqual(pulse.standing, { footprintBytes: bytes, level });
  }
  pulse.levelOfParts = "warning";
  assert.equal(pulse.level, "warning");
});

pure("growth is told once, with what is ahead", () => {
  const pulse = newPulse();
  assert.deepEqual(grow(pulse, 0, 9, leak), []);
  assert.equal(pulse.isAlerting, false);
  pulse.read(leak(10), 10 * MINUTE);
  const growth = pulse.grow(false);
  assert.ok(growth?.kind === "growth");
  assert.equal(growth.growthBytes, 100 * MIB);
  // 400 MiB now, and 10 MiB a minute.
  assert.equal(Math.round(growth.msToWarning!), (2048 - 400) * MINUTE / 10);
  assert.equal(Math.round(growth.msToCritical!), (4096 - 400) * MINUTE / 10);
  assert.deepEqual([pulse.isGrowing, pulse.isAlerting, pulse.level], [true, true, "normal"]);
  assert.deepEqual(grow(pulse, 11, 100, leak), []);
  assert.equal(pulse.isGrowing, true);
  grow(pulse, 101, 130, () => leak(100));
  assert.equal(pulse.isGrowing, false);
});

pure("where growth is not looked for there still is a trend", () => {
  const pulse = newPulse({ growthMs: 0 });
  assert.deepEqual(grow(pulse, 0, 100, leak), []);
  assert.equal(Math.round(pulse.trend!.slope * MINUTE / MIB), 10);
  assert.equal(pulse.isGrowing, false);
  // It reaches back 10 minutes, of which 10 seconds are nothing.
  const often = newPulse({ growthMs: 0, intervalMs: 1000 });
  for (let s = 0; s <= 600; s++) often.read(MIB * Math.max(0, s - 590), s * 1000);
  assert.equal(often.trend!.slope, 0);
});

pure("what is explained is told of when nothing explains it any more", () => {
  assert.deepEqual(grow(newPulse(), 0, 60, leak, () => true), []);
  assert.deepEqual(grow(newPulse(), 0, 60, leak, (t) => t < 30), [30]);
  // Told already: an explanation that comes later takes nothing back.
  const pulse = newPulse();
  assert.deepEqual(grow(pulse, 0, 60, leak, (t) => t > 20 && t < 30), [10]);
  assert.equal(pulse.isGrowing, true);
});

pure("without a reading nothing is told, and nothing ends", () => {
  const pulse = newPulse();
  assert.deepEqual(grow(pulse, 0, 30, (t) => t === 10 || t === 20 ? null : leak(t)), [11]);
  assert.equal(pulse.isGrowing, true);
});

pure("after a hole slopes start anew; levels and peaks go on", () => {
  const pulse = newPulse();
  assert.deepEqual(grow(pulse, 0, 30, leak), [10]);
  pulse.read(3 * GIB, 31 * MINUTE);
  pulse.judge(31 * MINUTE, false);
  pulse.startAnew();
  assert.deepEqual([pulse.isGrowing, pulse.trend, pulse.level], [false, null, "warning"]);
  assert.deepEqual(grow(pulse, 32, 60, leak), [42]);
  assert.equal(pulse.peakBytes, 3 * GIB);
});
