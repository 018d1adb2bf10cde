import assert from "node:assert/strict";
import fc from "fast-check";
import { discover, type Discovery } from "../src/discover.ts";
import type { Selection } from "../src/select.ts";
import { FakeProbe, type FakeProcess, NOW_MS, OWN_PID } from "./fake.ts";
import { pure } from "./support.ts";

const NOTHING: Selection = { match: null, pids: [] };
const EXE = "/h/.opencode/bin/opencode";

/** An OpenCode process, by default the TUI. */
function native(pid: number, rest: Partial<FakeProcess> = {}): FakeProcess {
  return { pid, name: "opencode", exe: EXE, argv: ["opencode"], ...rest };
}

function found(processes: readonly FakeProcess[], selection = NOTHING): Discovery {
  return discover(new FakeProbe(processes), selection);
}

/** Instances as `role:pid(depth role)` texts, which show trees at a glance. */
function shapes(discovery: Discovery): string[] {
  return discovery.instances.map((i) =>
    `${i.main.role} ${i.main.info.key.pid}: ` +
    i.members.map((m) => `${">".repeat(m.depth)}${m.info.key.pid} ${m.role}`).join(", ")
  );
}

function matchOf(pattern: RegExp): Selection {
  return { match: { source: pattern.source, test: (line) => pattern.test(line) }, pids: [] };
}

pure("nothing: an empty table, and a table with this tool only", () => {
  const discovery = found([]);
  assert.deepEqual(discovery.instances, []);
  assert.equal(discovery.scanned, 1);
});

pure("an instance is a root and its tree, in tree order, siblings by age", () => {
  const discovery = found([
    { pid: 30, ppid: 10, name: "gopls", startedAtMs: NOW_MS - 1 },
    { pid: 20, ppid: 10, name: "sh", startedAtMs: NOW_MS - 2 },
    native(10, { cwd: "/work/api" }),
    { pid: 21, ppid: 20, name: "make" },
    { pid: 50, ppid: 40, name: "bash" },
  ]);
  assert.deepEqual(shapes(discovery), ["tui 10: 10 tui, >20 child, >>21 child, >30 child"]);
  assert.equal(discovery.instances[0]!.directory, "/work/api");
  assert.equal(discovery.instances[0]!.id, "10-s10");
  assert.equal(discovery.scanned, 6);
});

pure(
  "the launchers above are the root; role, id and directory are those of OpenCode itself",
  () => {
    const discovery = found([
      { pid: 5, ppid: 1, name: "bash", argv: ["bash"] },
      {
        pid: 10,
        ppid: 5,
        name: "npm exec openco",
        exe: "/bin/node",
        argv: ["npm exec opencode serve"],
      },
      { pid: 11, ppid: 10, name: "sh", exe: "/bin/dash", argv: ["sh", "-c", "'opencode' serve"] },
      {
        pid: 12,
        ppid: 11,
        name: "node",
        exe: "/bin/node",
        argv: ["node", "/x/.bin/opencode", "serve"],
      },
      native(13, {
        ppid: 12,
        name: ".opencode",
        exe: "/x/.opencode",
        argv: ["x", "serve"],
        cwd: "/w",
      }),
      { pid: 14, ppid: 13, name: "gopls" },
      { pid: 15, ppid: 10, name: "other" },
    ]);
    assert.deepEqual(shapes(discovery), [
      "server 13: 10 launcher, >11 launcher, >>12 launcher, >>>13 server, >>>>14 child",
    ]);
    assert.equal(discovery.instances[0]!.directory, "/w");
  },
);

pure("bun dev launches OpenCode's sources, and nothing else", () => {
  const source = ["bun", "run", "--cwd", "packages/opencode", "src/index.ts", "serve"];
  const dev = { pid: 10, ppid: 1, name: "bun", exe: "/b/bun", argv: ["bun", "dev", "serve"] };
  const cwd = "/src/packages/opencode";
  assert.deepEqual(
    shapes(found([dev, { pid: 11, ppid: 10, name: "bun", exe: "/b/bun", argv: source, cwd }])),
    ["server 11: 10 launcher, >11 server"],
  );
  assert.deepEqual(shapes(found([dev, native(11, { ppid: 10 })])), ["tui 11: 11 tui"]);
});

pure(
  "what only mentions opencode is not counted, nor is a shell that runs it among other things",
  () => {
    const discovery = found([
      { pid: 10, name: "vim", argv: ["vim", "opencode.json"] },
      { pid: 11, name: "opencode", exe: "/usr/bin/python3", argv: ["opencode"] },
      { pid: 12, name: "sh", exe: "/bin/dash", argv: ["sh", "-c", "opencode serve; true"] },
      native(13, { ppid: 12, argv: ["opencode", "serve"] }),
    ]);
    assert.deepEqual(shapes(discovery), ["server 13: 13 server"]);
  },
);

