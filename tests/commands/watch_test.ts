import assert from "node:assert/strict";
import { NativeError } from "../../src/errors.ts";
import { FakeProbe, GIB, NOW_MS } from "../fake.ts";
import type { Controls } from "../fake_world.ts";
import { pure } from "../support.ts";
import { events, failAt, machines, ndjson, openCode, watchOn } from "./watching.ts";

const START = "2026-01-02T03:04:05Z";

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
    "2026-01-02T03:05:05Z advice     Its session is kept; end it (ocmem stop 10) and go on with it: " +
    "cd '/home/ann/web' && opencode --continue",
    "2026-01-02T03:06:05Z level      process 10 (tui) in ~/web: footprint 5 GiB is over the critical " +
    "limit of 4 GiB, was warning",
    "2026-01-02T03:06:05Z advice     Its session is kept; end it (ocmem stop 10) and go on with it: " +
    "cd '/home/ann/web' && opencode --continue",
    "2026-01-02T03:07:05Z level      process 10 (tui) in ~/web: footprint 1 GiB is normal again, was " +
    "critical (limit 4 GiB)",
    // It started a minute before the first look, and has been gone since the fifth.
    "2026-01-02T03:08:05Z gone       instance 10 (tui) in ~/web is gone after 4m 59s, peak 5 GiB",
    "2026-01-02T03:09:05Z watched    5m, 6 looks: 1 instance, 5 events, peak 5 GiB",
    "",
  ]);
});

pure("a log advises on what gets worse, process by process, unless it is told not to", async () => {
  const helper = (memory: number) => ({ pid: 11, ppid: 10, name: "gopls", memory });
  const advised = async (args: string) => {
    const probe = new FakeProbe([openCode(GIB), helper(GIB)]);
    const script = machines(
      probe,
      // The session is larger, and what is news is about its helper; then it only gets better.
      [openCode(5 * GIB), helper(GIB)],
      [openCode(5 * GIB), helper(4.5 * GIB)],
      [openCode(3 * GIB), helper(GIB)],
    );
    const { out } = await watchOn(probe, `--count 4 ${args}`, { script });
    return out.split("\n").flatMap((line) => / advice +(.*)$/.exec(line)?.[1] ?? []);
  };
  assert.deepEqual(await advised(""), [
    "Its session is kept; end it (ocmem stop 10) and go on with it: " +
    "cd '/home/ann/web' && opencode --continue",
    'It is helper "gopls" of process 10, not the session, and can be ended alone: ocmem stop 11',
  ]);
  assert.deepEqual(await advised("--no-advice"), []);
  assert.deepEqual(await advised("--scope instance --warning 8GiB --critical 9GiB"), [
    "Its session is kept; end it (ocmem stop 10) and go on with it: " +
    "cd '/home/ann/web' && opencode --continue",
  ]);
});

pure("in colour, a log paints the level that an event leads to, and nothing else", async () => {
  const probe = new FakeProbe([openCode(5 * GIB)]);
  const plain = await watchOn(probe, "--count 1 --color never");
  const { out } = await watchOn(probe, "--count 1 --color always");
  assert.ok(out.includes(" \x1b[1;31mlevel     \x1b[0m process 10"));
  assert.equal(out.replace("\x1b[1;31m", "").replace("\x1b[0m", ""), plain.out);
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

pure("a look that fails is told of, and tried again; the first one must not", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  failAt(probe, 2);
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
