/** How a run of the self-test goes: what it runs on, what ends it, and what it can't do without. */

import assert from "node:assert/strict";
import { NativeError, UnsupportedError, UsageError } from "../src/errors.ts";
import { checkOfLevel } from "../src/selftest/findings.ts";
import { DEFAULT_LIMITS, judgeKnown } from "../src/selftest/thresholds.ts";
import type { StopSignal } from "../src/world.ts";
import { FakeProbe, MIB, NOW_MS, OWN_PID } from "./fake.ts";
import type { Controls, FakeWorld } from "./fake_world.ts";
import { documentOf, failedIn, openCode, own, runOn } from "./selftest_scene.ts";
import { pure } from "./support.ts";

pure("with no OpenCode running it says so, and runs on itself", async () => {
  const document = await documentOf(runOn([own()], { json: true }));
  const { pid, role, samples } = document.tracking!;
  assert.deepEqual([pid, role, samples, document.exit_code], [OWN_PID, null, 10, 0]);
  assert.deepEqual(document.discovery!.instances, []);
  const { out } = await runOn([own()]);
  const words = out.replace(/\s+/g, " ");
  assert.match(words, /No OpenCode process is running: the self-test runs on itself, pid 999,/);
  assert.match(words, /No OpenCode process is running \(1 looked at\)/);
});

pure("an OpenCode that can't be read is no subject, and not said to be none", async () => {
  const machine = [own(), openCode({ memory: "denied" })];
  const document = await documentOf(runOn(machine, { json: true }));
  assert.deepEqual([document.tracking!.pid, document.exit_code], [OWN_PID, 0]);
  const words = (await runOn(machine)).out.replace(/\s+/g, " ");
  assert.match(words, /No OpenCode process can be read: the self-test runs on itself/);
  assert.match(words, /pid 10: unread in 1 process/);
});

pure("the largest OpenCode process is tracked, not a larger child of one", async () => {
  const machine = [
    own(),
    openCode({ memory: 100 * MIB }),
    openCode({ pid: 20, memory: 200 * MIB }),
    openCode({ pid: 30, memory: 150 * MIB }),
    { pid: 31, ppid: 30, memory: 900 * MIB },
  ];
  assert.equal((await documentOf(runOn(machine, { json: true }))).tracking!.pid, 20);
});

pure("samples, min, max and avg are those of the readings", async () => {
  const probe = new FakeProbe([own(), openCode({ memory: 100 * MIB })]);
  const grow = (memory: number) => () => probe.set([own(), openCode({ memory })]);
  const script = { 500: grow(401 * MIB), 1500: grow(100 * MIB + 1), 2500: grow(150 * MIB) };
  const ran = runOn([], { json: true, duration: 5000 }, { probe, script });
  const { tracking } = await documentOf(ran);
  const { samples, min_bytes, max_bytes, mean_bytes, readings } = tracking!;
  const told = [100 * MIB, 401 * MIB, 100 * MIB + 1, 150 * MIB, 150 * MIB];
  assert.deepEqual(readings.map((one) => one.footprint_bytes), told);
  assert.deepEqual([samples, min_bytes, max_bytes], [5, 100 * MIB, 401 * MIB]);
  // (901 MiB + 1) / 5 = 188953395.4
  assert.equal(mean_bytes, 188_953_395);
});

pure("a reading that could not be taken is listed, and fails", async () => {
  const probe = new FakeProbe([own(), openCode()]);
  const script = {
    1500: () => probe.set([own(), openCode({ memory: "denied" })]),
    2000: () => probe.set([own(), openCode()]),
  };
  const scene = { probe, script };
  const document = await documentOf(runOn([], { json: true, duration: 4000 }, scene));
  const { samples, planned, readings } = document.tracking!;
  assert.deepEqual([samples, planned, document.exit_code], [4, 5, 1]);
  assert.deepEqual(readings[2], {
    at: new Date(NOW_MS + 1600).toISOString(),
    footprint_bytes: null,
    missing: "denied",
  });
  assert.deepEqual(failedIn(document), ["Every reading taken"]);
});

pure("readings that were missed are made up for at once", async () => {
  const script = { 2500: (controls: Controls) => controls.stall(3600) };
  const { tracking } = await documentOf(runOn([own()], { json: true }, { script }));
  const at = tracking!.readings.map((one) => Date.parse(one.at) - NOW_MS);
  assert.deepEqual(at, [0, 1000, 2000, 6100, 6100, 6100, 6100, 7000, 8000, 9000]);
});

const ENDS = {
  "is gone while it is read": () => openCode({ memory: "gone" }),
  "becomes a zombie": () => openCode({ zombie: true, memory: "zombie" }),
  "gives its pid to another": () => openCode({ started: "later" }),
};

for (const [how, after] of Object.entries(ENDS)) {
  pure(`a process that ${how} is no failure`, async () => {
    const runIt = (json: boolean) => {
      const probe = new FakeProbe([own(), openCode()]);
      const script = { 2500: () => probe.set([own(), after()]) };
      return runOn([], { json }, { probe, script });
    };
    const document = await documentOf(runIt(true));
    const { ended, samples, planned, readings } = document.tracking!;
    assert.deepEqual([ended, samples, planned, readings.length], ["gone", 3, 10, 3]);
    assert.deepEqual([document.passed, document.exit_code], [true, 0]);
    const words = (await runIt(false)).out.replace(/\s+/g, " ");
    assert.match(words, /3 of 10 readings were taken; then the process ended on its own/);
  });
}

const SIGNALS: readonly [StopSignal, number][] = [["SIGINT", 130], ["SIGTERM", 143], [
  "SIGHUP",
  129,
]];

