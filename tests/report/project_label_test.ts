import assert from "node:assert/strict";
import { metricFamilies } from "../../src/report/metrics.ts";
import { GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { reportOf, session, type Sketch, STYLE } from "./metric_reports.ts";

/** The footprint of each project, as the metrics have it. */
function footprints(sketches: readonly Sketch[]): Map<string, number> {
  const family = metricFamilies(reportOf(sketches), STYLE)
    .find(({ name }) => name === "opencode_memory_footprint_bytes")!;
  const pairs = family.samples.map(({ labels, value }) => [labels.project!, value] as const);
  assert.equal(new Set(pairs.map(([project]) => project)).size, pairs.length);
  return new Map(pairs);
}

const labelsOf = (...directories: (string | null)[]) => [
  ...footprints(directories.map((directory) => session(directory, MIB))).keys(),
];

pure("a project is a directory, with the home as ~, or nothing", () => {
  assert.deepEqual(
    labelsOf("/home/ann", "/home/ann/api", "/home/annabel", "/srv", null),
    ["~", "~/api", "/home/annabel", "/srv", ""],
  );
});

pure("the 50 largest projects are told apart, and the others are one", () => {
  // 60 projects, of 1 to 60 MiB, the smallest first; a second session makes the smallest the largest.
  const sketches = Array.from({ length: 60 }, (_, i) => session(`/p${i + 1}`, (i + 1) * MIB));
  const shown = footprints([...sketches, session("/p1", GIB), session(null, 2 * GIB)]);
  assert.equal(shown.size, 52);
  assert.equal(shown.get("/p1"), GIB + MIB);
  assert.equal(shown.get("/p12"), 12 * MIB);
  assert.equal(shown.has("/p11"), false);
  assert.equal(shown.get("(others)"), (2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11) * MIB);
  // What is not known is no project, and takes no place.
  assert.equal(shown.get(""), 2 * GIB);
});

pure("50 projects have no others", () => {
  const sketches = Array.from({ length: 50 }, (_, i) => session(`/p${i}`, MIB));
  assert.equal(footprints(sketches).has("(others)"), false);
  const one = footprints([...sketches, session("/q", MIB)]);
  assert.equal(one.get("(others)"), MIB);
});

pure("of projects of one size the same ones are told apart whatever their order", () => {
  const sketches = Array.from({ length: 60 }, (_, i) => session(`/p${i + 10}`, MIB));
  const expected = Array.from({ length: 50 }, (_, i) => `/p${i + 10}`);
  for (const order of [sketches, sketches.toReversed()]) {
    assert.deepEqual([...footprints(order).keys()].sort(), ["(others)", ...expected]);
  }
});

pure("a directory of the name that the others have is one with them", () => {
  const sketches = Array.from({ length: 60 }, (_, i) => session(`/p${i}`, GIB));
  const shown = footprints([...sketches, session("(others)", 2 * GIB)]);
  assert.equal(shown.size, 50);
  assert.equal(shown.get("(others)"), 13 * GIB);
});

pure("a long directory keeps its beginning and its end", () => {
  const of = (length: number) => `/${"x".repeat(length - 5)}/end`;
  assert.deepEqual(labelsOf(of(128)), [of(128)]);
  assert.deepEqual(labelsOf(of(129)), [`/${"x".repeat(62)}…${"x".repeat(60)}/end`]);
  // The home is shortened first.
  assert.deepEqual(labelsOf(`/home/ann/${"y".repeat(126)}`), [`~/${"y".repeat(126)}`]);
  // Characters of two UTF-16 units count once, and are not halved.
  assert.deepEqual(labelsOf(`/${"🦊".repeat(127)}`), [`/${"🦊".repeat(127)}`]);
  assert.deepEqual(labelsOf(`/${"🦊".repeat(200)}`), [`/${"🦊".repeat(62)}…${"🦊".repeat(64)}`]);
});

pure("long directories that differ at either end stay apart, others are added up", () => {
  const long = (start: string, middle: string, end: string) =>
    `/${start}/${"x".repeat(2000)}${middle}${"x".repeat(2000)}/${end}`;
  assert.equal(labelsOf(long("a", "", "c"), long("b", "", "c"), long("a", "", "d")).length, 3);
  const shown = footprints([
    session(long("a", "one", "c"), 3 * MIB),
    session(long("a", "two", "c"), 4 * MIB),
  ]);
  assert.deepEqual([...shown.values()], [7 * MIB]);
});
