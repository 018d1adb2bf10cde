import assert from "node:assert/strict";
import fc from "fast-check";
import { alertOf, clusters, signOf } from "../../src/page/client/alerts.js";
import { pure } from "../support.ts";
import { iso, START } from "./documents.ts";

const happening = (event: string, more: object = {}, at = START) => ({
  event,
  at: iso(at),
  message: event,
  ...more,
});

const KINDS: readonly [string, object, string | null, string | null][] = [
  ["level", { level: "warning", previous_level: "normal" }, "warning", "warning"],
  ["level", { level: "warning", previous_level: "unknown" }, "warning", "warning"],
  ["level", { level: "critical", previous_level: "warning" }, "critical", "critical"],
  ["level", { level: "warning", previous_level: "critical" }, null, null],
  ["level", { level: "normal", previous_level: "warning" }, null, null],
  ["level", { level: "unknown", previous_level: "normal" }, null, null],
  ["growth", {}, "growth", "growth"],
  ["duplicates", {}, "duplicates", "duplicates"],
  ["gap", {}, null, "gap"],
  ["found", {}, null, null],
  ["gone", {}, null, null],
  ["reminder", { level: "critical" }, null, null],
  ["of a later ocmem", {}, null, null],
];

for (const [event, more, alert, sign] of KINDS) {
  pure(`${event} ${JSON.stringify(more)}: alert ${alert}, sign ${sign}`, () => {
    assert.deepEqual([alertOf(happening(event, more)), signOf(happening(event, more))], [
      alert,
      sign,
    ]);
  });
}

pure("signs that are near share one, the weightiest; what is out of sight has none", () => {
  const events = [
    happening("growth", {}, START - 1),
    happening("growth", {}, START + 10),
    happening("found", {}, START + 12),
    happening("level", { level: "critical", previous_level: "normal" }, START + 14),
    happening("duplicates", {}, START + 50),
    happening("growth", {}, START + 101),
  ];
  const found = clusters(events, (at) => at - START, 100, 20);
  assert.deepEqual(found.map(({ left, sign, events }) => [left, sign, events.length]), [
    [12, "critical", 2],
    [50, "duplicates", 1],
  ]);
});

pure("every alert in sight is in one sign, and signs don't overlap", () => {
  const places = fc.array(fc.integer({ min: -50, max: 450 }), { maxLength: 60 });
  fc.assert(fc.property(places, fc.integer({ min: 4, max: 40 }), (lefts, apart) => {
    lefts.sort((a, b) => a - b);
    const events = lefts.map((left) => happening("growth", {}, START + left));
    const found = clusters(events, (at) => at - START, 400, apart);
    const seen = events.filter((_, i) => lefts[i]! >= 0 && lefts[i]! <= 400);
    assert.deepEqual(found.flatMap((one) => one.events), seen);
    found.slice(1).forEach(({ left }, i) => assert.ok(left - found[i]!.left >= apart / 2));
  }));
});
