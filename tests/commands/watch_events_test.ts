import assert from "node:assert/strict";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import type { Controls } from "../fake_world.ts";
import { pure } from "../support.ts";
import { events, failAt, machines, MINUTE, ndjson, openCode, watchOn } from "./watching.ts";

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

pure("a gap before a look that fails is told of at the next one", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  failAt(probe, 2);
  const script = { [1000]: (c: Controls) => c.sleepMachine(3_600_000) };
  const { out } = await watchOn(probe, "--count 3", { script });
  assert.match(out, /trouble .*\n.* gap .*no readings for 1h:/);
});
