import assert from "node:assert/strict";
import fc from "fast-check";
import { discover } from "../src/discover.ts";
import { RememberingProbe } from "../src/remember.ts";
import type { Marks, Missing, Os } from "../src/types.ts";
import { FakeProbe, type FakeProcess, GIB, NOW_MS } from "./fake.ts";
import { pure } from "./support.ts";

const EXE = "/h/.opencode/bin/opencode";
const SERVE: FakeProcess = { pid: 10, name: "opencode", exe: EXE, argv: ["opencode", "serve"] };

/** A machine, the probe that remembers it, and its clock. */
function machine(processes: readonly FakeProcess[], os: Os = "linux"): {
  readonly fake: FakeProbe;
  readonly probe: RememberingProbe;
  readonly clock: { ms: number };
} {
  const fake = new FakeProbe(processes, os);
  const clock = { ms: NOW_MS };
  return { fake, clock, probe: new RememberingProbe(fake, { nowMs: () => clock.ms }) };
}

/** Arguments and marks of a process in a new table. */
function ask(probe: RememberingProbe, pid: number): [readonly string[] | Missing, Marks | null] {
  const process = probe.processTable().get(pid);
  assert.ok(process);
  return [probe.commandLine(process), probe.marks(pid)];
}

/** Whose arguments and marks were asked for since the last time. */
function news({ asked }: FakeProbe): [number[], number[]] {
  return [asked.commandLine.splice(0), asked.marks.splice(0)];
}

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
    probe[Symbol.dispose]();
    assert.ok(fake.disposed);
  }
});

/** A process in one look. Names or paths tell these programs apart, as they must. */
const PROGRAMS: Readonly<Record<string, Omit<FakeProcess, "pid">>> = {
  tui: { name: "opencode", exe: EXE, argv: ["opencode"] },
  server: { name: "opencode", exe: "/x/bin/opencode", argv: ["opencode", "serve"] },
  helper: { name: "opencode", exe: "/y/bin/opencode", argv: ["x"], marks: { runsAsBun: true } },
  denied: { name: "opencode", exe: "/z/bin/opencode", argv: "denied", marks: null },
  launcher: { name: "node", exe: "/bin/node", argv: ["node", "/x/opencode"] },
  stray: { name: "stray", exe: "/bin/stray", marks: { openCodePid: 5 } },
  plain: { name: "plain", exe: "/bin/plain" },
  hidden: { name: "opencode", exe: null },
};

pure("any looks: what is found is what is found without remembering", () => {
  const process = fc.record({
    pid: fc.integer({ min: 2, max: 12 }),
    ppid: fc.integer({ min: 1, max: 12 }),
    program: fc.constantFrom(...Object.keys(PROGRAMS)),
    birth: fc.integer({ min: 1, max: 2 }),
    young: fc.boolean(),
    zombie: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const table = fc.uniqueArray(process, { selector: (p) => p.pid, maxLength: 11, size: "max" });
  const looks = fc.array(table, { minLength: 2, maxLength: 6, size: "max" });
  fc.assert(
    fc.property(looks, fc.constantFrom<Os>("linux", "darwin"), (looks, os) => {
      const { fake, probe } = machine([], os);
      looks.forEach((rows, look) => {
        fake.set(rows.map(({ pid, ppid, program, birth, young, zombie }): FakeProcess => {
          const what = PROGRAMS[program]!;
          const argv = typeof what.argv === "string"
            ? what.argv
            : [...what.argv ?? [], `--born=${birth}`, ...young ? [`--look=${look}`] : []];
          // Of a pid's two processes only the name of their start differs.
          const startedAtMs = NOW_MS - (young ? 100 : 60_000 - pid);
          return { ...what, pid, ppid, zombie, argv, started: `s${birth}`, startedAtMs };
        }));
        const selection = { match: { source: "=1", test: (t: string) => /=1/.test(t) }, pids: [] };
        assert.deepEqual(discover(probe, selection), discover(fake, selection));
      });
    }),
    { numRuns: 500 },
  );
});
