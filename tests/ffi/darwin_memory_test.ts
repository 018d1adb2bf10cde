import assert from "node:assert/strict";
import type { DarwinCalls } from "../../src/ffi/darwin_abi.ts";
import type { Reading } from "../../src/types.ts";
import { CALLER, type Point, type ProcessScript } from "../standin/standin.ts";
import { CANARY, facts } from "./facts.ts";
import { failing, probing } from "./probing.ts";

const { counts } = facts;

/** Every number differs, so that none can stand for another; the two sources differ too. */
const MEASURED = {
  pid: 10,
  task: {
    resident: 101_000_001,
    footprint: 102_000_002,
    compressed: 103_000_003,
    peak: 104_000_004,
  },
  rusage: { resident: 201_000_001, footprint: 202_000_002, peak: 204_000_004 },
} as const satisfies ProcessScript;

const NO_MORE = { pssBytes: null, ussBytes: null, uid: null } as const;

const FROM_TASK: Reading = {
  footprintBytes: 102_000_002,
  residentBytes: 101_000_001,
  peakBytes: 104_000_004,
  swappedBytes: 103_000_003,
  ...NO_MORE,
  source: "task_info",
};

const FROM_RUSAGE: Reading = {
  footprintBytes: 202_000_002,
  residentBytes: 201_000_001,
  peakBytes: 204_000_004,
  swappedBytes: null,
  ...NO_MORE,
  source: "proc_pid_rusage",
};

const PEAK_FROM_RUSAGE: Reading = { ...FROM_TASK, peakBytes: FROM_RUSAGE.peakBytes };

const plain = { exact: false } as const;

probing(
  "the footprint comes from task_info, and nothing else is asked",
  ({ system, probe, process }) => {
    const info = process(MEASURED);
    assert.deepEqual(probe.memory(info, plain), FROM_TASK);
    assert.deepEqual(probe.memory(info, { exact: true }), FROM_TASK);
    assert.equal(system.portsGiven(), 2);
    assert.equal(system.calls("mach_port_deallocate"), 2);
    assert.equal(system.calls("proc_pid_rusage"), 0);
  },
);

/** Fills what task_info is given with canaries, and sees that the library left the rest of them. */
function canaried(calls: DarwinCalls): DarwinCalls {
  return {
    ...calls,
    task_info: (port, flavor, out, count) => {
      const bytes = out as Uint8Array<ArrayBuffer>;
      bytes.fill(CANARY);
      const result = calls.task_info(port, flavor, out, count);
      const filled = (count as Uint32Array<ArrayBuffer>)[0]! * 4;
      assert(bytes.subarray(filled).every((byte) => byte === CANARY));
      return result;
    },
  };
}

const revisions: readonly [number, Reading][] = [
  [counts.REV0.units, FROM_RUSAGE],
  [counts.REV1.units, PEAK_FROM_RUSAGE],
  [counts.REV2.units, PEAK_FROM_RUSAGE],
  [counts.REV3.units, FROM_TASK],
  [counts.REV5.units, FROM_TASK],
  [counts.newest.units, FROM_TASK],
];

for (const [units, expected] of revisions) {
  probing(`a kernel that fills ${units} units of task_vm_info`, ({ probe, process }) => {
    assert.deepEqual(probe.memory(process({ ...MEASURED, units }), plain), expected);
  }, canaried);
}

probing("nothing of one process is told of the next", ({ probe, process }) => {
  const [newest, older] = [process(MEASURED), process({ ...MEASURED, pid: 11, units: 38 })];
  const task = { resident: 1, footprint: 2, compressed: 0, peak: 3 };
  const refusing = process({
    pid: 12,
    task,
    rusage: { resident: 4, footprint: 5, peak: 6 },
    units: 36,
  });
  assert.deepEqual(probe.memory(newest, plain), FROM_TASK);
  assert.deepEqual(probe.memory(older, plain), PEAK_FROM_RUSAGE);
  const { footprintBytes, residentBytes, peakBytes } = probe.memory(refusing, plain) as Reading;
  assert.deepEqual([footprintBytes, residentBytes, peakBytes], [5, 4, 6]);
  assert.deepEqual(probe.memory(newest, plain), FROM_TASK);
});

probing("nothing of one process is told of the next, which died", ({ system, probe, process }) => {
  const [living, dying] = [process(MEASURED), process({ ...MEASURED, pid: 11, rusage: undefined })];
  system.dies(11, "task_info");
  assert.deepEqual(probe.memory(living, plain), FROM_TASK);
  assert.equal(probe.memory(dying, plain), "gone");
});

probing("without a name port, proc_pid_rusage tells", ({ system, probe, process }) => {
  const info = process({ ...MEASURED, refusesPort: true });
  assert.deepEqual(probe.memory(info, plain), FROM_RUSAGE);
  assert.equal(system.calls("task_info"), 0);
  assert.equal(system.calls("mach_port_deallocate"), 0, "there is no port to give back");
});

probing("a process with another real uid gives no port, but its rusage", ({ probe, process }) => {
  assert.deepEqual(probe.memory(process({ ...MEASURED, ruid: 0 }), plain), FROM_RUSAGE);
});

probing("another user's process is denied, to an ordinary user", ({ system, probe, process }) => {
  assert.equal(probe.memory(process({ ...MEASURED, uid: 502 }), plain), "denied");
  assert.equal(probe.memory(process({ ...MEASURED, pid: 11, uid: 0 }), plain), "denied");
  assert.equal(system.portsGiven(), 0);
});

