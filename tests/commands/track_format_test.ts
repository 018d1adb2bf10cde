import assert from "node:assert/strict";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import type { Scene } from "../fake_world.ts";
import { pure } from "../support.ts";
import { openCode, trackOn } from "./running.ts";

const SECOND = 1000;

/** A machine whose OpenCode grows by so much a second; the script of a scene sets it. */
function growing(probe: FakeProbe, perSecond: number, seconds: number): Scene["script"] {
  return Object.fromEntries(
    Array.from({ length: seconds }, (_, i) => [
      (i + 1) * SECOND - 1,
      () => probe.set([openCode(GIB + (i + 1) * perSecond)]),
    ]),
  );
}

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

pure("the largest instance comes first, its processes in tree order", async () => {
  const small = openCode(MIB, { pid: 10 });
  const large = openCode(GIB, { pid: 20 });
  const child = { pid: 21, ppid: 20, memory: 5 * GIB };
  const { out } = await trackOn(new FakeProbe([small, large, child]), "--duration 1s --json");
  const { series, instances } = JSON.parse(out);
  assert.deepEqual(series.map((one: { pid: number }) => one.pid), [20, 21, 10]);
  assert.deepEqual(instances.map((one: { pid: number }) => one.pid), [20, 10]);
});

pure("text says what could not be read", async () => {
  const { out } = await trackOn(new FakeProbe([openCode("denied")]), "--duration 3s");
  assert.match(out, /\n +0 readings, 3 unread\n/);
});

pure("progress shows on a terminal, and is gone at the end", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const { err } = await trackOn(probe, "--duration 2s", { terminal: true });
  assert.match(err, /1 of 2 looks: 1 GiB in 1 process, 1s left/);
  assert.ok(err.endsWith("\r\x1b[2K"));
  assert.equal((await trackOn(probe, "--duration 2s")).err, "");
  // Lines of readings on the same terminal would be in its way.
  const lines = await trackOn(probe, "--duration 2s --format csv", { terminal: true });
  assert.equal(lines.err, "");
  const dumb = { terminal: true, env: { TERM: "dumb" } };
  assert.equal((await trackOn(probe, "--duration 2s", dumb)).err, "");
});