pure(
  "helpers, and sessions started by a session, are counted once, in the tree they stand in",
  () => {
    const discovery = found([
      native(10),
      native(11, { ppid: 10, argv: ["opencode", "run", "/c/pyright.js", "--stdio"] }),
      native(12, { ppid: 10, argv: ["opencode", "whatever"], marks: { runsAsBun: true } }),
      { pid: 13, ppid: 10, name: "bash" },
      native(14, { ppid: 13, argv: ["opencode", "run", "fix it"] }),
      { pid: 15, ppid: 14, name: "gopls" },
    ]);
    assert.deepEqual(shapes(discovery), [
      "tui 10: 10 tui, >11 helper, >12 helper, >13 child, >>14 run, >>>15 child",
    ]);
  },
);

pure("this tool counts neither itself nor its own children, even inside OpenCode", () => {
  const discovery = found([
    native(10),
    { pid: 998, ppid: 10, name: "bash" },
    { pid: OWN_PID, ppid: 998, name: "opencode", exe: EXE, argv: ["ocmem", "list"] },
  ]);
  assert.deepEqual(shapes(discovery), ["tui 10: 10 tui, >998 child"]);
});

pure("children that init inherited join their living OpenCode", () => {
  const discovery = found([
    { pid: 1, ppid: 0, name: "init" },
    native(10, { startedAtMs: NOW_MS - 1000 }),
    { pid: 20, ppid: 1, name: "server", marks: { openCodePid: 10 }, startedAtMs: NOW_MS - 500 },
    { pid: 21, ppid: 20, name: "worker" },
    { pid: 22, ppid: 1, name: "sshd" },
  ]);
  assert.deepEqual(shapes(discovery), ["tui 10: 10 tui, >20 child, >>21 child"]);
});

pure("children of a dead OpenCode are orphans, also when its pid has come up again", () => {
  const discovery = found([
    { pid: 1, ppid: 0, name: "init" },
    { pid: 2, ppid: 1, name: "systemd" },
    native(10, { startedAtMs: NOW_MS - 100 }),
    { pid: 20, ppid: 1, name: "mcp", marks: { openCodePid: 7 } },
    { pid: 21, ppid: 20, name: "worker" },
    { pid: 30, ppid: 2, name: "mcp", marks: { openCodePid: 10 }, startedAtMs: NOW_MS - 500 },
    native(40, { ppid: 1, argv: ["opencode", "run", "/c/x.js"], marks: { openCodePid: 7 } }),
  ]);
  assert.deepEqual(shapes(discovery), [
    "tui 10: 10 tui",
    "orphan 40: 40 orphan",
    "orphan 20: 20 orphan, >21 child",
    "orphan 30: 30 orphan",
  ]);
});

pure("a session that another session started in the background is an instance of its own", () => {
  const discovery = found([
    native(10),
    native(20, { ppid: 1, argv: ["opencode", "serve"], marks: { openCodePid: 10 } }),
  ]);
  assert.deepEqual(shapes(discovery), ["tui 10: 10 tui", "server 20: 20 server"]);
});

pure("zombies are reported as such, OpenCode's own and its children", () => {
  const discovery = found([
    native(10),
    { pid: 11, ppid: 10, name: "git", zombie: true },
    native(20, { zombie: true }),
    { pid: 30, name: "git", zombie: true },
  ]);
  assert.deepEqual(shapes(discovery), ["tui 10: 10 tui, >11 zombie", "zombie 20: 20 zombie"]);
});

const MIXED: readonly FakeProcess[] = [
  { pid: 1, ppid: 0, name: "init", exe: null },
  native(10),
  { pid: 11, ppid: 10, name: "child" },
  native(20, { name: "oc" }),
  { pid: 30, name: "chrome" },
  { pid: 40, name: "sleep", exe: null },
  { pid: 50, ppid: 1, name: "cron" },
];

function asked(pids: readonly number[]): number[] {
  return [...new Set(pids)].sort((a, b) => a - b);
}

pure(
  "paths first, as on Linux: found by a link's target too; nobody else's arguments are read",
  () => {
    const probe = new FakeProbe(MIXED);
    const { instances } = discover(probe, NOTHING);
    assert.deepEqual(
      instances.flatMap((i) => i.members).map((m) => [m.info.key.pid, m.matchedBy]),
      [[10, "name"], [11, "enumeration"], [20, "enumeration"]],
    );
    assert.deepEqual(asked(probe.asked.commandLine), [10, 11, 20]);
    assert.deepEqual(asked(probe.asked.marks), [10, 20, 50]);
  },
);

