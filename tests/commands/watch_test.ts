import assert from "node:assert/strict";
import { NativeError } from "../../src/errors.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { type Controls, type Ran, runFake, type Scene } from "../fake_world.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;
const START = "2026-01-02T03:04:05Z";

function openCode(memory: FakeProcess["memory"], rest: Partial<FakeProcess> = {}): FakeProcess {
  return {
    pid: 10,
    name: "opencode",
    exe: "/b/opencode",
    argv: ["opencode"],
    cwd: "/home/ann/web",
    memory,
    ...rest,
  };
}

function watchOn(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Ran> {
  return runFake(["watch", ...args.split(" ").filter((a) => a)], { probe, ...scene });
}

/** A script that has the machine become each of these before the second, third, … look. */
function machines(probe: FakeProbe, ...all: readonly FakeProcess[][]): Scene["script"] {
  return Object.fromEntries(
    all.map((machine, i) => [(i + 1) * MINUTE - 1, () => probe.set(machine)]),
  );
}

type Line = Readonly<Record<string, unknown>>;

async function ndjson(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Line[]> {
  const { out, code, err } = await watchOn(probe, `--format ndjson ${args}`, scene);
  assert.deepEqual([code, err], [0, ""]);
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** The events of a run, without the first look's `found`. */
async function events(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Line[]> {
  const lines = (await ndjson(probe, args, scene)).filter((line) => line.type === "event");
  return lines.filter((line) => line.event !== "found" || line.at !== "2026-01-02T03:04:05.000Z");
}

pure("a log has a line for the start, each event and the end", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = machines(probe, [openCode(3 * GIB)], [openCode(5 * GIB)], [openCode(GIB)], []);
  const env = { HOME: "/home/ann" };
  const { out, err, code } = await watchOn(probe, "--count 6", { script, env });
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(out.split("\n"), [
    `${START} watching   every 1m: 1 instance`,
    `${START} found      instance 10 (tui) in ~/web: 1 GiB in 1 process`,
    "2026-01-02T03:05:05Z level      process 10 (tui) in ~/web: footprint 3 GiB is over the warning " +
    "limit of 2 GiB, was normal",
    "2026-01-02T03:06:05Z level      process 10 (tui) in ~/web: footprint 5 GiB is over the critical " +
    "limit of 4 GiB, was warning",
    "2026-01-02T03:07:05Z level      process 10 (tui) in ~/web: footprint 1 GiB is normal again, was " +
    "critical (limit 4 GiB)",
    // It started a minute before the first look, and has been gone since the fifth.
    "2026-01-02T03:08:05Z gone       instance 10 (tui) in ~/web is gone after 4m 59s, peak 5 GiB",
    "2026-01-02T03:09:05Z watched    5m, 6 looks: 1 instance, 5 events, peak 5 GiB",
    "",
  ]);
});

pure("NDJSON: what is watched, samples and events, the end; all keys of an event", async () => {
  const probe = new FakeProbe([openCode(3 * GIB), { pid: 11, ppid: 10, memory: "denied" }]);
  const lines = await ndjson(probe, "--count 1");
  assert.deepEqual(lines.map((line) => line.event ?? line.type), [
    "watch",
    "found",
    "level",
    "sample",
    "sample",
    "summary",
  ]);
  assert.deepEqual(lines[2], {
    type: "event",
    event: "level",
    at: "2026-01-02T03:04:05.000Z",
    message: "process 10 (tui) in /home/ann/web: footprint 3 GiB is over the warning limit of 2 " +
      "GiB, was normal",
    subject: "process",
    instance: "10-s10",
    pid: 10,
    started_at: new Date(NOW_MS - 60_000 + 10).toISOString(),
    role: "tui",
    name: "opencode",
    cwd: "/home/ann/web",
    level: "warning",
    footprint_bytes: 3 * GIB,
    previous_level: "normal",
    limit_bytes: 2 * GIB,
  });
  assert.deepEqual(
    lines.slice(3, 5).map((line) => [line.pid, line.level, line.footprint_bytes, line.missing]),
    [[10, "warning", 3 * GIB, null], [11, "unknown", null, "denied"]],
  );
});

pure("a reminder every 10 minutes while it stays bad, and none after", async () => {
  const probe = new FakeProbe([openCode(5 * GIB)]);
  const script = { [32 * MINUTE - 1]: () => probe.set([openCode(GIB)]) };
  const all = await events(probe, "--count 60", { script });
  assert.deepEqual(all.map((e) => [e.event, (Date.parse(String(e.at)) - NOW_MS) / MINUTE]), [
    ["level", 0],
    ["reminder", 10],
    ["reminder", 20],
    ["reminder", 30],
    ["level", 32],
  ]);
  const probe2 = new FakeProbe([openCode(5 * GIB)]);
  assert.equal((await events(probe2, "--count 60 --remind 0s")).length, 1);
  const often = await events(new FakeProbe([openCode(5 * GIB)]), "--count 7 --remind 2m");
  assert.equal(often.length, 4);
});

pure("a look that comes a little late postpones no reminder", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = {
    [MINUTE - 1]: (c: Controls) => {
      probe.set([openCode(5 * GIB)]);
      c.stall(300);
    },
  };
  const all = await events(probe, "--count 13", { script });
  // Told 299 ms after a minute; the tenth look after it is in time.
  assert.deepEqual(all.map((e) => [e.event, Date.parse(String(e.at)) - NOW_MS]), [
    ["level", MINUTE + 299],
    ["reminder", 11 * MINUTE],
  ]);
});

pure("--for waits for readings in a row, --clear for enough less", async () => {
  const sizes = [3, 1, 3, 3, 3, 1.9, 1.81, 1.8, 3];
  const probe = new FakeProbe([openCode(GIB)]);
  const script = machines(probe, ...sizes.map((size) => [openCode(size * GIB)]));
  const all = await events(probe, "--count 10 --for 3", { script });
  assert.deepEqual(all.map((e) => [e.level, Number(e.footprint_bytes) / GIB]), [
    ["warning", 3],
    ["normal", 1.8],
  ]);
});

pure("steady growth is told of once, with when it is over the limit", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const sizes = Array.from({ length: 29 }, (_, i) => GIB + (i + 1) * 30 * MIB);
  const script = machines(probe, ...sizes.map((size) => [openCode(size)]));
  const all = await events(probe, "--count 30", { script });
  assert.deepEqual(all.map((e) => e.event), ["growth"]);
  const [growth] = all;
  assert.equal(growth!.slope_bytes_per_minute, 30 * MIB);
  assert.equal(growth!.over_ms, 10 * MINUTE);
  // (4096 − 1324) / 30 minutes
  assert.equal(growth!.seconds_to_critical, 60 * (4096 - 1324) / 30);
  const off = new FakeProbe([openCode(GIB)]);
  const same = machines(off, ...sizes.map((size) => [openCode(size)]));
  assert.deepEqual(await events(off, "--count 30 --growth 0s", { script: same }), []);
});

pure("the same helper many times under one instance", async () => {
  const server = (pid: number) => ({
    pid,
    ppid: 10,
    argv: ["node", "mcp.js", "--token", "s3cret"],
    memory: 40 * MIB,
  });
  const copies = (count: number) => [
    openCode(GIB),
    ...Array.from({ length: count }, (_, i) => server(20 + i)),
  ];
  const probe = new FakeProbe(copies(7));
  const script = machines(probe, copies(8), copies(9), copies(16));
  const all = await events(probe, "--count 5", { script });
  assert.deepEqual(all.map((e) => [e.event, e.count, e.footprint_bytes]), [
    ["duplicates", 8, 320 * MIB],
    ["duplicates", 16, 640 * MIB],
  ]);
  assert.deepEqual(all[0]!.command_line, ["node", "mcp.js", "--token", "***"]);
  assert.match(String(all[0]!.message), /runs 8 times \(320 MiB\): node mcp\.js --token \*\*\*/);
  assert.deepEqual(await events(new FakeProbe(copies(50)), "--count 1 --duplicates 0"), []);
});

pure("a reused pid is a new process: one is gone, another found", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = machines(probe, [openCode(2 * GIB, { started: "later" })]);
  const all = await events(probe, "--count 2", { script });
  assert.deepEqual(all.map((e) => [e.event, e.instance]), [
    ["gone", "10-s10"],
    ["found", "10-later"],
  ]);
});