for (const [signal, code] of SIGNALS) {
  pure(`${signal} ends it, with what was gathered`, async () => {
    const scene = (): Parameters<typeof runOn>[2] => ({
      script: { 2500: (controls) => controls.signal(signal) },
    });
    const machine = [own(), openCode()];
    const document = await documentOf(runOn(machine, { json: true }, scene()));
    assert.deepEqual([document.exit_code, document.passed, document.interrupted], [
      code,
      null,
      true,
    ]);
    const { ended, samples } = document.tracking!;
    assert.deepEqual([ended, samples, document.cost], ["interrupted", 3, null]);
    assert.equal(document.thresholds.length, 3);
    const { out } = await runOn(machine, {}, scene());
    assert(out.endsWith("\n\nSelf-test interrupted: none of 12 checks failed\n"), out);
    // What had failed by then has failed.
    const failing = [own({ argv: "denied" }), openCode()];
    const failed = await documentOf(runOn(failing, { json: true }, scene()));
    assert.deepEqual([failed.exit_code, failed.passed], [code, false]);
  });
}

const SCHEDULES: readonly [duration: number | undefined, ms: number, planned: number][] = [
  [undefined, 1000, 10],
  [10_500, 1000, 11],
  [5000, 1000, 5],
  [4999, 1000, 5],
  [501, 101, 5],
  [50, 10, 5],
  [12, 10, 2],
  [1, 10, 1],
];

for (const [duration, ms, planned] of SCHEDULES) {
  pure(`a duration of ${duration ?? "nothing said"}: ${planned} readings`, async () => {
    const document = await documentOf(runOn([own()], { json: true, duration }));
    const { samples, readings } = document.tracking!;
    assert.deepEqual([document.tracking!.planned, samples], [planned, planned]);
    const at = readings.map((one) => Date.parse(one.at) - NOW_MS);
    assert.deepEqual(at, Array.from({ length: planned }, (_, i) => i * ms));
  });
}

const FAULTS: readonly [string, () => FakeProbe, string][] = [
  ["can't be opened", () => {
    throw new UnsupportedError("Cannot read processes: no \x1b library");
  }, "Cannot read processes: no \\x1b library"],
  ["does not tell the memory", () =>
    Object.assign(new FakeProbe([own()]), {
      memoryBytes: () => {
        throw new NativeError("Cannot tell the machine's memory: none");
      },
    }), "Cannot tell the machine's memory: none"],
  ["lists no processes", () =>
    Object.assign(new FakeProbe([own()]), {
      processTable: () => {
        throw new NativeError("Cannot list processes: none");
      },
    }), "Cannot list processes: none"],
];

for (const [how, openProbe, detail] of FAULTS) {
  pure(`a library that ${how} ends it, with a report`, async () => {
    const document = await documentOf(runOn([], { json: true }, { openProbe }));
    assert.deepEqual(document.platform.checks, [{ name: "Library opened", passed: false, detail }]);
    const { passed, exit_code, host, discovery, tracking, thresholds, cost } = document;
    assert.deepEqual([passed, exit_code], [false, 1]);
    assert.deepEqual([host, discovery, tracking, thresholds, cost], [null, null, null, [], null]);
    const { out, code } = await runOn([], {}, { openProbe });
    assert.equal(code, 1);
    assert.equal(
      out,
      "ocmem 1.2.3 self-test\n\nPlatform\n" +
        `  ✗ FAILED  Library opened: ${detail}\n\nSelf-test failed: 1 of 1 check\n`,
    );
  });
}

pure("a bug is no failed check", async () => {
  const openProbe = () => {
    throw new TypeError("a bug");
  };
  await assert.rejects(runOn([], {}, { openProbe }), /a bug/);
});

pure("the probe is given back, however it ends", async () => {
  const faulty = new FakeProbe([own()]);
  faulty.memoryBytes = () => {
    throw new NativeError("none");
  };
  for (const probe of [new FakeProbe([own()]), faulty]) {
    await runOn([], {}, { probe });
    assert.equal(probe.disposed, true);
  }
});

pure("limits that are not the default ones fail the levels", () => {
  const levels = (warningBytes: number, criticalBytes: number) =>
    judgeKnown({ warningBytes, criticalBytes, scope: "process" }, NOW_MS).map(checkOfLevel);
  const { warningBytes, criticalBytes } = DEFAULT_LIMITS;
  assert.deepEqual(levels(warningBytes, criticalBytes).map((one) => one.passed), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(levels(MIB, 6000 * MIB), [
    { name: "500 MB", passed: false, detail: "warning, expected normal" },
    { name: "2500 MB", passed: true, detail: "warning" },
    { name: "5000 MB", passed: false, detail: "warning, expected critical" },
  ]);
});

pure("what the tool takes is told where the clock moves", async () => {
  const probe = new FakeProbe([own(), openCode()]);
  let workMs = 0;
  const atWork = (world: FakeWorld) => {
    const waitedMs = world.elapsedMs.bind(world);
    world.elapsedMs = () => waitedMs() + workMs;
  };
  const { processTable, memory } = FakeProbe.prototype;
  // A table takes 4 ms, and a reading 20 µs; what lies below a thousandth is not told.
  probe.processTable = () => (workMs += 4.0001, processTable.call(probe));
  probe.memory = (...asked) => (workMs += 0.0200001, memory.apply(probe, asked));
  const { cost } = await documentOf(runOn([], { json: true }, { probe }, atWork));
  assert.deepEqual(cost, {
    enumeration_ms: 4,
    processes: 2,
    memory_reading_us: 20,
    own_footprint_bytes: 40 * MIB,
  });
});

pure("--json with --format text is refused", async () => {
  await assert.rejects(runOn([own()], { json: true, format: "text" }), UsageError);
});
