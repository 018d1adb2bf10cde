/** Memory by kind, on the stand-in library. */

import assert from "node:assert/strict";
import type { DarwinCalls } from "../../src/ffi/darwin_abi.ts";
import { decodeTaskVmParts } from "../../src/ffi/darwin_parts.ts";
import { CALLER, type ProcessScript } from "../standin/standin.ts";
import { pure } from "../support.ts";
import { canaries, facts, put } from "./facts.ts";
import { probing } from "./probing.ts";

const { counts } = facts;

/** Every number differs, so that none can stand for another. */
const MEASURED = {
  pid: 10,
  startSeconds: 1_700_000_000,
  task: {
    resident: 101_000_001,
    footprint: 102_000_002,
    compressed: 103_000_003,
    peak: 104_000_004,
  },
  parts: {
    internal: 105_000_005,
    external: 106_000_006,
    reusable: 107_000_007,
    purgeable: 108_000_008,
    purgeableCompressed: 109_000_009,
  },
  rusage: { resident: 201_000_001, footprint: 202_000_002, peak: 204_000_004 },
} as const satisfies ProcessScript;

const ALL = [
  { kind: "internal", bytes: 105_000_005, inFootprint: true },
  { kind: "compressed", bytes: 103_000_003, inFootprint: true },
  // 108,000,008 and 109,000,009: in RAM, and held by the compressor.
  { kind: "purgeable", bytes: 217_000_017, inFootprint: true },
  { kind: "external", bytes: 106_000_006, inFootprint: false },
  { kind: "reusable", bytes: 107_000_007, inFootprint: false },
] as const;
const WITHOUT_PURGEABLE = ALL.filter(({ kind }) => kind !== "purgeable");

probing("all kinds come from one task_info, and its port is given back", (scene) => {
  const info = scene.process(MEASURED);
  assert.deepEqual(scene.probe.memoryParts(info), ALL);
  assert.deepEqual([scene.system.portsGiven(), scene.system.calls("task_info")], [1, 1]);
  assert.equal(scene.system.calls("proc_pid_rusage"), 0);
});

for (
  const [units, expected] of [
    // Without a footprint there is nothing that they could be parts of.
    [counts.REV0.units, "unsupported"],
    [counts.REV1.units, WITHOUT_PURGEABLE],
    [counts.REV2.units, WITHOUT_PURGEABLE],
    // In the middle of a member: half of a number is none.
    [45, WITHOUT_PURGEABLE],
    [47, WITHOUT_PURGEABLE],
    [counts.REV3.units, ALL],
    [counts.REV5.units, ALL],
    [counts.newest.units, ALL],
  ] as const
) {
  probing(`parts: a kernel that fills ${units} units of task_vm_info`, ({ probe, process }) => {
    // What the last one filled is not told of this one.
    assert.deepEqual(probe.memoryParts(process(MEASURED)), ALL);
    assert.deepEqual(probe.memoryParts(process({ ...MEASURED, pid: 11, units })), expected);
  });
}

probing("parts: a ledger out of balance is left out, not told as exabytes", (scene) => {
  const parts = { ...MEASURED.parts, purgeable: -16_384 };
  assert.deepEqual(
    scene.probe.memoryParts(scene.process({ ...MEASURED, parts })),
    WITHOUT_PURGEABLE,
  );
});

probing("parts: whose they are, and whether they are there, as the memory says", (scene) => {
  const { system, probe, process } = scene;
  assert.equal(probe.memoryParts(process({ ...MEASURED, uid: 502 })), "denied");
  // Its footprint is told by another call, which tells no kinds.
  const refused = process({ ...MEASURED, pid: 11, refusesPort: true });
  assert.equal(probe.memoryParts(refused), "unsupported");
  assert.equal(probe.memoryParts(process({ ...MEASURED, pid: 12, zombie: true })), "zombie");
  const gone = process({ ...MEASURED, pid: 13 });
  system.remove(13);
  assert.equal(probe.memoryParts(gone), "gone");
  const none = { resident: 0, footprint: 0, peak: 0 };
  const ended = process({ ...MEASURED, pid: 14, task: none, rusage: none });
  assert.equal(probe.memoryParts(ended), "gone");
  system.caller({ pid: CALLER.pid, uid: 0 });
  assert.deepEqual(probe.memoryParts(process({ ...MEASURED, pid: 15, uid: 502 })), ALL);
});

probing("parts: another process of the same pid is not the one that was meant", (scene) => {
  const { system, probe, process } = scene;
  const info = process(MEASURED);
  system.remove(10);
  process({ ...MEASURED, startSeconds: MEASURED.startSeconds + 1 });
  assert.equal(probe.memoryParts(info), "gone");
});

for (const at of ["task_name_for_pid", "task_info", "one_process"] as const) {
  probing(`parts: a process that dies before ${at} is gone`, ({ system, probe, process }) => {
    const info = process(MEASURED);
    system.dies(10, at);
    assert.equal(probe.memoryParts(info), "gone");
  });
}

function throwing(calls: DarwinCalls): DarwinCalls {
  return {
    ...calls,
    task_info: () => {
      throw new Error("on purpose");
    },
  };
}

probing("parts: an exception on the way leaves no port", ({ probe, process }) => {
  assert.throws(() => probe.memoryParts(process(MEASURED)), /^Error: on purpose$/);
}, throwing);

pure("parts: what the kernel did not fill is not read", () => {
  const { fields, size } = facts.structs.task_vm_info;
  const bytes = canaries(size);
  const figures = [fields.internal, fields.external, fields.reusable, fields.compressed];
  for (const [i, place] of figures.entries()) put(bytes, place, i + 1);
  put(bytes, fields.phys_footprint, 5);
  put(bytes, fields.resident_size, 6);
  const view = new DataView(bytes.buffer);
  const found = decodeTaskVmParts(view, counts.REV1.units);
  assert.deepEqual(found!.map(({ kind, bytes }) => [kind, bytes]), [
    ["internal", 1],
    ["compressed", 4],
    ["external", 2],
    ["reusable", 3],
  ]);
  for (let count = 0; count < counts.REV1.units; count++) {
    assert.equal(decodeTaskVmParts(view, count), null);
  }
});
