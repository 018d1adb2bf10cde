/** Who is never ended, whatever the machine looks like. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { endAll } from "../../src/ending/end.ts";
import { refusalOf } from "../../src/ending/guard.ts";
import { planOf } from "../../src/ending/plan.ts";
import { look } from "../../src/look.ts";
import { FakeProbe, type FakeProcess, OWN_PID } from "../fake.ts";
import { FakeWorld } from "../fake_world.ts";
import { pure } from "../support.ts";
import {
  child,
  FakeMachine,
  memoryOf,
  outcomes,
  OWN,
  session,
  SHELL,
  stopped,
  UID,
} from "./ender.ts";

const CASES: readonly (readonly [what: string, process: FakeProcess, refusal: string | null])[] = [
  ["the caller's own", session(10), null],
  ["pid 1", session(1, { ppid: 0 }), "init"],
  ["another user's", session(10, { uid: 502 }), "user"],
  ["root's", session(10, { uid: 0 }), "user"],
  ["nobody knows whose", session(10, { uid: undefined, memory: "denied" }), "user"],
  ["the memory tells whose", session(10, { uid: undefined, memory: memoryOf(UID) }), null],
  ["it tells another", session(10, { uid: undefined, memory: memoryOf(0) }), "user"],
  ["no path", session(10, { exe: null }), "program"],
  ["a zombie", session(10, { zombie: true, exe: null }), "zombie"],
];

for (const [what, process, refusal] of CASES) {
  pure(`${what}: ${refusal ?? "may be ended"}`, async () => {
    const machine = new FakeMachine([process]);
    const { pid } = process;
    const expected = refusal === null
      ? `${pid} ended`
      : `${pid} ${refusal === "zombie" ? "gone" : "refused"} ${refusal}`;
    const document = await stopped(machine, String(pid));
    assert.deepEqual(outcomes(document), [expected]);
    assert.equal(machine.sent.length, refusal === null ? 1 : 0);
    assert.equal(document.exit_code, refusal === null || refusal === "zombie" ? 0 : 1);
  });
}

pure("the guard by itself: ocmem, and two whose users nobody knows", () => {
  const info = new FakeProbe([session(10)]).processTable().get(10)!;
  const candidate = { info, uid: UID, executable: "/b/opencode" };
  const caller = { pid: 999, uid: UID, ancestors: new Set<number>() };
  assert.equal(refusalOf(candidate, caller), null);
  assert.equal(refusalOf(candidate, { ...caller, pid: 10 }), "self");
  assert.equal(refusalOf({ ...candidate, uid: null }, { ...caller, uid: null }), "user");
});

pure("root ends root's alone", async () => {
  const root = [{ ...SHELL, uid: 0 }, { ...OWN, uid: 0 }];
  const machine = new FakeMachine([session(10), session(20, { uid: 0 })], {}, root);
  const document = await stopped(machine, "10 20");
  assert.deepEqual(outcomes(document).toSorted(), ["10 refused user", "20 ended"]);
  assert.deepEqual(machine.sent, ["20 SIGTERM"]);
});

pure("if it can't be told whose ocmem is, nobody is ended", async () => {
  const machine = new FakeMachine([session(10)], {}, [SHELL, { ...OWN, uid: undefined }]);
  assert.deepEqual(outcomes(await stopped(machine, "10")), ["10 refused user"]);
});

pure("a session that ocmem runs in stays, and all that is below it", async () => {
  const shell = { ...SHELL, ppid: 10 };
  const machine = new FakeMachine([session(10, { ppid: 1 }), child(11, 10)], {}, [shell, OWN]);
  const document = await stopped(machine, "10 998");
  assert.deepEqual(outcomes(document), ["10 refused ancestor", "998 refused ancestor"]);
  assert.deepEqual(machine.sent, []);
  // What else is in it may be ended.
  assert.deepEqual(outcomes(await stopped(machine, "11")), ["11 ended"]);
});

const PIDS = [1, 2, 3, 4, 5, 6, 7, 998];
const PROCESS = (pid: number) =>
  fc.record({
    ppid: fc.constantFrom(0, ...PIDS, OWN_PID),
    name: fc.constantFrom("opencode", "opencode", "node"),
    uid: fc.constantFrom(UID, UID, UID, 0, undefined),
    zombie: fc.constantFrom(false, false, false, true),
    exe: fc.constantFrom("/b/opencode", "/b/opencode", "/b/node", null),
    stubborn: fc.boolean(),
    startedAtMs: fc.nat(5),
  }).map((rest) => ({ pid, ...rest }));
/** What happens to a process while somebody takes hold of it. */
const TURN = fc.constantFrom(null, { uid: 0 }, { started: "later" }, { exe: "/b/vi" }, {
  zombie: true,
});

pure("on any machine no signal goes where none may go", async () => {
  let [sent, kept] = [0, 0];
  const machines = fc.tuple(fc.tuple(...PIDS.map(PROCESS)), fc.constantFrom(...PIDS, 0));
  const asked = fc.record({
    pids: fc.uniqueArray(fc.constantFrom(...PIDS, OWN_PID), { minLength: 1 }),
    only: fc.boolean(),
    force: fc.boolean(),
    turned: fc.dictionary(fc.constantFrom(...PIDS.map(String)), TURN, { maxKeys: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(machines, asked, async ([processes, ppid], { pids, only, force, turned }) => {
      const now = new Map<number, FakeProcess>(processes.map((one) => [one.pid, one]));
      const isAllowed = (pid: number) => {
        const one = now.get(pid)!;
        // The way up by other means than the program's own: at most as many steps as there are pids.
        let at = ppid;
        for (let i = 0; i <= PIDS.length; i++) {
          if (at === pid) return false;
          at = now.get(at)?.ppid ?? 0;
        }
        return pid > 1 && pid !== OWN_PID && one.uid === UID && !one.zombie && one.exe !== null &&
          !("started" in one) && one.exe === processes.find((p) => p.pid === pid)!.exe;
      };
      const machine = new FakeMachine(
        processes,
        {
          onHold: (machine, pid) => {
            const into = turned[pid];
            if (!into) return;
            now.set(pid, { ...now.get(pid)!, ...into });
            machine.turn(pid, into);
          },
          onSend: (machine, pid) => {
            assert.ok(isAllowed(pid), `${pid} was signalled`);
            sent++;
            if (processes.find((one) => one.pid === pid)?.stubborn) return null;
            machine.turn(pid, null);
            now.delete(pid);
            return null;
          },
        },
        [{ ...OWN, ppid }],
      );
      const world = new FakeWorld({}, () => {}, () => {});
      const { probe } = machine;
      const seen = look(probe, { match: null, pids: [] }, world, { exact: false });
      const { targets } = planOf(seen, probe, pids, only);
      const cut = new AbortController().signal;
      const job = { world, probe, ender: machine, cut, graceMs: 1000, force };
      const ended = await endAll(targets, job);
      kept += ended.filter(({ outcome }) => outcome === "refused").length;
    }),
    { numRuns: 500 },
  );
  assert.ok(sent > 100 && kept > 100, `${sent} signals, ${kept} refusals`);
});
