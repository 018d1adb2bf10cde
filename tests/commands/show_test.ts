/** `ocmem show` on scripted machines. */

import assert from "node:assert/strict";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";
import { INIT, LEFT, opencode } from "./left_behind.ts";
import { MACHINE, partOf, show, shown } from "./shown.ts";

pure("a session: everything, part by part", async () => {
  const { out, err, code } = await show("10 --no-sessions");
  // A level is no failure.
  assert.deepEqual([err, code], ["", 0]);
  assert.equal(
    out,
    `10  tui, 3 GiB: warning
  footprint 3 GiB is over the warning limit of 2 GiB

Process
  name        opencode
  executable  /b/opencode
  command     opencode --session ses_1 --api-key ***
  directory   ~/web
  started     TIME, 59s ago
  user        501
  parents     5 (tmux: server), 1 (systemd)
  found       by its name
  instance    10-s10

Tree
  3 processes, 3.25 GiB, 1 unread
   PID  ROLE        LEVEL    FOOTPRINT  COMMAND
  > 10  tui         warning      3 GiB  opencode --session ses_1 --api-key ***
    11  └ child     normal     256 MiB  LSP Go (gopls): gopls
    12    └ zombie  unknown     zombie  (git)
  LSP Go (gopls), 256 MiB

Memory
  footprint   3 GiB
  resident    3.01 GiB
  peak        3.02 GiB
  swapped     0 B
  PSS         3 GiB
  USS         3 GiB
  KIND           SIZE  OF FOOTPRINT
  anonymous  2.25 GiB           75%  ███████████████
  swapped     768 MiB           25%  █████
  file        300 MiB     not in it

Trend
  nothing is recorded of it: ocmem watch --record records

Standing
  not left behind: it has a terminal, its parent lives (5, tmux: server)

Ports
  127.0.0.1:4096
  [::1]:4096

Next
  Its session is kept; end it (ocmem stop 10) and go on with it:
  cd '/home/ann/web' && opencode --session ses_1
  To see what fills it, press Ctrl-P and choose "Write heap snapshot", which
  takes much more memory meanwhile; or have one written above 2 GiB:
  cd '/home/ann/web' && OPENCODE_AUTO_HEAP_SNAPSHOT=1 opencode --session ses_1
  ocmem stop 10
  ocmem track --pid 10
`,
  );
});

pure("as JSON, with keys of its own beside those of other documents", async () => {
  const document = await shown("11 --warning 100MiB");
  assert.equal(document.type, "show");
  assert.deepEqual([document.exit_code, document.uptime_ms, document.cwd], [0, 59_989, null]);
  assert.deepEqual([document.process.pid, document.process.level], [11, "warning"]);
  assert.equal(document.instance.id, "10-s10");
  assert.deepEqual(
    document.instance.processes.map(({ pid }: { pid: number }) => pid),
    [10, 11, 12],
  );
  assert.deepEqual(document.ancestors, [
    { pid: 10, name: "opencode" },
    { pid: 5, name: "tmux: server" },
    { pid: 1, name: "systemd" },
  ]);
  assert.deepEqual(document.memory_parts, [
    { kind: "anonymous", bytes: 256 * MIB, in_footprint: true },
  ]);
  assert.deepEqual([document.memory_parts_missing, document.ports, document.trend], [
    null,
    [],
    null,
  ]);
  // The standing is that of the session, whose child this is.
  assert.deepEqual(document.standing, {
    pid: 10,
    has_terminal: true,
    is_service: false,
    opencode_pid: null,
    conclusion: null,
    evidence: [],
  });
  assert.equal(document.resume, "cd '/home/ann/web' && opencode --session ses_1");
});

pure("any other process: it and what is below it, and nothing to stop", async () => {
  const { out } = await show("20");
  assert.match(out, /^20 {2}pid, 1 MiB: normal\n/);
  assert.deepEqual(partOf(out, "Tree").slice(2), [
    "> 20  pid        1 MiB  bash",
    "  21  └ pid      2 MiB  make",
  ]);
  assert.deepEqual(partOf(out, "Next"), ["ocmem track --pid 20"]);
  // Sessions are those of OpenCode.
  assert.doesNotMatch(out, /^Sessions$/m);
  const below = await shown("5");
  const rows = below.instance.processes.map((one: Record<string, unknown>) =>
    [one.pid, one.role, one.depth].join(" ")
  );
  assert.deepEqual(rows, [
    ...["5 pid 0", "10 tui 1", "11 child 2", "12 zombie 3", "20 pid 1", "21 pid 2", "30 pid 1"],
  ]);
});

