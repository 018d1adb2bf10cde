import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS, OWN_PID } from "../fake.ts";
import type { Controls } from "../fake_world.ts";
import { pure } from "../support.ts";
import { openCode, trackOn } from "./running.ts";

const SECOND = 1000;

pure("60 s every 5 s are exactly 12 readings, at even times from the start", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const { out, code } = await trackOn(probe, "--duration 60s --interval 5s --json");
  assert.equal(code, 0);
  const { series, planned, looks } = JSON.parse(out);
  assert.deepEqual([planned, looks, series.length], [12, 12, 1]);
  assert.deepEqual(
    series[0].readings.map((r: { at: string }) => Date.parse(r.at) - NOW_MS),
    Array.from({ length: 12 }, (_, i) => i * 5 * SECOND),
  );
});

pure(
  "readings whose times don't divide the duration: those that begin before its end",
  async () => {
    for (
      const [args, count] of [
        ["--duration 10s --interval 3s", 4],
        ["--duration 1s", 1],
        [
          "--duration 500ms",
          1,
        ],
        ["", 10],
        ["--duration 100ms --interval 10ms", 10],
      ] as const
    ) {
      const { out } = await trackOn(new FakeProbe([openCode(GIB)]), `${args} --json`);
      assert.equal(JSON.parse(out).series[0].stats.count, count, args);
    }
  },
);

pure("an instance's total is a series of its own", async () => {
  const probe = new FakeProbe([openCode(GIB), { pid: 11, ppid: 10, memory: 100 * MIB }]);
  const script = {
    500: () => probe.set([openCode(GIB), { pid: 11, ppid: 10, memory: 300 * MIB }]),
  };
  const { out } = await trackOn(probe, "--duration 2s --json", { script });
  const { series, instances } = JSON.parse(out);
  assert.deepEqual(series.map((s: { pid: number }) => s.pid), [10, 11]);
  assert.deepEqual(instances[0].pids, [10, 11]);
  assert.equal(instances[0].stats.first_bytes, 1124 * MIB);
  assert.equal(instances[0].stats.growth_bytes, 200 * MIB);
});

const ENDS: readonly [string, string, FakeProcess[], number][] = [
  ["the process ends", "gone", [], 2],
  ["it becomes a zombie", "gone", [openCode("zombie", { zombie: true })], 2],
  ["another has its pid", "reused", [openCode(GIB, { started: "later" })], 2],
  [
    "it becomes another program",
    "left",
    [{ pid: 10, name: "vim", exe: "/bin/vim", argv: ["vim"] }],
    2,
  ],
];

for (const [when, ended, machine, count] of ENDS) {
  pure(`${when}: what was read is kept, and why it ended (${ended})`, async () => {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = { 1500: () => probe.set(machine) };
    const { out, code } = await trackOn(probe, "--duration 4s --json", { script });
    assert.equal(code, 0);
    const { series, looks } = JSON.parse(out);
    assert.deepEqual([series[0].ended, series[0].stats.count, looks], [ended, count, 4]);
    if (ended === "reused") assert.deepEqual([series.length, series[1].stats.count], [2, 2]);
    else assert.equal(series.length, 1);
  });
}

pure("a named process that ends, ends the tracking; its successor is nobody", async () => {
  for (const machine of [[], [openCode(3 * GIB, { started: "later" })]]) {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = { 1500: () => probe.set(machine) };
    const { out } = await trackOn(probe, "--pid 10 --duration 9s --json", { script });
    const { series, looks, ended } = JSON.parse(out);
    assert.deepEqual([looks, ended, series.length], [3, "gone", 1]);
    assert.equal(series[0].ended, machine.length === 0 ? "gone" : "reused");
    assert.equal(series[0].stats.max_bytes, GIB);
  }
});

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  pure(`${signal} keeps what was read and exits with ${expected}`, async () => {
    const script = { 2500: (c: { signal(s: typeof signal): void }) => c.signal(signal) };
    const probe = new FakeProbe([openCode(GIB)]);
    const { out, code } = await trackOn(probe, "--json", { script });
    const { series, ended } = JSON.parse(out);
    assert.deepEqual([code, ended, series[0].ended], [expected, "interrupted", "interrupted"]);
    assert.equal(series[0].stats.count, 3);
    assert.equal(probe.disposed, true);
  });
}

pure("of several signals the first one counts", async () => {
  const script = {
    2500: (c: Controls) => {
      c.signal("SIGINT");
      c.signal("SIGTERM");
    },
  };
  const { code } = await trackOn(new FakeProbe([openCode(GIB)]), "--json", { script });
  assert.equal(code, 130);
});

pure("a reading that fails is null with its reason, never 0", async () => {
  const probe = new FakeProbe([openCode("denied")]);
  const { out } = await trackOn(probe, "--duration 2s --json");
  const { series: [one] } = JSON.parse(out);
  assert.deepEqual([one.stats.count, one.stats.min_bytes, one.unread], [0, null, 2]);
  assert.deepEqual(one.readings[0].footprint_bytes, null);
  assert.deepEqual(one.readings[0].missing, "denied");
});

pure("nothing to track: 69, and what would help", async () => {
  const none = new FakeProbe([]);
  const ran = await trackOn(none, "");
  assert.deepEqual([ran.code, ran.out], [69, ""]);
  assert.match(ran.err, /no OpenCode process is running.*--pid or --match/);
  const absent = await trackOn(none, "--pid 77");
  assert.equal(absent.code, 69);
  assert.match(absent.err, /process 77: there is none.*ocmem list/);
  const dead = await trackOn(new FakeProbe([openCode("zombie", { zombie: true })]), "--pid 10");
  assert.equal(dead.code, 69);
  assert.match(dead.err, /process 10: it has ended/);
  const unmatched = await trackOn(none, "--match nothing-like-it");
  assert.equal(unmatched.code, 69);
  assert.match(unmatched.err, /none matches --match/);
  const own = await trackOn(none, `--pid ${OWN_PID}`);
  assert.equal(own.code, 64);
  assert.match(own.err, /ocmem itself/);
  assert.equal(JSON.parse((await trackOn(none, "--json")).err).exit_code, 69);
});

pure("only new pids cost argument reads", async () => {
  const machine = [openCode(GIB), { pid: 11, ppid: 10 }];
  const probe = new FakeProbe(machine);
  const script = {
    4500: () => probe.set([...machine, { pid: 12, ppid: 10, startedAtMs: NOW_MS - 10_000 }]),
  };
  await trackOn(probe, "--duration 9s", { script });
  assert.equal(probe.asked.memory.length, 5 * 2 + 4 * 3);
  assert.deepEqual(probe.asked.commandLine, [10, 11, 12]);
  assert.deepEqual(probe.asked.marks, [10]);
});
