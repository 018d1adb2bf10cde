import assert from "node:assert/strict";
import { readHistory } from "../../src/page/client/history.js";
import { forget, mergeLook } from "../../src/page/client/merge.js";
import { pure } from "../support.ts";
import { documentOf, INTERVAL_MS, iso, MiB, START } from "./documents.ts";
import { messageOf } from "./messages.ts";

const LOOK = { at: START, bytes: [100, 50, 20, 400, 10].map((size) => size * MiB) };
const later = (looks: number) => ({ ...LOOK, at: START + looks * INTERVAL_MS });

const alert = (more: object) => ({
  ...{ type: "event", event: "level", at: iso(START), message: "it is over the limit" },
  ...{
    subject: "process",
    instance: "4000-17",
    pid: 4001,
    level: "warning",
    previous_level: "normal",
  },
  ...more,
});

pure("a look that is not later than the last one changes nothing", () => {
  const model = readHistory(documentOf([LOOK]));
  const before = structuredClone(model);
  assert.equal(mergeLook(model, messageOf(LOOK, [alert({})])), false);
  assert.deepEqual(model, before);
});

pure("a look to an empty page brings everything", () => {
  const model = readHistory(documentOf([]));
  assert.equal(mergeLook(model, messageOf(LOOK)), true);
  assert.deepEqual([...model.lines.values()].map(({ mark }) => mark), [
    "A",
    "A1",
    "A2",
    "A3",
    "B",
    "B1",
    "B2",
  ]);
  assert.deepEqual([model.total, model.looks, model.level], [580 * MiB, 1, "normal"]);
  assert.deepEqual(model.peak, { bytes: 580 * MiB, at: START });
});

pure("who comes is new, who goes stays where it was", () => {
  const model = readHistory(documentOf([{ at: START, bytes: [1, 2, undefined, 4, 5] }]));
  mergeLook(model, messageOf({ ...later(1), bytes: [1, undefined, 3, 4, 5] }));
  const of = (pid: number) =>
    [...model.lines.values()].find(({ about, parent }) => parent && about.pid === pid)!;
  assert.deepEqual([of(4002).mark, of(4002).isThere, of(4002).firstAt], [
    "B3",
    true,
    START + INTERVAL_MS,
  ]);
  assert.deepEqual([of(4001).isThere, of(4001).lastAt, of(4001).values], [false, START, [2]]);
});

pure("alerts about a process are its own and its instance's; other events are no alerts", () => {
  const model = readHistory(documentOf([LOOK]));
  const events = [
    alert({}),
    alert({ event: "growth", subject: "instance", pid: 4000 }),
    alert({ event: "duplicates", instance: "5000-17", pid: 5001 }),
    alert({ level: "normal", previous_level: "warning" }),
    alert({ event: "found", subject: "instance" }),
    alert({ event: "growth", instance: "9-9", pid: 9 }),
  ];
  mergeLook(model, messageOf(later(1), events));
  const counts = [...model.lines.values()].map(({ about, parent, stats }) => [
    parent ? about.pid : about.id,
    stats.alerts,
  ]);
  assert.deepEqual(Object.fromEntries(counts), {
    "4000-17": 2,
    "5000-17": 1,
    4000: 0,
    4001: 1,
    4002: 0,
    5000: 0,
    5001: 1,
  });
  assert.deepEqual([model.alerts, model.events.length], [4, 6]);
});

pure("the highest total stays, with its time", () => {
  const model = readHistory(documentOf([LOOK]));
  mergeLook(model, messageOf({ at: START + INTERVAL_MS, bytes: [900, 1, 1, 1, 1] }));
  assert.deepEqual([model.peak.at, model.total], [START, 904]);
  mergeLook(model, messageOf({ at: START + 2 * INTERVAL_MS, bytes: [900 * MiB, 1, 1, 1, 1] }));
  assert.deepEqual(model.peak, { bytes: 900 * MiB + 4, at: START + 2 * INTERVAL_MS });
});

pure("points before the window go, but for the one that leads into it; statistics stay", () => {
  const model = readHistory(documentOf([LOOK, later(1), later(2), later(3)]));
  const [line] = model.instances;
  const stats = structuredClone(line!.stats);
  forget(model, START + 1.5 * INTERVAL_MS);
  assert.deepEqual(line!.times, [1, 2, 3].map((n) => START + n * INTERVAL_MS));
  assert.equal(line!.values.length, 3);
  assert.deepEqual(line!.stats, stats);
});

pure("who went before the window leaves nothing in it", () => {
  const model = readHistory(documentOf([LOOK, { ...later(1), bytes: [1, undefined, 3, 4, 5] }]));
  forget(model, START + INTERVAL_MS);
  const points = [...model.lines.values()].map(({ about, times }) => [about.pid, times.length]);
  assert.deepEqual(points.filter(([, many]) => many !== 1), [[4001, 0]]);
});