pure("pid 1 has nothing above it, and is not said to have a parent that lives", async () => {
  const { out } = await show("1");
  assert.match(out, /^ {2}parents {5}none$/m);
  assert.deepEqual(partOf(out, "Standing"), ["not left behind: it has a terminal"]);
});

pure("what can't be shown, and why", async () => {
  const fails = async (args: string, machine = MACHINE) => {
    const { out, err, code } = await show(args, machine);
    assert.deepEqual([out, code], ["", 64]);
    return err;
  };
  assert.match(await fails("77"), /^ocmem: Cannot show 77: no such process, or the system hides/);
  assert.match(await fails("999"), /^ocmem: Cannot show 999: that is ocmem itself/);
  assert.match(await fails(""), /Cannot go on without PID: expected a process id/);
  assert.match(await fails("10 11"), /Unexpected argument "11"/);
  assert.match(await fails("ten"), /Cannot use PID "ten": expected a process id/);
  assert.match(
    await fails("10 --critical 1GiB"),
    /Cannot use --warning 2GiB, the default with --critical 1GiB/,
  );
  // It ends between the table and the reading.
  assert.match(
    await fails("10", [opencode(10, "", { memory: "gone" })]),
    /Cannot show 10: no such/,
  );
});

pure("it ends between one look and the next", async () => {
  const probe = new FakeProbe(MACHINE);
  const table = probe.processTable.bind(probe);
  let tables = 0;
  probe.processTable = () => {
    if (++tables === 2) probe.set(MACHINE.filter(({ pid }) => pid !== 10));
    return table();
  };
  const { err, code } = await show("10", probe);
  assert.match(err, /Cannot show 10: no such process/);
  assert.deepEqual([code, tables], [64, 2]);
});

pure("another user's: it says so, and shows what is known", async () => {
  const { out, err, code } = await show("30");
  assert.deepEqual([err, code], ["", 0]);
  assert.match(
    out,
    /^30 {2}pid: unknown\n {2}its memory can't be read: it belongs to another user/,
  );
  assert.match(out, /^ {2}executable {2}not known$/m);
  assert.deepEqual(partOf(out, "Memory"), ["not known: it belongs to another user"]);
  assert.deepEqual(partOf(out, "Next"), ["ocmem track --pid 30"]);
  // Nor is a child of OpenCode's that is another user's to be stopped.
  const child = { pid: 11, ppid: 10, name: "su", memory: "denied" } as const;
  const { out: below } = await show("11 --no-sessions", [opencode(10, "serve"), child]);
  assert.deepEqual(partOf(below, "Next"), ["ocmem track --pid 11"]);
  const { process, memory_parts, memory_parts_missing } = await shown("30");
  assert.deepEqual([process.memory, process.missing], [null, "denied"]);
  assert.deepEqual([memory_parts, memory_parts_missing], [null, "denied"]);
});

pure("a zombie: it holds nothing, and there is nothing to do with it", async () => {
  const { out } = await show("12 --no-sessions", [
    ...MACHINE.filter(({ pid }) => pid !== 10),
    opencode(10, "serve"),
  ]);
  assert.match(out, /^12 {2}zombie: unknown\n {2}it has ended and waits for its parent/);
  assert.deepEqual(partOf(out, "Memory"), ["nothing: it has ended"]);
  assert.deepEqual(partOf(out, "Next"), []);
  // All of its instance has ended: nobody was left behind.
  const alone = await shown("10", [opencode(10, "", { zombie: true })]);
  assert.equal(alone.standing, null);
});

pure("nothing is told of it: unknown is never nothing", async () => {
  const untold = {
    ...{ exe: null, cwd: null, marks: null, standing: null, ports: null },
    parts: "unsupported",
  } as const;
  const { out } = await show("10", [opencode(10, "", { ...untold, ppid: 1 }), INIT]);
  assert.deepEqual(partOf(out, "Ports"), ["not known: the system does not tell"]);
  assert.match(out, /^ {2}by kind {5}not known: this system does not tell$/m);
  assert.match(out, /^ {2}directory {3}not known$/m);
  assert.deepEqual(
    partOf(out, "Standing").join(" "),
    [
      "nothing is concluded: whether it has a terminal is not known: whether it is a",
      "service of systemd is not known",
      "- its parent is process 1 (systemd), which inherits orphans",
    ].join(" "),
  );
  const { ports, standing } = await shown("10", [opencode(10, "", untold)]);
  assert.deepEqual([ports, standing.has_terminal, standing.is_service], [null, null, null]);
  // Where it listens nowhere, that is known.
  assert.deepEqual(partOf((await show("20")).out, "Ports"), [
    "it listens nowhere that can be seen from here",
  ]);
});

