/** Each source of macOS by itself, on the stand-in library. */

import assert from "node:assert/strict";
import type { Missing, ProcessInfo } from "../../src/types.ts";
import type { DarwinProbe } from "../../src/ffi/darwin.ts";
import { CALLER, type ProcessScript } from "../standin/standin.ts";
import { facts } from "./facts.ts";
import { failing, probing } from "./probing.ts";

/** Every number differs, so that none can stand for another. */
const MEASURED = {
  pid: 10,
  task: { resident: 101_000_001, footprint: 102_000_002, compressed: 3, peak: 104_000_004 },
  rusage: { resident: 201_000_001, footprint: 202_000_002, peak: 204_000_004 },
} as const satisfies ProcessScript;

/** The footprint by each source, or why there is none; the source inside a reading must be its own. */
function told(probe: DarwinProbe, info: ProcessInfo): Record<string, number | Missing> {
  const readings = probe.readings(info);
  assert.deepEqual(readings.map((one) => one.source), ["task_info", "proc_pid_rusage"]);
  return Object.fromEntries(readings.map(({ source, reading }) => {
    if (typeof reading === "string") return [source, reading];
    assert.equal(reading.source, source);
    return [source, reading.footprintBytes];
  }));
}

const BOTH = { task_info: 102_000_002, proc_pid_rusage: 202_000_002 };

probing("each source tells its own, once", ({ system, probe, process }) => {
  const info = process(MEASURED);
  assert.deepEqual(told(probe, info), BOTH);
  assert.equal(system.calls("task_info"), 1);
  assert.equal(system.calls("proc_pid_rusage"), 1);
  assert.equal(system.portsGiven(), 1);
});

probing("a reading by itself is the source's alone", ({ probe, process }) => {
  const [task, rusage] = probe.readings(process({ ...MEASURED, units: 38 }));
  assert(task && typeof task.reading !== "string" && rusage && typeof rusage.reading !== "string");
  // 38 units hold no peak; memory() would take it from the other source.
  assert.deepEqual([task.reading.peakBytes, task.reading.residentBytes], [null, 101_000_001]);
  assert.deepEqual(
    [rusage.reading.peakBytes, rusage.reading.residentBytes, rusage.reading.swappedBytes],
    [204_000_004, 201_000_001, null],
  );
});

probing("one source may be there without the other", ({ probe, process }) => {
  const rusage = 202_000_002;
  const refusing = process({ ...MEASURED, refusesPort: true });
  assert.deepEqual(told(probe, refusing), { task_info: "denied", proc_pid_rusage: rusage });
  // A kernel before macOS 10.11 fills 36 units, in which there is no footprint.
  const old = process({ ...MEASURED, pid: 11, units: facts.counts.REV0.units });
  assert.deepEqual(told(probe, old), { task_info: "unsupported", proc_pid_rusage: rusage });
  const none = process({ ...MEASURED, pid: 12, rusage: { resident: 0, footprint: 0, peak: 0 } });
  assert.deepEqual(told(probe, none), { task_info: 102_000_002, proc_pid_rusage: "gone" });
});

probing("a process without any says why, by both", ({ system, probe, process }) => {
  const both = (why: Missing) => ({ task_info: why, proc_pid_rusage: why });
  const info = process({ ...MEASURED, pid: 13 });
  system.remove(13);
  assert.deepEqual(told(probe, info), both("gone"));
  assert.deepEqual(told(probe, process({ ...MEASURED, uid: 502 })), both("denied"));
  const calls = system.calls("task_name_for_pid") + system.calls("proc_pid_rusage");
  assert.deepEqual(
    told(probe, process({ ...MEASURED, pid: 11, zombie: true })),
    both("zombie"),
  );
  const after = system.calls("task_name_for_pid") + system.calls("proc_pid_rusage");
  assert.equal(after, calls, "a zombie is asked nothing");
});

probing("a process that dies in between keeps what was read", ({ system, probe, process }) => {
  const info = process(MEASURED);
  system.dies(10, "proc_pid_rusage");
  assert.deepEqual(told(probe, info), { task_info: 102_000_002, proc_pid_rusage: "gone" });
});

probing(
  "a task_info that fails is gone, and its port is given back",
  ({ system, probe, process }) => {
    const seen = told(probe, process(MEASURED));
    assert.deepEqual(seen, { task_info: "gone", proc_pid_rusage: 202_000_002 });
    assert.equal(system.portsGiven(), 1);
  },
  (calls) => ({ ...calls, task_info: () => 5 }),
);

const trouble = failing("proc_pid_rusage");
probing("errno tells why, where neither source does", ({ probe, process }) => {
  const info = process({ ...MEASURED, refusesPort: true });
  trouble.errno = facts.constants.EINVAL;
  assert.deepEqual(told(probe, info), {
    task_info: "unsupported",
    proc_pid_rusage: "unsupported",
  });
}, trouble.wrap);

probing("root is told of everybody", ({ system, probe, process }) => {
  system.caller({ pid: CALLER.pid, uid: 0 });
  assert.deepEqual(told(probe, process({ ...MEASURED, uid: 502 })), BOTH);
});
