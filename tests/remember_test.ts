import assert from "node:assert/strict";
import { discover } from "../src/discover.ts";
import { type FakeProcess, GIB, NOW_MS } from "./fake.ts";
import { ask, EXE, machine, news, SERVE } from "./remembering.ts";
import { pure } from "./support.ts";

pure("a process is asked for its arguments and marks once", () => {
  const { fake, probe } = machine([{ ...SERVE, marks: { openCodePid: 7 } }]);
  const first = ask(probe, 10);
  assert.deepEqual(first, [["opencode", "serve"], { openCodePid: 7, runsAsBun: false }]);
  assert.deepEqual(news(fake), [[10], [10]]);
  for (let i = 0; i < 5; i++) assert.deepEqual(ask(probe, 10), first);
  assert.deepEqual(news(fake), [[], []]);
});

pure("a second look at OpenCode asks nothing but paths and memory; a new process is asked", () => {
  for (const os of ["linux", "darwin"] as const) {
    const old: FakeProcess[] = [
      { pid: 1, ppid: 0, name: "init" },
      SERVE,
      { pid: 11, ppid: 10, name: "gopls", cwd: "/a" },
      { pid: 20, ppid: 1, name: "stray", marks: { openCodePid: 10 } },
    ];
    const { fake, probe } = machine(old, os);
    const first = discover(probe, { match: null, pids: [] });
    assert.deepEqual(news(fake).map((pids) => pids.toSorted()), [[10, 11, 20], [10, 20]]);
    assert.deepEqual(discover(probe, { match: null, pids: [] }), first);
    assert.deepEqual(news(fake), [[], []]);
    fake.set([...old, { pid: 12, ppid: 11, name: "make" }]);
    const { instances } = discover(probe, { match: null, pids: [] });
    assert.deepEqual(instances[0]!.members.map((m) => m.info.key.pid), [10, 11, 12, 20]);
    assert.deepEqual(news(fake), [[12], []]);
  }
});

pure("what is not the same process, or runs another program, is asked again", () => {
  const argv = ["other"];
  const marks = { runsAsBun: true };
  const others: [string, Partial<FakeProcess>][] = [
    ["its pid was taken by another one", { started: "later" }],
    ["it has another name", { name: "node" }],
    ["it runs another executable", { exe: "/bin/node" }],
    ["its executable hides", { exe: null }],
    ["its executable was replaced", { exe: `${EXE} (deleted)` }],
  ];
  for (const [what, change] of others) {
    const { fake, probe } = machine([SERVE]);
    ask(probe, 10);
    fake.set([{ ...SERVE, argv, marks, ...change }]);
    news(fake);
    const now = ask(probe, 10);
    assert.deepEqual(now, [argv, { openCodePid: null, runsAsBun: true }], what);
    assert.deepEqual(news(fake), [[10], [10]], what);
    // And that is remembered in its place.
    assert.deepEqual(ask(probe, 10), now, what);
    assert.deepEqual(news(fake), [[], []], what);
    fake.set([SERVE]);
    assert.deepEqual(ask(probe, 10)[0], SERVE.argv, what);
  }
});

pure("a process whose path is hidden is remembered by its name", () => {
  const { fake, probe } = machine([{ ...SERVE, exe: null }]);
  ask(probe, 10);
  ask(probe, 10);
  assert.deepEqual(news(fake), [[10], [10]]);
});

pure(
  "a young process may be about to run another program: it is asked until it has settled",
  () => {
    const born = { startedAtMs: NOW_MS - 10 };
    const { fake, probe, clock } = machine([{ ...SERVE, ...born, argv: ["sh"] }]);
    assert.deepEqual(ask(probe, 10)[0], ["sh"]);
    fake.set([{ ...SERVE, ...born }]);
    assert.deepEqual(ask(probe, 10)[0], SERVE.argv);
    clock.ms = NOW_MS + 1989;
    ask(probe, 10);
    assert.deepEqual(news(fake), [[10, 10, 10], [10, 10, 10]]);
    clock.ms = NOW_MS + 1990;
    ask(probe, 10);
    assert.deepEqual(news(fake), [[10], [10]], "nothing is known of when it was young");
    ask(probe, 10);
    assert.deepEqual(news(fake), [[], []]);
  },
);