probing("root reads everybody's memory", ({ system, probe, process }) => {
  system.caller({ pid: CALLER.pid, uid: 0 });
  assert.deepEqual(probe.memory(process({ ...MEASURED, uid: 502 }), plain), FROM_TASK);
});

probing("a zombie is a zombie, and nothing is asked of it", ({ system, probe, process }) => {
  assert.equal(probe.memory(process({ ...MEASURED, zombie: true }), plain), "zombie");
  assert.equal(system.calls("task_name_for_pid") + system.calls("proc_pid_rusage"), 0);
});

probing("a process that is gone is gone, whoever's it was", ({ system, probe, process }) => {
  const infos = [process(MEASURED), process({ ...MEASURED, pid: 11, uid: 502 })];
  for (const info of infos) system.remove(info.key.pid);
  for (const info of infos) assert.equal(probe.memory(info, plain), "gone");
});

const stations: readonly Point[] = ["task_name_for_pid", "task_info"];
for (const at of stations) {
  for (const zombie of [false, true]) {
    const how = zombie ? "into a zombie" : "altogether";
    probing(`a process that dies ${how} before ${at} is gone`, ({ system, probe, process }) => {
      const info = process(MEASURED);
      system.dies(10, at, 1, zombie);
      assert.equal(probe.memory(info, plain), "gone");
      assert.equal(probe.memory(info, plain), "gone");
    });
  }
}

for (const zombie of [false, true]) {
  const how = zombie ? "as a zombie" : "altogether";
  probing(`a process that dies ${how} before its rusage is gone`, ({ system, probe, process }) => {
    const info = process({ ...MEASURED, refusesPort: true });
    system.dies(10, "proc_pid_rusage", 1, zombie);
    assert.equal(probe.memory(info, plain), "gone");
  });

  probing(
    `what was read is kept if it dies ${how} before its peak`,
    ({ system, probe, process }) => {
      const info = process({ ...MEASURED, units: 38 });
      system.dies(10, "proc_pid_rusage", 1, zombie);
      assert.deepEqual(probe.memory(info, plain), { ...FROM_TASK, peakBytes: null });
    },
  );
}

probing(
  "wherever a process dies, there is a reading or it is gone",
  ({ system, probe, process }) => {
    for (let nth = 1; nth <= 4; nth++) {
      for (const units of [36, 38, 93]) {
        const info = process({ ...MEASURED, units });
        system.dies(10, "any", nth);
        const reading = probe.memory(info, plain);
        if (typeof reading === "string") assert.equal(reading, "gone");
        else assert([102_000_002, 202_000_002].includes(reading.footprintBytes));
        system.remove(10);
      }
    }
  },
);

probing("0 bytes are never a reading", ({ probe, process }) => {
  const none = { resident: 0, footprint: 0, peak: 0 };
  const { task, rusage } = MEASURED;
  assert.deepEqual(probe.memory(process({ pid: 10, task: none, rusage }), plain), FROM_RUSAGE);
  assert.equal(probe.memory(process({ pid: 11, task: none, rusage: none }), plain), "gone");
  const noPeak = probe.memory(process({ pid: 12, task, rusage: none, units: 38 }), plain);
  assert.deepEqual(noPeak, { ...FROM_TASK, peakBytes: null });
});

probing(
  "task_info may fail: the port is given back, and rusage tells",
  ({ system, probe, process }) => {
    assert.deepEqual(probe.memory(process(MEASURED), plain), FROM_RUSAGE);
    assert.equal(system.portsGiven(), 1);
  },
  (calls) => ({ ...calls, task_info: () => 5 }),
);

probing("an exception on the way leaves no port either", ({ system, probe, process }) => {
  assert.throws(() => probe.memory(process(MEASURED), plain), /^Error: on purpose$/);
  assert.equal(system.portsGiven(), 1);
}, (calls) => ({
  ...calls,
  task_info: () => {
    throw new Error("on purpose");
  },
}));

const trouble = failing("proc_pid_rusage");
probing("why there is no rusage is told by errno, of this call", ({ probe, process }) => {
  const { EPERM, ESRCH, EINVAL, ENOMEM } = facts.constants;
  const info = process({ ...MEASURED, refusesPort: true });
  const answer = (errno: number) => {
    trouble.errno = errno;
    return probe.memory(info, plain);
  };
  assert.equal(answer(EPERM), "denied");
  assert.equal(answer(ESRCH), "gone");
  assert.equal(answer(EINVAL), "unsupported");
  assert.equal(answer(ENOMEM), "unsupported");
  assert.equal(answer(EPERM), "denied");
  assert.deepEqual(answer(0), FROM_RUSAGE);
}, trouble.wrap);

probing("thousands of readings leave no port", ({ system, probe, process }) => {
  const infos = [
    process(MEASURED),
    process({ ...MEASURED, pid: 11, units: 36 }),
    process({ ...MEASURED, pid: 12, uid: 502 }),
    process({ ...MEASURED, pid: 13, task: { resident: 0, footprint: 0, peak: 0 } }),
  ];
  for (let i = 0; i < 2000; i++) for (const info of infos) probe.memory(info, plain);
  assert.equal(system.portsGiven(), 6000);
  assert.equal(system.livePorts(), 0);
});
