/** `ocmem stop`: who is asked, what is shown, and what is an answer. */

import assert from "node:assert/strict";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";
import { FakeMachine, session, SHELL, stopOn, TREE } from "../ending/ender.ts";

const TERMINAL = { terminal: true, size: { columns: 100, rows: 24 } };

pure("on a terminal it shows what it would stop, and asks", async () => {
  for (const answer of ["y", "yes", " Y ", "YES\r"]) {
    const machine = new FakeMachine(TREE);
    const { code, out } = await stopOn(machine, "10", { ...TERMINAL, answer });
    assert.equal(code, 0);
    assert.match(out, /^ *10 +tui +500 MiB +opencode +\/home\/ann\/web +to be stopped$/m);
    assert.match(out, /^ *12 +child +30 MiB +node +\/home\/ann\/web +goes with 10$/m);
    assert.match(out, /^Stop these 3 processes, 560 MiB\? \[y\/N\] /m);
    assert.match(out, /\nReclaimed 560 MiB: what 3 processes held just before\n$/);
    assert.deepEqual(machine.sent, ["10 SIGTERM", "11 SIGTERM", "12 SIGTERM"]);
  }
});

pure("any other answer is no, and so is none", async () => {
  for (const answer of ["", "n", "no", "yn", "yes please", "ja", "y\ny"]) {
    const machine = new FakeMachine(TREE);
    const { code, out } = await stopOn(machine, "10", { ...TERMINAL, answer });
    assert.deepEqual([code, machine.sent], [1, []], answer);
    assert.match(out, /Nothing was stopped\n$/);
  }
});

pure("Ctrl-C at the question is no answer: 130", async () => {
  const machine = new FakeMachine(TREE);
  const script = { 300: (c: { signal(s: "SIGINT"): void }) => c.signal("SIGINT") };
  const { code } = await stopOn(machine, "10", { ...TERMINAL, answer: null, script });
  assert.deepEqual([code, machine.sent], [130, []]);
});

pure("where nobody can be asked it needs --yes", async () => {
  const cases = [
    ["10", {}],
    ["10 --force", { answer: "y" }],
    ["10", { terminal: true }],
    ["10 --json", { ...TERMINAL, answer: "y" }],
  ] as const;
  for (const [args, scene] of cases) {
    const machine = new FakeMachine(TREE);
    const { code, err, out } = await stopOn(machine, args, scene);
    assert.deepEqual([code, out, machine.sent], [64, "", []]);
    assert.match(err, /without --yes/);
  }
});

pure("--dry-run shows it and does not even open what could send a signal", async () => {
  const { probe } = new FakeMachine(TREE);
  for (const args of ["--dry-run", "--dry-run --yes", "--dry-run --json"]) {
    const { code, out, err } = await runFake(["stop", "10", ...args.split(" ")], { probe });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /to be stopped/);
    if (!args.includes("json")) assert.match(out, /\nNothing was stopped: this is a dry run\n$/);
  }
});

pure("where all is refused nobody is asked", async () => {
  const above = { ...SHELL, ppid: 10 };
  const machine = new FakeMachine([session(10, { ppid: 1 })], {}, [
    above,
    { pid: 999, ppid: 998, uid: 501 },
  ]);
  const { code, out } = await stopOn(machine, "10", TERMINAL_WITHOUT_ANSWER);
  assert.deepEqual([code, machine.sent], [1, []]);
  assert.match(out, /^ *10 .* not stopped$/m);
  assert.match(out, /^10 is not stopped: ocmem runs below it, and would end with it$/m);
  assert.match(out, /\nNothing was stopped\n$/);
});

const TERMINAL_WITHOUT_ANSWER = { ...TERMINAL, answer: "must not be read" };

pure("text of processes is harmless", async () => {
  const evil = "\x1b]0;x\x07\u202e";
  const machine = new FakeMachine([
    session(10, { cwd: `/w/${evil}` }),
    { pid: 11, ppid: 10, name: evil, exe: `/b/${evil}`, uid: 501 },
  ]);
  for (const args of ["10 --dry-run --yes", "10 --dry-run --json", "10 --yes"]) {
    const { out } = await stopOn(machine, args, TERMINAL);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f\u202e]/);
  }
});
