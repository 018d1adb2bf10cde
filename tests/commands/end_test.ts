/** `ocmem stop` on scripted machines: what it sends, to whom, and what it says. */

import assert from "node:assert/strict";
import { MIB } from "../fake.ts";
import type { Controls } from "../fake_world.ts";
import { pure } from "../support.ts";
import { child, FakeMachine, outcomes, session, stopOn, stopped, TREE } from "../ending/ender.ts";

pure("the named process is asked first, then what it leaves behind", async () => {
  const machine = new FakeMachine(TREE);
  const document = await stopped(machine, "10");
  assert.deepEqual(machine.sent, ["10 SIGTERM", "11 SIGTERM", "12 SIGTERM"]);
  assert.deepEqual(outcomes(document), ["10 ended", "11 ended", "12 ended"]);
  // 500 + 30 + 30 MiB
  assert.deepEqual([document.exit_code, document.totals.reclaimed_bytes], [0, 560 * MIB]);
});

pure("what ends with the named process gets no signal of its own, and counts", async () => {
  const machine = new FakeMachine(TREE, {
    onSend: (machine) => ([10, 11, 12].forEach((pid) => machine.turn(pid, null)), null),
  });
  const document = await stopped(machine, "10");
  assert.deepEqual(machine.sent, ["10 SIGTERM"]);
  assert.deepEqual(outcomes(document), ["10 ended", "11 ended", "12 ended"]);
  assert.equal(document.totals.reclaimed_bytes, 560 * MIB);
});

pure("--only leaves alone what is below; a child takes what is below it alone", async () => {
  const only = new FakeMachine(TREE);
  assert.deepEqual(outcomes(await stopped(only, "10 --only")), ["10 ended"]);
  assert.deepEqual(only.sent, ["10 SIGTERM"]);
  const below = new FakeMachine([...TREE, child(13, 10)]);
  assert.deepEqual(outcomes(await stopped(below, "11")), ["11 ended", "12 ended"]);
  const both = new FakeMachine([...TREE, session(20, { startedAtMs: 1 })]);
  assert.deepEqual((await stopped(both, "10 20 11 10 --only")).totals.ended, 3);
  assert.deepEqual(both.sent.toSorted(), ["10 SIGTERM", "11 SIGTERM", "20 SIGTERM"]);
});

pure("what does not end keeps what is below it, and the exit code is 1", async () => {
  const machine = new FakeMachine(TREE, { stubborn: [10] });
  const document = await stopped(machine, "10 --grace 3s");
  assert.deepEqual(machine.sent, ["10 SIGTERM"]);
  assert.deepEqual(outcomes(document), ["10", "11", "12"].map((pid) => `${pid} still_running`));
  assert.deepEqual([document.exit_code, document.totals.reclaimed_bytes], [1, 0]);
  assert.equal(document.processes[0]!.waited_ms, 3000);
});

pure("--force kills what is left after the grace, and only that", async () => {
  const machine = new FakeMachine(TREE, { stubborn: [10, 12] });
  const document = await stopped(machine, "10 --force");
  assert.deepEqual(machine.sent, [
    ...["10 SIGTERM", "10 SIGKILL", "11 SIGTERM", "12 SIGTERM", "12 SIGKILL"],
  ]);
  assert.deepEqual(outcomes(document), ["10 killed", "11 ended", "12 killed"]);
  assert.equal(document.processes[0]!.waited_ms, 10_000);
  const still = new FakeMachine(TREE, { stubborn: [10] });
  const { out } = await stopOn(still, "10 --yes");
  assert.match(out, /\nNothing was stopped; 3 still run \(--force kills after --grace\)\n$/);
  const immortal = new FakeMachine(TREE, { immortal: [10] });
  assert.equal((await stopped(immortal, "10 --force")).exit_code, 1);
  assert.deepEqual(immortal.sent, ["10 SIGTERM", "10 SIGKILL"]);
  assert.match((await stopOn(immortal, "10 --yes --force")).out, /; 3 still run\n$/);
});

pure("a process that is another by the time of its signal gets none", async () => {
  for (const into of [{ started: "later" }, { exe: "/b/vi" }]) {
    const machine = new FakeMachine(TREE, { onHold: (m, pid) => void m.turn(pid, into) });
    const document = await stopped(machine, "10");
    assert.deepEqual(machine.sent, []);
    assert.deepEqual(outcomes(document), ["10 changed", "11 still_running", "12 still_running"]);
    assert.equal(document.exit_code, 1);
  }
});

