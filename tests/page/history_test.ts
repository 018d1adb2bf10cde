import assert from "node:assert/strict";
import { letters, readHistory } from "../../src/page/client/history.js";
import { pure } from "../support.ts";
import { documentOf, INTERVAL_MS, MiB, START } from "./documents.ts";

const LOOKS = [
  { at: START, bytes: [100, 50, 20, 400, 10].map((size) => size * MiB) },
  { at: START + INTERVAL_MS, bytes: [110 * MiB, undefined, null, 390 * MiB, 11 * MiB] },
];

pure("instances and their processes have marks, the largest first", () => {
  const model = readHistory(documentOf(LOOKS));
  const marks = [...model.lines.values()].map(({ mark, about, parent }) => [
    mark,
    about.pid,
    parent?.mark ?? null,
  ]);
  assert.deepEqual(marks, [
    ["A", 5000, null],
    ["A1", 5000, "A"],
    ["A2", 5001, "A"],
    ["B", 4000, null],
    ["B1", 4000, "B"],
    ["B2", 4001, "B"],
    ["B3", 4002, "B"],
  ]);
});

pure("marks stay when a document comes anew in which another one is the largest", () => {
  const before = readHistory(documentOf(LOOKS));
  const grown = [...LOOKS, {
    at: START + 2 * INTERVAL_MS,
    bytes: [900 * MiB, ...LOOKS[0]!.bytes.slice(1)],
  }];
  const model = readHistory(documentOf(grown), before);
  assert.deepEqual(model.instances.map(({ mark, about }) => [mark, about.pid]), [["B", 4000], [
    "A",
    5000,
  ]]);
});

pure("points, times and who is there are those of the document", () => {
  const model = readHistory(documentOf(LOOKS, { until: START + INTERVAL_MS + 5 }));
  const of = (mark: string) => [...model.lines.values()].find((line) => line.mark === mark)!;
  assert.deepEqual(of("B1").times, [START, START + INTERVAL_MS]);
  assert.deepEqual(of("B3").values, [20 * MiB, null]);
  assert.deepEqual([of("B1").isThere, of("B2").isThere, of("B3").isThere], [true, false, true]);
  assert.equal(of("B1").settledMs, 5);
  assert.deepEqual([model.since, model.until, model.lastAt], [
    START,
    START + INTERVAL_MS + 5,
    START + INTERVAL_MS,
  ]);
  assert.equal(model.total, 511 * MiB);
  assert.deepEqual(model.peak, { bytes: 580 * MiB, at: START });
});

pure("a document of nothing is a model of nothing", () => {
  const model = readHistory(documentOf([]));
  assert.deepEqual([model.instances, model.lines.size, model.total, model.lastAt], [
    [],
    0,
    null,
    0,
  ]);
  assert.deepEqual(model.peak, { bytes: null, at: null });
});

pure("points that are not in the order of time are left out", () => {
  const document = documentOf(LOOKS);
  const [first] = document.instances;
  const points = [[5, 1], [5, 2], [4, 3], [6, 4]] as const;
  const { times, values } = readHistory({ ...document, instances: [{ ...first!, points }] })
    .instances[0]!;
  assert.deepEqual([times, values], [[5, 6], [1, 4]]);
});

pure("letters go on after Z", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letters), [
    "A",
    "Z",
    "AA",
    "AZ",
    "BA",
    "ZZ",
    "AAA",
  ]);
});
