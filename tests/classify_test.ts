import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeInstance, judgeProcess, worst } from "../src/classify.ts";
import type { Level, Missing, Sample, Thresholds } from "../src/types.ts";
import { GIB, reading } from "./fake.ts";
import { pure } from "./support.ts";

const PROCESS: Thresholds = { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" };
const INSTANCE: Thresholds = { ...PROCESS, scope: "instance" };

function read(footprintBytes: number, pid = 1): Sample {
  return { key: { pid, started: "s" }, atMs: 0, reading: reading(footprintBytes) };
}

function unread(missing: Missing, pid = 2): Sample {
  return { key: { pid, started: "s" }, atMs: 0, missing };
}

function levelOf(samples: readonly Sample[], limits: Thresholds): Level {
  const judged = samples.map((sample) => ({ sample, verdict: judgeProcess(sample, limits) }));
  return judgeInstance(judged, limits, "tui").level;
}

pure("a value equal to a limit is not over it", () => {
  const levels: [number, Level][] = [
    [1, "normal"],
    [2 * GIB, "normal"],
    [2 * GIB + 1, "warning"],
    [4 * GIB, "warning"],
    [4 * GIB + 1, "critical"],
    [52 * GIB, "critical"],
  ];
  for (const [bytes, level] of levels) {
    assert.equal(judgeProcess(read(bytes), PROCESS).level, level, `${bytes}`);
  }
});

pure("equal limits leave no room for a warning", () => {
  const limits = { ...PROCESS, warningBytes: GIB, criticalBytes: GIB };
  assert.equal(judgeProcess(read(GIB), limits).level, "normal");
  assert.equal(judgeProcess(read(GIB + 1), limits).level, "critical");
});

pure("without a reading the level is unknown, and says why", () => {
  for (const missing of ["gone", "denied", "zombie", "unsupported"] as const) {
    const verdict = judgeProcess(unread(missing), PROCESS);
    assert.deepEqual(verdict, { level: "unknown", because: { kind: "unread", missing } });
  }
});

pure("worst: critical, warning, unknown, normal; normal of none", () => {
  assert.equal(worst(["normal", "unknown", "warning", "critical"]), "critical");
  assert.equal(worst(["normal", "unknown", "warning"]), "warning");
  assert.equal(worst(["normal", "unknown"]), "unknown");
  assert.equal(worst([]), "normal");
});

pure("scope process: the worst process decides; what ended decides nothing", () => {
  assert.equal(levelOf([read(GIB), read(3 * GIB)], PROCESS), "warning");
  assert.equal(levelOf([read(1.5 * GIB), read(1.5 * GIB)], PROCESS), "normal");
  assert.equal(levelOf([read(GIB), unread("denied")], PROCESS), "unknown");
  assert.equal(levelOf([read(5 * GIB), unread("denied")], PROCESS), "critical");
  assert.equal(levelOf([read(GIB), unread("zombie"), unread("gone")], PROCESS), "normal");
  assert.equal(levelOf([unread("zombie")], PROCESS), "unknown");
});

pure("scope instance: the total decides, and a total that lacks a reading is a lower bound", () => {
  assert.equal(levelOf([read(1.5 * GIB), read(1.5 * GIB)], INSTANCE), "warning");
  assert.equal(levelOf([read(GIB), read(GIB)], INSTANCE), "normal");
  assert.equal(levelOf([read(GIB), unread("denied")], INSTANCE), "unknown");
  assert.equal(levelOf([read(3 * GIB), unread("denied")], INSTANCE), "warning");
  assert.equal(levelOf([read(GIB), unread("zombie")], INSTANCE), "normal");
});

pure("the verdict names the largest of the deciding processes", () => {
  const samples = [read(5 * GIB, 10), read(9 * GIB, 11), read(GIB, 12)];
  const judged = samples.map((sample) => ({ sample, verdict: judgeProcess(sample, PROCESS) }));
  const { because } = judgeInstance(judged, PROCESS, "tui");
  assert.ok(because.kind === "process" && because.pid === 11);
});

pure("any readings: a total is never judged milder than its largest process", () => {
  const bytes = fc.integer({ min: 1, max: 8 * GIB });
  const severity: readonly Level[] = ["normal", "unknown", "warning", "critical"];
  fc.assert(fc.property(fc.array(bytes, { minLength: 1 }), (footprints) => {
    const samples = footprints.map((b) => read(b));
    const byProcess = severity.indexOf(levelOf(samples, PROCESS));
    assert.ok(severity.indexOf(levelOf(samples, INSTANCE)) >= byProcess);
  }));
});