pure("it is verified again before it is killed", async () => {
  const machine = new FakeMachine([session(10)], { stubborn: [10] });
  const script = { 5000: () => machine.turn(10, { exe: "/b/vi" }) };
  const document = await stopped(machine, "10 --force", { script });
  assert.deepEqual(machine.sent, ["10 SIGTERM"]);
  assert.deepEqual(outcomes(document), ["10 changed"]);
  // Its pid went to another process meanwhile: then it has ended.
  const reused = new FakeMachine([session(10)], { stubborn: [10] });
  const later = { 5000: () => reused.turn(10, { started: "later" }) };
  assert.deepEqual(outcomes(await stopped(reused, "10 --force", { script: later })), ["10 ended"]);
  assert.deepEqual(reused.sent, ["10 SIGTERM"]);
});

pure("who became another user's is refused, who is gone is no failure", async () => {
  const other = new FakeMachine([session(10)], { onHold: (m) => void m.turn(10, { uid: 0 }) });
  const refused = await stopped(other, "10");
  assert.deepEqual([outcomes(refused), refused.exit_code, other.sent], [
    ["10 refused user"],
    1,
    [],
  ]);
  for (const onHold of [() => "gone" as const, (m: FakeMachine) => void m.turn(10, null)]) {
    const gone = new FakeMachine([session(10)], { onHold });
    const document = await stopped(gone, "10");
    assert.deepEqual([outcomes(document), document.exit_code], [["10 gone"], 0]);
    assert.equal(document.totals.reclaimed_bytes, 0);
  }
});

pure("what the system refuses is said", async () => {
  for (const why of ["denied", "unsupported"] as const) {
    const atHold = new FakeMachine(TREE, { onHold: () => why });
    assert.equal(outcomes(await stopped(atHold, "10"))[0], "10 refused system");
    const atSend = new FakeMachine(TREE, { onSend: () => why });
    const document = await stopped(atSend, "10");
    assert.equal(outcomes(document)[0], "10 refused system");
    assert.deepEqual(atSend.sent, ["10 SIGTERM"]);
    assert.deepEqual(document.processes[0]!.signals, []);
  }
});

pure("a pid that is none of OpenCode's stops nothing at all", async () => {
  const machine = new FakeMachine([...TREE, { pid: 40, name: "vi", uid: 501 }]);
  for (const [pid, why] of [[40, /no process of OpenCode/], [77, /ocmem list/], [999, /itself/]]) {
    const { code, err, out } = await stopOn(machine, `10 ${pid} --yes`);
    assert.deepEqual([code, out, machine.sent], [64, "", []]);
    assert.match(err, why as RegExp);
  }
  assert.equal((await stopOn(machine, "--yes")).code, 64);
  assert.equal((await stopOn(machine, "0 --yes")).code, 64);
});

pure("where pids are counted otherwise than signals go, nothing is sent", async () => {
  const machine = new FakeMachine(TREE, { ownPid: 7 });
  const { code, err } = await stopOn(machine, "10 --yes");
  assert.deepEqual([code, machine.sent], [69, []]);
  assert.match(err, /another PID namespace/);
});

pure("a signal to ocmem ends the waiting, and nothing more is sent", async () => {
  const machine = new FakeMachine(TREE, { stubborn: [10] });
  const script = { 500: (controls: Controls) => controls.signal("SIGTERM") };
  const document = await stopped(machine, "10 --force", { script });
  assert.deepEqual([document.exit_code, machine.sent], [143, ["10 SIGTERM"]]);
  assert.equal(outcomes(document)[0], "10 still_running");
});

pure("options: --grace from the file and from a variable, more names of OpenCode", async () => {
  const text = '{ "stop": { "grace": "1s" }, "names": ["oc"] }';
  const files = new Map([["/h/.config/ocmem/config.jsonc", { text }]]);
  const machine = new FakeMachine([session(10, { name: "oc", exe: "/b/oc" })], { stubborn: [10] });
  const ofFile = await stopped(machine, "10", { files, env: { HOME: "/h" } });
  assert.equal(ofFile.processes[0]!.waited_ms, 1000);
  const env = { HOME: "/h", OCMEM_GRACE: "2s" };
  assert.equal((await stopped(machine, "10", { files, env })).processes[0]!.waited_ms, 2000);
});
