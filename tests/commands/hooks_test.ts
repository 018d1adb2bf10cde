import assert from "node:assert/strict";
import type { Order, Outcome } from "../../src/world.ts";
import { FakeProbe, type FakeProcess, GIB } from "../fake.ts";
import { type Controls, type Ran, runFake, type Scene } from "../fake_world.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;

function openCode(pid: number, memory: number): FakeProcess {
  return { pid, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory };
}

/** A machine on which something happens at every look: instances come and go. */
function restless(probe: FakeProbe, looks: number): Scene["script"] {
  return Object.fromEntries(
    Array.from({ length: looks }, (_, i) => [
      (i + 1) * MINUTE - 1,
      () => probe.set([openCode(100 + i, GIB)]),
    ]),
  );
}

function watchOn(probe: FakeProbe, args: readonly string[], scene: Scene): Promise<Ran> {
  return runFake(["watch", ...args], { probe, ...scene });
}

const DONE: Outcome = { kind: "done", code: 0, output: "" };

pure("the user's command is run as it stands, with the event in its environment", async () => {
  const orders: Order[] = [];
  const execute = (order: Order) => {
    orders.push(order);
    return Promise.resolve(DONE);
  };
  const probe = new FakeProbe([openCode(10, 3 * GIB)]);
  const args = ["--count", "1", "--exec", 'echo "$OCMEM_PID"', "--exec-timeout", "3s"];
  const { out } = await watchOn(probe, args, { execute });
  assert.deepEqual(orders.map(({ script, args, timeoutMs }) => ({ script, args, timeoutMs })), [
    { script: 'echo "$OCMEM_PID"', args: [], timeoutMs: 3000 },
    { script: 'echo "$OCMEM_PID"', args: [], timeoutMs: 3000 },
  ]);
  assert.deepEqual(orders.map(({ env }) => [env.OCMEM_EVENT, env.OCMEM_PID, env.OCMEM_LEVEL]), [
    ["found", "10", "normal"],
    ["level", "10", "warning"],
  ]);
  assert.doesNotMatch(out, /trouble/);
});

pure("--notify shows what needs somebody; both actions go side by side", async () => {
  const scripts: string[] = [];
  const execute = (order: Order) => {
    scripts.push(order.script.split(" ")[1] ?? order.script);
    return Promise.resolve(DONE);
  };
  const probe = new FakeProbe([openCode(10, 3 * GIB)]);
  await watchOn(probe, ["--count", "1", "--notify", "--exec", "run hook"], { execute });
  assert.deepEqual(scripts.sort(), ["hook", "hook", "notify-send"]);
});

pure("a command that fails is said, and the next event runs it again", async () => {
  const outcomes: Outcome[] = [
    { kind: "done", code: 3, output: "no such\x1b[31m\nsecond line" },
    { kind: "ended", output: "" },
    DONE,
  ];
  let runs = 0;
  const execute = () => Promise.resolve(outcomes[runs++] ?? DONE);
  const probe = new FakeProbe([openCode(10, GIB)]);
  const scene = { execute, script: restless(probe, 2) };
  const { out, code } = await watchOn(probe, ["--count", "3", "--exec", "x"], scene);
  assert.equal(code, 0);
  assert.match(
    out,
    /trouble {4}the command of --exec failed with exit code 3: no such\\x1b\[31m\n/,
  );
  assert.match(out, /trouble {4}the command of --exec was ended after 10s\n/);
  assert.equal(runs, 5);
});

pure(
  "what can't be run at all, or notifies in vain, is said once and not tried again",
  async () => {
    const cases = [
      { args: ["--exec", "x"], outcome: { kind: "refused", reason: "it is not granted" } },
      {
        args: ["--notify"],
        outcome: { kind: "done", code: 127, output: "notify-send: not found" },
      },
    ] as const;
    for (const { args, outcome } of cases) {
      let runs = 0;
      const execute = () => (runs++, Promise.resolve(outcome));
      const probe = new FakeProbe([openCode(10, 3 * GIB)]);
      const script = {
        [MINUTE - 1]: () => probe.set([openCode(11, 3 * GIB)]),
        [2 * MINUTE - 1]: () => probe.set([openCode(12, 3 * GIB)]),
      };
      const { out } = await watchOn(probe, ["--count", "4", ...args], { execute, script });
      assert.equal(runs, 1);
      assert.equal(out.match(/trouble/g)?.length, 1);
      assert.match(out, /not tried again/);
    }
  },
);

pure("commands never run side by side and never pile up; what is dropped is counted", async () => {
  let running = 0;
  let runs = 0;
  const { promise: blocked, resolve: release } = Promise.withResolvers<void>();
  const execute = async () => {
    assert.equal(++running, 1);
    if (runs++ === 0) await blocked;
    running--;
    return DONE;
  };
  const probe = new FakeProbe([openCode(10, GIB)]);
  const script = { ...restless(probe, 60), [70 * MINUTE - 1]: () => release() };
  const { out } = await watchOn(probe, ["--count", "72", "--exec", "x"], { execute, script });
  // found, then gone and found at each of 60 looks: 121 events; 1 runs, 32 wait, 88 are dropped.
  assert.equal(runs, 33);
  assert.match(out, /trouble {4}88 events were not handed to the command of --exec: it was still/);
});

pure("asked to end: what runs is cut short, what waits is dropped and said", async () => {
  let cuts = 0;
  const execute = (_: Order, cut: AbortSignal) =>
    new Promise<Outcome>((resolve) =>
      cut.addEventListener("abort", () => {
        cuts++;
        resolve({ kind: "ended", output: "" });
      })
    );
  const probe = new FakeProbe([openCode(10, GIB)]);
  const script = {
    ...restless(probe, 2),
    [3 * MINUTE]: (c: Controls) => c.signal("SIGTERM"),
  };
  const { out, code } = await watchOn(probe, ["--exec", "x"], { execute, script });
  assert.deepEqual([code, cuts], [0, 1]);
  assert.match(out, /4 events were not handed to the command of --exec/);
  assert.match(out, /the command of --exec was ended\n/);
  assert.match(out, /watched .*\n$/);
});

pure("ended by --count: everything is carried out first", async () => {
  let runs = 0;
  const execute = async () => {
    for (let i = 0; i < 500; i++) await null;
    runs++;
    return DONE;
  };
  const probe = new FakeProbe([openCode(10, GIB)]);
  const scene = { execute, script: restless(probe, 3) };
  await watchOn(probe, ["--count", "4", "--exec", "x"], scene);
  assert.equal(runs, 7);
});
