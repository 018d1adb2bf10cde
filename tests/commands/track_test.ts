import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS, OWN_PID } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";
import { pure } from "../support.ts";

const SECOND = 1000;

function openCode(memory: FakeProcess["memory"], rest: Partial<FakeProcess> = {}): FakeProcess {
  return { pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory, ...rest };
}

function trackOn(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Ran> {
  return runFake(["track", ...args.split(" ").filter((a) => a)], { probe, ...scene });
}

/** A machine whose OpenCode grows by so much a second; the script of a scene sets it. */
function growing(probe: FakeProbe, perSecond: number, seconds: number): Scene["script"] {
  return Object.fromEntries(
    Array.from({ length: seconds }, (_, i) => [
      (i + 1) * SECOND - 1,
      () => probe.set([openCode(GIB + (i + 1) * perSecond)]),
    ]),
  );
}

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

pure("a process that grows by 60 MiB a second: its statistics, all keys", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = growing(probe, 60 * MIB, 4);
  const { out } = await trackOn(probe, "--duration 5s --json", { script });
  const { series: [one] } = JSON.parse(out);
  // 1024, 1084, 1144, 1204, 1264 MiB: sorted, median in the middle, p95 at 0.95 × 4 = 3.8 steps.
  assert.deepEqual(one.stats, {
    count: 5,
    first_bytes: 1024 * MIB,
    last_bytes: 1264 * MIB,
    min_bytes: 1024 * MIB,
    max_bytes: 1264 * MIB,
    mean_bytes: 1144 * MIB,
    median_bytes: 1144 * MIB,
    p95_bytes: 1252 * MIB,
    // 60 MiB × √((4 + 1 + 0 + 1 + 4) / 4)
    stdev_bytes: Math.round(60 * MIB * Math.sqrt(2.5)),
    growth_bytes: 240 * MIB,
    slope_bytes_per_minute: 3600 * MIB,
    slope_low_bytes_per_minute: 3600 * MIB,
    slope_high_bytes_per_minute: 3600 * MIB,
    // (2048 − 1264) / 60 = 13.07 s and (4096 − 1264) / 60 = 47.2 s
    seconds_to_warning: 14,
    seconds_to_critical: 48,
  });
  assert.equal(one.ended, null);
  assert.deepEqual(one.readings[0], {
    at: new Date(NOW_MS).toISOString(),
    footprint_bytes: GIB,
    missing: null,
  });
});

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

const BAD: readonly [string, RegExp][] = [
  ["--duration 5", /--duration "5".*500ms, 10s/],
  ["--duration 0s", /--duration "0s".*from 10ms/],
  ["--duration -5s", /--duration/],
  ["--duration 31d", /--duration "31d".*to 30d/],
  ["--interval 1s5", /--interval "1s5"/],
  ["--interval 9999d", /--interval/],
  ["--interval 20s", /--interval 20s with --duration 10s/],
  ["--duration 30d --interval 10ms", /259200000 readings.*at most 1000000/],
  ["--json --format csv", /--json with --format csv/],
  ["--format xml", /--format "xml".*text, json, ndjson, csv/],
  ["--scope instance", /--scope/],
  ["--warning 5GiB", /--warning 5GiB/],
  ["--durtion 5s", /did you mean --duration/],
];

for (const [args, sentence] of BAD) {
  pure(`bad: track ${args}`, async () => {
    const ran = await trackOn(new FakeProbe([openCode(GIB)]), args);
    assert.deepEqual([ran.code, ran.out], [64, ""]);
    assert.match(ran.err, sentence);
  });
}

pure("NDJSON: the plan, each reading as it comes, each series, the end", async () => {
  const probe = new FakeProbe([openCode(GIB), { pid: 11, ppid: 10, memory: MIB }]);
  const { out } = await trackOn(probe, "--duration 2s --format ndjson");
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map((line) => line.type),
    [
      "track",
      ...Array(4).fill("reading"),
      "series",
      "series",
      "instance",
      "end",
    ],
  );
  assert.deepEqual(lines[1], {
    type: "reading",
    at: new Date(NOW_MS).toISOString(),
    instance: "10-s10",
    pid: 10,
    started_at: new Date(NOW_MS - 60_000 + 10).toISOString(),
    role: "tui",
    name: "opencode",
    footprint_bytes: GIB,
    resident_bytes: GIB + 10 * MIB,
    missing: null,
  });
});

pure("CSV: a line each reading; a hostile name stays one cell, and no formula", async () => {
  const name = '=cmd,"x"\n1';
  const probe = new FakeProbe([openCode("denied"), { pid: 11, ppid: 10, name, memory: MIB }]);
  const { out } = await trackOn(probe, "--duration 1s --format csv");
  const started = (pid: number) => new Date(NOW_MS - 60_000 + pid).toISOString();
  const at = new Date(NOW_MS).toISOString();
  assert.deepEqual(out.split("\n"), [
    "at,instance,pid,started_at,role,name,footprint_bytes,resident_bytes,missing",
    `${at},10-s10,10,${started(10)},tui,opencode,,,denied`,
    `${at},10-s10,11,${started(11)},child,"'=cmd,""x""\\n1",${MIB},${11 * MIB},`,
    "",
  ]);
});

pure("an output that nobody reads ends the tracking quietly, before the next look", async () => {
  const script = { 1500: (c: { closeOutput(): void }) => c.closeOutput() };
  for (const format of ["text", "json", "ndjson", "csv"]) {
    const probe = new FakeProbe([openCode(GIB)]);
    const args = `--duration 9h --interval 1h --format ${format}`;
    const ran = await trackOn(probe, args, { script });
    assert.deepEqual([ran.code, ran.err, probe.asked.memory.length], [0, "", 1]);
  }
});

pure("text: who grows, and every statistic of each process, at 80 columns", async (t) => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = growing(probe, 60 * MIB, 4);
  const env = { HOME: "/home/ann" };
  const { out } = await trackOn(probe, "--duration 5s", { script, env });
  for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
  for (const word of ["min 1 GiB", "max 1.23 GiB", "mean", "median", "p95", "stdev", "first"]) {
    assert.ok(out.includes(word), word);
  }
  await t.assertSnapshot(out);
});

pure("progress shows on a terminal, and is gone at the end", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const { err } = await trackOn(probe, "--duration 2s", { terminal: true });
  assert.match(err, /1 of 2 looks: 1 GiB in 1 process, 1s left/);
  assert.ok(err.endsWith("\r\x1b[2K"));
  assert.equal((await trackOn(probe, "--duration 2s")).err, "");
  const dumb = { terminal: true, env: { TERM: "dumb" } };
  assert.equal((await trackOn(probe, "--duration 2s", dumb)).err, "");
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