pure("names first, as on macOS: paths and arguments only of those that a name points to", () => {
  const probe = new FakeProbe(MIXED, "darwin");
  const { instances } = discover(probe, NOTHING);
  assert.deepEqual(instances.flatMap((i) => i.members).map((m) => m.info.key.pid), [10, 11]);
  assert.deepEqual(asked(probe.asked.executable), [10, 11]);
  assert.deepEqual(asked(probe.asked.commandLine), [10, 11]);
  assert.deepEqual(asked(probe.asked.marks), [10, 50]);
});

pure(
  "--match adds what matches, grouped by parent, and leaves OpenCode's roles as they are",
  () => {
    const discovery = found([
      native(10, { argv: ["opencode", "serve"] }),
      { pid: 20, name: "agent", argv: ["agent", "serve"] },
      { pid: 21, ppid: 20, name: "agent", argv: ["agent", "serve", "worker"] },
      { pid: 22, ppid: 20, name: "sh", argv: ["sh"] },
      { pid: 30, name: "agent", argv: ["agent", "sleep"] },
    ], matchOf(/ serve/));
    assert.deepEqual(shapes(discovery), ["server 10: 10 server", "match 20: 20 match, >21 match"]);
    assert.equal(discovery.instances[1]!.members[0]!.matchedBy, "pattern");
  },
);

pure(
  "--match leaves out the shells that carry the pattern to this tool, and keeps other ancestors",
  () => {
    const discovery = found([
      { pid: 990, ppid: 1, name: "tmux", argv: ["tmux", "new", "agent"] },
      { pid: 998, ppid: 990, name: "sh", argv: ["sh", "-c", "ocmem --match agent"] },
      { pid: 70, name: "sh", argv: ["sh", "-c", "ocmem --match agent"] },
    ], matchOf(/agent/));
    // 70 runs somebody else's ocmem: asked for by the pattern.
    assert.deepEqual(shapes(discovery), ["match 990: 990 match", "match 70: 70 match"]);
  },
);

pure("--match counts what could not be read, and skips what has no arguments", () => {
  const discovery = found([
    { pid: 20, argv: "denied" },
    { pid: 21, argv: "gone" },
    { pid: 22, argv: [] },
  ], matchOf(/.*/));
  assert.deepEqual(shapes(discovery), []);
  assert.equal(discovery.unreadable, 1);
});

pure("--pid names processes in place of OpenCode's; theirs keep their role", () => {
  const machine = [native(10), { pid: 11, ppid: 10, name: "gopls" }, { pid: 20, name: "vim" }];
  const discovery = found(machine, { match: null, pids: [20, 11, 20, 12345, OWN_PID] });
  assert.deepEqual(shapes(discovery), ["pid 20: 20 pid", "child 11: 11 child"]);
  assert.deepEqual(discovery.absent, [12345, OWN_PID]);
});

pure("a process that ends while it is looked at has no arguments, and stops nothing", () => {
  const discovery = found([native(10, { argv: "gone" }), {
    pid: 11,
    ppid: 10,
    exe: null,
    argv: "gone",
  }]);
  assert.deepEqual(shapes(discovery), ["unknown 10: 10 unknown, >11 child"]);
});

pure("any table: every process is counted once at most, whatever its links say", () => {
  const process = fc.record({
    pid: fc.integer({ min: 2, max: 40 }),
    ppid: fc.integer({ min: 0, max: 40 }),
    kind: fc.constantFrom("native", "helper", "launcher", "zombie", "stray", "plain"),
  });
  fc.assert(
    fc.property(fc.uniqueArray(process, { selector: (p) => p.pid, maxLength: 30 }), (rows) => {
      const discovery = found(rows.map(({ pid, ppid, kind }): FakeProcess => {
        switch (kind) {
          case "native":
            return native(pid, { ppid });
          case "helper":
            return native(pid, { ppid, marks: { runsAsBun: true } });
          case "launcher":
            return { pid, ppid, name: "node", argv: ["node", "/x/opencode"] };
          case "zombie":
            return native(pid, { ppid, zombie: true });
          case "stray":
            return { pid, ppid: 1, marks: { openCodePid: ppid } };
          default:
            return { pid, ppid };
        }
      }));
      const pids = discovery.instances.flatMap((i) => i.members).map((m) => m.info.key.pid);
      assert.equal(new Set(pids).size, pids.length);
      for (const { pid, kind } of rows) {
        if (kind === "native" || kind === "helper") {
          assert.ok(pids.includes(pid), `${kind} ${pid} is lost`);
        }
      }
    }),
    { numRuns: 500 },
  );
});