pure("a process of the future, as after the clock was set back, is young", () => {
  const { fake, probe } = machine([{ ...SERVE, startedAtMs: NOW_MS + 60_000 }]);
  ask(probe, 10);
  ask(probe, 10);
  assert.deepEqual(news(fake), [[10, 10], [10, 10]]);
});

pure("a failed read is no answer: it is tried again", () => {
  for (const missing of ["denied", "gone", "unsupported"] as const) {
    const { fake, probe } = machine([{ ...SERVE, argv: missing, marks: null }]);
    for (let i = 0; i < 3; i++) assert.deepEqual(ask(probe, 10), [missing, null]);
    assert.deepEqual(news(fake), [[10, 10, 10], [10, 10, 10]]);
    // What could be read is kept, though the other could not.
    fake.set([{ ...SERVE, marks: null }]);
    ask(probe, 10);
    assert.deepEqual(ask(probe, 10), [SERVE.argv, null]);
    assert.deepEqual(news(fake), [[10], [10, 10]]);
    fake.set([SERVE]);
    ask(probe, 10);
    ask(probe, 10);
    assert.deepEqual(news(fake), [[], [10]]);
  }
});

pure("no arguments at all are an answer", () => {
  const { fake, probe } = machine([{ ...SERVE, argv: [] }]);
  ask(probe, 10);
  assert.deepEqual(ask(probe, 10)[0], []);
  assert.deepEqual(news(fake)[0], [10]);
});

pure("a process that has ended says so, whatever is known of it", () => {
  const { fake, probe } = machine([SERVE]);
  ask(probe, 10);
  fake.set([{ ...SERVE, zombie: true }]);
  assert.equal(ask(probe, 10)[0], "zombie");
});

pure("what was not asked about in the look before is forgotten", () => {
  const { fake, probe } = machine([SERVE]);
  ask(probe, 10);
  probe.processTable();
  ask(probe, 10);
  assert.deepEqual(news(fake), [[10, 10], [10, 10]], "nobody asked");
  fake.set([]);
  probe.processTable();
  fake.set([SERVE]);
  ask(probe, 10);
  assert.deepEqual(news(fake), [[10], [10]], "it was gone");
});

pure(
  "the path is read once a look, the directory and the memory whenever they are asked for",
  () => {
    const { fake, probe } = machine([{ ...SERVE, cwd: "/a", memory: GIB }], "darwin");
    const sizes: unknown[] = [];
    const look = () => {
      const process = probe.processTable().get(10)!;
      for (let i = 0; i < 3; i++) {
        probe.commandLine(process);
        probe.marks(10);
        sizes.push(probe.executable(10));
      }
      const memory = probe.memory(process, { exact: false });
      sizes.push(typeof memory === "string" ? memory : memory.footprintBytes, probe.directory(10));
    };
    look();
    fake.set([{ ...SERVE, cwd: "/b", memory: 2 * GIB }]);
    look();
    assert.deepEqual(sizes, [EXE, EXE, EXE, GIB, "/a", EXE, EXE, EXE, 2 * GIB, "/b"]);
    assert.deepEqual(fake.asked.executable, [10, 10]);
  },
);

pure("a path that hides is read once a look too", () => {
  const { fake, probe } = machine([{ ...SERVE, exe: null }], "darwin");
  for (let i = 0; i < 2; i++) {
    probe.processTable();
    assert.deepEqual([probe.executable(10), probe.executable(10)], [null, null]);
  }
  assert.deepEqual(fake.asked.executable, [10, 10]);
});

pure("a process that is in no table is asked itself", () => {
  const { fake, probe } = machine([SERVE]);
  assert.equal(probe.row(10), undefined);
  probe.marks(10);
  probe.marks(10);
  assert.deepEqual(news(fake)[1], [10, 10]);
  probe.processTable();
  assert.equal(probe.row(10)?.name, "opencode");
  assert.equal(probe.row(4711), undefined);
});

pure("the rest is the probe's own", () => {
  for (const os of ["linux", "darwin"] as const) {
    const { fake, probe } = machine([SERVE], os);
    assert.deepEqual([probe.os, probe.arch, probe.ownPid], [fake.os, fake.arch, fake.ownPid]);
    assert.equal(probe.memoryBytes(), fake.memoryBytes());
    assert.deepEqual(probe.machine(), fake.machine());
    probe[Symbol.dispose]();
    assert.ok(fake.disposed);
  }
});
