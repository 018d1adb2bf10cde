/** Any readings at any times with any policy, against what alerts are in plain words. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { AlertPolicy } from "../../src/follow/alert.ts";
import type { Level } from "../../src/types.ts";
import { pure } from "../support.ts";
import { type Given, judged, run } from "./alerts.ts";

/** Any policy with small limits, and readings around them at any times. */
const policies = fc.record({
  warningBytes: fc.integer({ min: 1, max: 20 }),
  more: fc.integer({ min: 0, max: 15 }),
  forReadings: fc.integer({ min: 1, max: 4 }),
  clearShare: fc.constantFrom(0.01, 0.5, 0.8, 0.9, 1),
  remindMs: fc.constantFrom(0, 1, 10, 50),
}).map(({ warningBytes, more, ...rest }): AlertPolicy => ({
  ...rest,
  thresholds: { warningBytes, criticalBytes: warningBytes + more },
}));
const stories = fc.array(
  fc.record({
    given: fc.option(fc.integer({ min: -40, max: 40 }), { freq: 5 }),
    ms: fc.integer({ min: 0, max: 20 }),
  }),
  { maxLength: 60, size: "max" },
);

/** Any story told with any policy. */
function anyStory(check: (given: Given[], times: number[], policy: AlertPolicy) => void): void {
  fc.assert(
    fc.property(stories, policies, (story, policy) => {
      let at = 0;
      check(story.map((s) => s.given), story.map((s) => at += s.ms), policy);
    }),
    { numRuns: 1000 },
  );
}

/** Whether an alert is on after all of these: somewhere it began, and nothing since has ended it. */
function isOn(given: readonly Given[], limit: number, { forReadings, clearShare }: AlertPolicy) {
  const telling = given.map(judged)
    .filter((one) => one.footprintBytes !== null)
    .filter((one) => !one.isPartial || one.footprintBytes! > limit)
    .map((one) => one.footprintBytes!);
  return telling.some((_, end) => {
    const row = telling.slice(Math.max(0, end + 1 - forReadings), end + 1);
    return row.length === forReadings && row.every((bytes) => bytes > limit) &&
      telling.slice(end).every((bytes) => bytes > limit * clearShare);
  });
}

/** The level after all of these, from all of them at once. */
function levelAfter(given: readonly Given[], policy: AlertPolicy): Level {
  const { warningBytes, criticalBytes } = policy.thresholds;
  if (isOn(given, criticalBytes, policy)) return "critical";
  if (isOn(given, warningBytes, policy)) return "warning";
  const row = given.slice(-policy.forReadings).map(judged);
  const isUnknown = row.every(({ footprintBytes, isPartial }) =>
    footprintBytes === null || (isPartial && footprintBytes <= warningBytes)
  );
  return isUnknown && row.length === policy.forReadings ? "unknown" : "normal";
}

pure("any story: levels and changes are those of the whole of it", () => {
  anyStory((given, times, policy) => {
    let toldAt = 0;
    const levels = given.map((_, i) => levelAfter(given.slice(0, i + 1), policy));
    const expected = levels.map((level, i): string => {
      const from = levels[i - 1] ?? "normal";
      const isBad = level === "warning" || level === "critical";
      const isDue = policy.remindMs > 0 && times[i]! >= toldAt + 0.9 * policy.remindMs;
      if (level === from && !(isBad && isDue)) return `${level}`;
      toldAt = times[i]!;
      return level === from ? `${level}, reminder` : `${level}, level from ${from}`;
    });
    const steps = run(given, policy, times).map(({ level, change }) => {
      if (change === null) return `${level}`;
      return change.kind === "level"
        ? `${level}, level from ${change.from}`
        : `${level}, ${change.kind}`;
    });
    assert.deepEqual(steps, expected);
  });
});

pure("any story: nothing is told early, twice or too often", () => {
  anyStory((given, times, policy) => {
    const { thresholds: { warningBytes, criticalBytes }, forReadings, clearShare } = policy;
    const limits: Partial<Record<Level, number>> = {
      warning: warningBytes,
      critical: criticalBytes,
    };
    const severity: Level[] = ["unknown", "normal", "warning", "critical"];
    let [level, toldAt]: [Level, number] = ["normal", -Infinity];
    for (const [i, { change, level: now }] of run(given, policy, times).entries()) {
      const read = given.slice(0, i + 1).filter((one) => one !== null).map(Math.abs);
      if (change?.kind === "level") {
        assert.equal(change.from, level);
        assert.notEqual(now, level);
        if (severity.indexOf(now) > severity.indexOf(level) && limits[now] !== undefined) {
          const over = read.filter((bytes) => bytes > limits[now]!);
          assert.ok(over.length >= forReadings && read.at(-1)! > limits[now]!, "told early");
          assert.equal(change.limitBytes, limits[now]);
        } else if (limits[level] !== undefined) {
          assert.ok(given[i] !== null && given[i]! >= 0, "ended without a whole reading");
          assert.ok(read.at(-1)! <= limits[level]! * clearShare, "ended early");
          assert.equal(change.limitBytes, limits[level]);
        } else assert.equal(change.limitBytes, null);
      } else if (change) {
        assert.ok(
          policy.remindMs > 0 && times[i]! - toldAt >= 0.9 * policy.remindMs,
          "told too often",
        );
        assert.ok(now === "warning" || now === "critical");
        assert.equal(change.limitBytes, limits[now]);
      }
      if (change) toldAt = times[i]!;
      level = now;
    }
  });
});
