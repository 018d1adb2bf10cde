import assert from "node:assert/strict";
import { drawNew, nothingDrawn } from "../../src/page/client/drawn.js";
import { readHistory } from "../../src/page/client/history.js";
import { readingOf } from "../../src/page/client/bytes.js";
import { limitLines, processesOf, sceneOf } from "../../src/page/client/scene.js";
import { pure } from "../support.ts";
import { documentOf, GiB, INTERVAL_MS, MiB, START, THRESHOLDS } from "./documents.ts";

const LATER = START + INTERVAL_MS;
const MODEL = readHistory(documentOf([
  { at: START, bytes: [100, 50, 20, 400, 10].map((size) => size * MiB) },
  { at: LATER, bytes: [110 * MiB, undefined, null, 390 * MiB, 11 * MiB] },
]));

function drawnOf(lines: readonly { id: string }[]) {
  const drawn = nothingDrawn();
  lines.forEach(({ id }, slot) => drawn.slots.set(id, slot));
  return drawn;
}

pure("processes are lines with their own values", () => {
  const all = processesOf(MODEL);
  const scene = sceneOf(MODEL, "processes", drawnOf(all));
  assert.deepEqual(scene.times, [START, LATER]);
  assert.deepEqual(scene.entries.map(({ mark, name }) => [mark, name]), [
    ["A1", "opencode 5000"],
    ["A2", "gopls 5001"],
    ["B1", "opencode 4000"],
    ["B2", "node 4001"],
    ["B3", "<img src=x onerror=alert(1)> 4002"],
  ]);
  assert.deepEqual(scene.columns[2], [100 * MiB, 110 * MiB]);
  assert.deepEqual(scene.columns[3], [50 * MiB, null]);
  assert.deepEqual(scene.columns[4], [20 * MiB, null]);
});

pure("instances are areas that add up to the total, and keep their own values", () => {
  const scene = sceneOf(MODEL, "instances", drawnOf(MODEL.instances));
  assert.deepEqual(scene.entries.map(({ id }) => id), [
    ...MODEL.instances.map(({ id }) => id),
    "total",
  ]);
  assert.deepEqual(scene.entries.map(({ heights }) => heights), [
    [410 * MiB, 401 * MiB],
    [170 * MiB, 110 * MiB],
    [580 * MiB, 511 * MiB],
  ]);
  assert.deepEqual(scene.columns, [
    [410 * MiB, 401 * MiB],
    [580 * MiB, 511 * MiB],
    [580 * MiB, 511 * MiB],
  ]);
});

pure("instances that are not drawn by themselves are one area, and the total stays", () => {
  const scene = sceneOf(MODEL, "instances", drawnOf(MODEL.instances.slice(1)));
  assert.deepEqual(scene.entries.map(({ name }) => name), ["opencode 4000", "1 others", "total"]);
  assert.deepEqual(scene.columns.at(-1), [580 * MiB, 511 * MiB]);
});

pure("of many instances the largest are drawn", () => {
  const processes = Array.from({ length: 30 }, (_, i) => ({
    instance: i,
    pid: i,
    role: "tui",
    name: "opencode",
  }));
  const bytes = processes.map(({ pid }) => (pid + 1) * MiB);
  const model = readHistory(documentOf([{ at: START, bytes }], { processes }));
  const drawn = nothingDrawn();
  drawNew(drawn, model.instances);
  const { entries } = sceneOf(model, "instances", drawn);
  assert.equal(entries.length, 14);
  assert.equal(entries[12]!.name, "18 others");
  // 1 + 2 + … + 18, and 1 + 2 + … + 30.
  assert.deepEqual(entries.slice(12).map(({ heights }) => heights), [[171 * MiB], [465 * MiB]]);
});

pure("what was read is told as it is, what lies between two readings with a ~", () => {
  const entry = { heights: [GiB, 2 * GiB, null], own: [GiB, undefined, undefined] };
  assert.deepEqual([0, 1, 2].map((i) => readingOf(entry, i)), ["1 GiB", "~2 GiB", "–"]);
  assert.equal(readingOf(entry, null), "–");
});

pure("each limit that counts for somebody has a line", () => {
  const labels = (roles: string[]) =>
    limitLines(THRESHOLDS, new Set(roles)).map(({ label, bytes }) => `${bytes / MiB} ${label}`);
  assert.deepEqual(labels(["tui"]), ["1024 warning, each process", "2048 critical, each process"]);
  assert.deepEqual(labels(["child"]), [
    "200 warning, each child process",
    "300 critical, each child process",
  ]);
  assert.equal(labels(["tui", "child"]).length, 4);
});