pure("the machine slept: a gap is told of, and the slope starts anew", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const sizes = Array.from({ length: 19 }, (_, i) => GIB + (i + 1) * 30 * MIB);
  const script = {
    ...machines(probe, ...sizes.map((size) => [openCode(size)])),
    [8 * MINUTE + 1]: (c: Controls) => c.sleepMachine(3_600_000),
  };
  const all = await events(probe, "--count 20", { script });
  assert.deepEqual(all.map((e) => e.event), ["gap", "growth"]);
  assert.equal(all[0]!.gap_ms, 3_600_000);
  assert.equal(all[0]!.pid, null);
  // Ten minutes after the look that followed the gap, not after the first.
  assert.equal(Date.parse(String(all[1]!.at)) - NOW_MS, 19 * MINUTE + 3_600_000);
});

pure(
  "a process that is stopped for long misses its looks, and does not make up for them",
  async () => {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = { [2 * MINUTE + 1]: (c: Controls) => c.stall(10 * MINUTE) };
    const lines = await ndjson(probe, "--count 5", { script });
    const at = lines.filter((line) => line.type === "sample").map((line) =>
      (Date.parse(String(line.at)) - NOW_MS) / MINUTE
    );
    assert.deepEqual(at.map(Math.floor), [0, 1, 2, 12, 13]);
    assert.equal(lines.filter((line) => line.event === "gap")[0]?.reason, "late");
  },
);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  pure(`${signal} ends it with a summary and 0`, async () => {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = { [150_000]: (c: Controls) => c.signal(signal) };
    const { out, code } = await watchOn(probe, "", { script });
    assert.equal(code, 0);
    assert.match(out, /watched {4}2m 30s, 3 looks: 1 instance, 1 event, peak 1 GiB\n$/);
    assert.equal(probe.disposed, true);
  });
}

