/** `watch --on-critical stop`: which processes it stops, how often, and what it tells. */

import assert from "node:assert/strict";
import { type FakeProcess, GIB } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { child, FakeMachine, session, SHELL } from "../ending/ender.ts";
import { withHistory } from "../recorded.ts";
import { pure } from "../support.ts";

async function watched(machine: FakeMachine, args: string, scene: Scene = {}) {
  const words = ["watch", "--on-critical", "stop", "--json", ...args.split(" ")];
  const { out, err, code } = await runFake(words, {
    ...{ probe: machine.probe, ender: machine, ...scene },
  });
  assert.deepEqual([code, err], [0, ""]);
  const lines: Readonly<Record<string, unknown>>[] = out.trim().split("\n")
    .map((line) => JSON.parse(line));
  return {
    stopped: lines.filter(({ event }) => event === "stopped"),
    troubles: lines.filter(({ type }) => type === "trouble").map(({ message }) => message),
    events: lines.map(({ event }) => event).filter((event) => event !== undefined),
    summary: lines.at(-1)!,
  };
}

const LARGE = { memory: 5 * GIB };
const FAT: readonly FakeProcess[] = [session(10, LARGE), child(11, 10), session(20)];

pure("what becomes critical is stopped with what is below it, and told", async () => {
  const machine = new FakeMachine(FAT);
  const { stopped, events, summary } = await watched(machine, "--count 1");
  assert.deepEqual(machine.sent, ["10 SIGTERM", "11 SIGTERM"]);
  assert.deepEqual(events, ["found", "level", "found", "stopped"]);
  const [{ pid, outcome, processes, message }] = stopped as [Record<string, unknown>];
  assert.deepEqual([pid, outcome, processes], [10, "ended", 2]);
  assert.match(
    String(message),
    /^process 10 \(tui\) in .*, critical: ended after 0\.0 s \(SIGTERM\)/,
  );
  assert.match(String(message), /; reclaimed 5\.03 GiB of 2 processes$/);
  assert.equal(summary.events, 4);
});

pure("hooks and the log are told too", async () => {
  const machine = new FakeMachine(FAT);
  const told: string[] = [];
  const { out } = await runFake(
    ["watch", "--on-critical", "stop", "--count", "1", "--exec", "x"],
    {
      ...{ probe: machine.probe, ender: machine },
      execute: ({ env }) => {
        told.push(env.OCMEM_EVENT!);
        return Promise.resolve({ kind: "done", code: 0, output: "" });
      },
    },
  );
  assert.deepEqual(told, ["found", "level", "found", "stopped"]);
  assert.match(out, /Z stopped +process 10 /);
});

pure("without the flag nothing is stopped", async () => {
  const machine = new FakeMachine(FAT);
  await runFake(["watch", "--count", "2"], { probe: machine.probe, ender: machine });
  assert.deepEqual(machine.sent, []);
  const { code } = await runFake(["watch", "--on-critical", "kill"], { probe: machine.probe });
  assert.equal(code, 64);
});

pure("a warning stops nothing", async () => {
  const machine = new FakeMachine([session(10, { memory: 3 * GIB })]);
  const up = await watched(machine, "--count 2");
  assert.deepEqual([machine.sent, up.stopped], [[], []]);
  assert.deepEqual(up.events, ["found", "level"]);
});

pure("what does not end is asked once, never killed, and watched on", async () => {
  const machine = new FakeMachine(FAT, { stubborn: [10] });
  const { stopped } = await watched(machine, "--count 30 --remind 1m");
  assert.deepEqual(machine.sent, ["10 SIGTERM"]);
  assert.deepEqual(stopped.map(({ outcome }) => outcome), ["still_running"]);
  // It is critical a second time: still the same process.
  const again = new FakeMachine(FAT, { stubborn: [10] });
  const script = {
    100_000: () => again.turn(10, { memory: GIB }),
    200_000: () => again.turn(10, LARGE),
  };
  assert.equal((await watched(again, "--count 6", { script })).stopped.length, 1);
  assert.deepEqual(again.sent, ["10 SIGTERM"]);
});

pure("the guards are those of stop", async () => {
  const cases: readonly (readonly [FakeMachine, string])[] = [
    [new FakeMachine([session(10, { ...LARGE, uid: 0 })]), "refused"],
    [
      new FakeMachine([session(10, { ...LARGE, ppid: 1 })], {}, [
        { ...SHELL, ppid: 10 },
        { pid: 999, ppid: 998, uid: 501 },
      ]),
      "refused",
    ],
    [
      new FakeMachine([session(10, LARGE)], {
        onHold: (machine) => void machine.turn(10, { started: "later" }),
      }),
      "changed",
    ],
  ];
  for (const [machine, outcome] of cases) {
    const { stopped } = await watched(machine, "--count 1");
    assert.deepEqual([machine.sent, stopped.map((one) => one.outcome)], [[], [outcome]]);
  }
});

pure("what only --pid or --match adds is none of OpenCode's, and stays", async () => {
  const stranger = { pid: 40, name: "vi", argv: ["vi", "big"], uid: 501, ...LARGE };
  for (const args of ["--match big", "--pid 40"]) {
    const machine = new FakeMachine([stranger]);
    const { troubles } = await watched(machine, `--count 1 ${args}`);
    assert.deepEqual(machine.sent, []);
    assert.deepEqual(troubles, ["40 is not stopped: it is no process of OpenCode, or has ended"]);
  }
});

pure(
  "where totals are compared it is an error; where no signal can be trusted it is said",
  async () => {
    const machine = new FakeMachine(FAT, { ownPid: 5 });
    const scene = { probe: machine.probe, ender: machine };
    const words = ["watch", "--on-critical", "stop", "--scope", "instance"];
    const { code, err } = await runFake(words, scene);
    assert.equal(code, 64);
    assert.match(err, /--scope instance/);
    const { troubles } = await watched(machine, "--count 1");
    assert.match(String(troubles[0]), /^Cannot stop 10: .*PID namespace/);
    assert.deepEqual(machine.sent, []);
  },
);

pure("what came of it after the last look is recorded, too", async () => {
  const machine = new FakeMachine(FAT);
  const scene = { probe: machine.probe, ender: machine, ...await withHistory() };
  const words = ["watch", "--on-critical", "stop", "--record", "--count", "1"];
  assert.equal((await runFake(words, scene)).code, 0);
  const { out } = await runFake(["history", "--json", "--since", "2026-01-01"], scene);
  const { events }: {
    events: readonly { event: string; pid: number; reclaimed_bytes?: number }[];
  } = JSON.parse(out);
  const [stopped, ...others] = events.filter(({ event }) => event === "stopped");
  assert.deepEqual([stopped?.pid, others], [10, []]);
  assert.ok(stopped!.reclaimed_bytes! > 5 * GIB);
});

pure("the live screen tells it, and leaves it on the terminal", async () => {
  const machine = new FakeMachine(FAT);
  const { out, code } = await runFake(["watch", "--on-critical", "stop"], {
    ...{ probe: machine.probe, ender: machine, terminal: true },
    size: { columns: 100, rows: 24 },
    script: { 90_000: (controls) => controls.key("q") },
  });
  assert.equal(code, 0);
  const [screen = "", rest = ""] = out.split("\x1b[?1049l");
  assert.match(screen.slice(screen.lastIndexOf("\x1b[?2026h")), /stopped +process 10 \(tui\)/);
  assert.match(rest, /\n {2}stopped: process 10 \(tui\) .*ended after/);
});