pure("left behind: the words and the evidence of orphans", async () => {
  const machine = [
    INIT,
    opencode(10, "serve", { ppid: 1, standing: LEFT, marks: { openCodePid: 7 } }),
  ];
  const { out } = await show("10", machine);
  assert.deepEqual(partOf(out, "Standing"), [
    "likely an orphan",
    "- its parent is process 1 (systemd), which inherits orphans",
    "- it has no terminal",
    "- OPENCODE_PID is 7, and no OpenCode of that pid that is older lives",
  ]);
  const { standing } = await shown("10", machine);
  assert.deepEqual([standing.conclusion, standing.opencode_pid], ["likely", 7]);
  assert.deepEqual(standing.evidence.map(({ kind }: { kind: string }) => kind), [
    ...["parent_gone", "no_terminal", "opener_dead"],
  ]);
});

pure("minded by a service manager, or by an OpenCode that lives", async () => {
  const service = { ...LEFT, isService: true };
  const of = async (os: "linux" | "darwin", ...rest: readonly Parameters<typeof opencode>[2][]) => {
    const machine = [INIT, ...rest.map((one, i) => opencode(10 + i, "serve", one))];
    return partOf((await show("10", new FakeProbe(machine, os))).out, "Standing")[0];
  };
  assert.equal(
    await of("linux", { ppid: 1, standing: service }),
    "not left behind: it is a service of systemd",
  );
  assert.equal(
    await of("darwin", { ppid: 1, standing: service }),
    "not left behind: it is a service of launchd",
  );
  const opened = { ppid: 1, standing: LEFT, marks: { openCodePid: 11 }, startedAtMs: NOW_MS };
  assert.match(
    (await of("linux", opened, {})) ?? "",
    /^not left behind: the OpenCode that started it lives \(OPENCODE_PID is 11\)$/,
  );
});

pure("PSS and USS are read of the one process, and are no figures of macOS", async () => {
  const { process, instance } = await shown("11");
  assert.deepEqual([process.memory.pss_bytes, process.memory.uss_bytes], [257 * MIB, 255 * MIB]);
  assert.equal(instance.processes[0].memory.pss_bytes, null);
  const probe = new FakeProbe(MACHINE, "darwin");
  const memory = probe.memory.bind(probe);
  probe.memory = (one) => memory(one, { exact: false });
  assert.doesNotMatch((await show("10", probe)).out, /PSS|USS/);
});

pure("memory by kind and ports are asked of the one process, and of no other command", async () => {
  const probe = new FakeProbe(MACHINE);
  await show("10 --no-sessions", probe);
  assert.deepEqual([probe.asked.parts, probe.asked.ports], [[10], [10]]);
  assert.deepEqual(probe.asked.standing, [10]);
});

pure("limits of the flags and of the role", async () => {
  const level = async (args: string, scene = {}) =>
    (await shown(args, MACHINE, scene)).process.level;
  assert.equal(await level("10 --critical 2.5GiB"), "critical");
  assert.equal(await level("10 --warning 3GiB"), "normal");
  const text = '{ "roles": { "tui": { "warning": "1GiB", "critical": "2GiB" } } }';
  const env = { HOME: "/h" };
  const files = new Map([["/h/.config/ocmem/config.jsonc", { text }]]);
  assert.equal(await level("10", { env, files }), "critical");
  assert.equal(await level("11", { env, files }), "normal");
});

pure("a tree of hundreds is shown around the process, and whole in JSON", async () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ pid: 1000 + i, ppid: 10, name: "x" }));
  const machine = [opencode(10, "", { memory: GIB }), ...many];
  const { out } = await show("1200 --no-sessions", machine);
  const tree = partOf(out, "Tree");
  assert.match(tree[0]!, /^301 processes, .* \(261 not shown: --json has all\)$/);
  assert.equal(tree.length, 1 + 1 + 40 + 1);
  assert.match(tree.at(-1)!, /^300 × x, /);
  assert.equal(tree.filter((line) => line.startsWith("> 1200 ")).length, 1);
  assert.equal((await shown("1200", machine)).instance.processes.length, 301);
});

pure("a pattern that is always looked for makes it known", async () => {
  const files = new Map([["/h/.config/ocmem/config.jsonc", { text: '{ "patterns": ["make"] }' }]]);
  const { out } = await show("21", MACHINE, { env: { HOME: "/h" }, files });
  assert.match(out, /^21 {2}match, /);
  assert.match(out, /^ {2}found {7}by a pattern of the options file$/m);
});