pure("an output that nobody reads ends it quietly, before the next look", async () => {
  for (const format of ["log", "ndjson"]) {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = { [1500]: (c: Controls) => c.closeOutput() };
    const ran = await watchOn(probe, `--format ${format} --interval 1h`, { script });
    assert.deepEqual([ran.code, ran.err, probe.asked.memory.length], [0, "", 1]);
  }
});

pure("with no OpenCode it waits for one; named processes must be there, and end it", async () => {
  const probe = new FakeProbe([]);
  const script = machines(probe, [], [openCode(GIB)]);
  const { out } = await watchOn(probe, "--count 3", { script });
  assert.match(out, /watching {3}every 1m: no OpenCode process is running yet\n.*03:06:05Z found/);
  const absent = await watchOn(new FakeProbe([]), "--pid 77");
  assert.deepEqual([absent.code, absent.out], [69, ""]);
  const named = new FakeProbe([openCode(GIB)]);
  const end = machines(named, [openCode(3 * GIB, { started: "later" })]);
  const ran = await watchOn(named, "--pid 10", { script: end });
  assert.equal(ran.code, 0);
  assert.match(ran.out, /gone .*\n.*watched {4}1m, 2 looks/);
});

pure("a gap before a look that fails is told of at the next one", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const table = probe.processTable.bind(probe);
  let looks = 0;
  probe.processTable = () => {
    if (++looks === 2) throw new NativeError("Cannot list processes: errno 12");
    return table();
  };
  const script = { [1000]: (c: Controls) => c.sleepMachine(3_600_000) };
  const { out } = await watchOn(probe, "--count 3", { script });
  assert.match(out, /trouble .*\n.* gap .*no readings for 1h:/);
});

pure("a look that fails is told of, and tried again; the first one must not", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const table = probe.processTable.bind(probe);
  let looks = 0;
  probe.processTable = () => {
    if (++looks === 2) throw new NativeError("Cannot list processes: errno 12");
    return table();
  };
  const { out, code } = await watchOn(probe, "--count 3");
  assert.equal(code, 0);
  assert.match(out, /03:05:05Z trouble {4}Cannot list processes: errno 12; it is tried again/);
  assert.match(out, /2 looks/);
  probe.processTable = () => {
    throw new NativeError("Cannot list processes: errno 12");
  };
  assert.equal((await watchOn(probe, "--count 3")).code, 69);
});

pure("with --scope instance the total decides, and the event is the instance's", async () => {
  const machine = [openCode(1.5 * GIB), { pid: 11, ppid: 10, memory: GIB }];
  const [event, ...rest] = await events(new FakeProbe(machine), "--count 1 --scope instance");
  assert.deepEqual([event!.subject, event!.pid, event!.level], ["instance", 10, "warning"]);
  assert.deepEqual(rest, []);
  assert.deepEqual(await events(new FakeProbe(machine), "--count 1"), []);
});

pure("only new pids cost argument reads", async () => {
  const machine = [openCode(GIB), { pid: 11, ppid: 10 }];
  const probe = new FakeProbe(machine);
  const script = machines(probe, machine, [...machine, { pid: 12, ppid: 10 }]);
  await watchOn(probe, "--count 9", { script });
  assert.deepEqual(probe.asked.commandLine, [10, 11, 12]);
  assert.deepEqual(probe.asked.marks, [10]);
});

const BAD: readonly [string, RegExp][] = [
  ["--interval 0s", /--interval "0s"/],
  ["--interval 25h", /--interval "25h".*to 1d/],
  ["--count 0", /--count "0".*at least 1/],
  ["--for 0", /--for "0".*at least 1/],
  ["--for x", /--for "x"/],
  ["--clear 90", /--clear "90".*1% to 100%/],
  ["--clear 0%", /--clear "0%"/],
  ["--clear 101%", /--clear "101%"/],
  ["--remind soon", /--remind "soon"/],
  ["--growth -1m", /--growth/],
  ["--duplicates -3", /--duplicates/],
  ["--exec=", /--exec.*empty/],
  ["--exec-timeout 5s", /--exec-timeout without --exec/],
  ["--exec true --exec-timeout 2h", /--exec-timeout "2h".*to 1h/],
  ["--json --format log", /--json with --format log/],
  ["--format csv", /--format "csv".*text, log, ndjson/],
  ["--warning 5GiB", /--warning 5GiB/],
  ["--pid 0", /--pid "0"/],
];

for (const [args, sentence] of BAD) {
  pure(`bad: watch ${args}`, async () => {
    const ran = await watchOn(new FakeProbe([openCode(GIB)]), args);
    assert.deepEqual([ran.code, ran.out], [64, ""]);
    assert.match(ran.err.startsWith("{") ? JSON.parse(ran.err).message : ran.err, sentence);
  });
}
