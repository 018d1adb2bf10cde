/** `ocmem orphans` on scripted machines. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";
import { concluded, HOUR, INIT, LEFT, MACHINE, on, opencode } from "./left_behind.ts";

pure("nothing runs: no orphans", async () => {
  assert.deepEqual(await on([]), {
    code: 0,
    err: "",
    out: "No orphans: 0 OpenCode instances looked at\n",
  });
  const { out, code } = await on([], "--json --fail");
  const { totals, orphans, exit_code } = JSON.parse(out);
  assert.deepEqual([code, exit_code, orphans], [0, 0, []]);
  assert.deepEqual(totals, { instances: 0, suspects: 0, reclaimable_bytes: 0 });
});

pure("what is left behind is listed with its evidence, and what is not is not", async () => {
  const { code, out } = await on(MACHINE);
  assert.equal(code, 0);
  // 1024 + 256 + 100 MiB.
  assert.equal(
    out,
    `2 may be orphans, 1.35 GiB could be reclaimed (4 OpenCode instances looked at)

10  tui, 1.25 GiB in 2 processes, up 1d 3h: likely an orphan
    opencode --token ***
    in ~/work/web
    - its parent is process 900 (systemd), which inherits orphans
    - it has no terminal
    - its executable was removed or replaced, as by an upgrade
    - it is older than a day
    to end it: ocmem stop 10

20  server, 100 MiB, up 59s: likely an orphan
    opencode serve
    - its parent is process 1 (systemd), which inherits orphans
    - it has no terminal
    - OPENCODE_PID is 7, and no OpenCode of that pid that is older lives
    to end it: ocmem stop 20

  Cannot read sessions: there is no opencode.db in
  /home/ann/.local/share/opencode
`,
  );
});

pure("as JSON, with every key", async () => {
  const { out } = await on(MACHINE, "--json --fail");
  const { exit_code, totals, orphans } = JSON.parse(out);
  assert.equal(exit_code, 1);
  assert.deepEqual(totals, {
    instances: 4,
    suspects: 2,
    reclaimable_bytes: GIB + 356 * MIB,
  });
  assert.deepEqual(orphans[0], {
    id: "10-s10",
    pid: 10,
    role: "tui",
    conclusion: "likely",
    evidence: [
      {
        kind: "parent_gone",
        detail: "its parent is process 900 (systemd), which inherits orphans",
      },
      { kind: "no_terminal", detail: "it has no terminal" },
      {
        kind: "executable_deleted",
        detail: "its executable was removed or replaced, as by an upgrade",
      },
      { kind: "age", detail: "it is older than a day" },
    ],
    footprint_bytes: GIB + 256 * MIB,
    processes: 2,
    started_at: "2026-01-01T00:04:05.000Z",
    uptime_ms: 27 * HOUR,
    cwd: "/home/ann/work/web",
    command_line: ["opencode", "--token", "***"],
    sessions: [],
  });
});

pure("--fail is about what is an orphan or likely one", async () => {
  const possible = opencode(10, "serve", { ppid: 1, standing: LEFT });
  const likely = opencode(11, "", { ppid: 1, standing: LEFT });
  const orphan = { pid: 12, ppid: 1, name: "node", marks: { openCodePid: 7 } };
  const codeOn = async (...processes: FakeProcess[]) =>
    (await on([INIT, ...processes], "--fail")).code;
  assert.equal(await codeOn(), 0);
  assert.equal(await codeOn(opencode(9, "")), 0);
  assert.equal(await codeOn(possible), 0);
  assert.equal(await codeOn(likely), 1);
  assert.equal(await codeOn(orphan), 1);
  assert.equal(await codeOn(possible, orphan), 1);
  assert.equal((await on([INIT, likely, orphan])).code, 0);
});

pure("the surest come first, then the largest", async () => {
  const { orphans } = JSON.parse(
    (await on([
      INIT,
      opencode(10, "serve", { ppid: 1, standing: LEFT, memory: 3 * GIB }),
      opencode(11, "", { ppid: 1, standing: LEFT, memory: MIB }),
      opencode(12, "", { ppid: 1, standing: LEFT, memory: 2 * MIB }),
      { pid: 13, ppid: 1, name: "node", marks: { openCodePid: 7 }, memory: MIB },
    ], "--json")).out,
  );
  assert.deepEqual(orphans.map(({ pid }: { pid: number }) => pid), [13, 12, 11, 10]);
});

pure("what can't be read is not counted as nothing", async () => {
  const { out } = await on([
    INIT,
    opencode(10, "", { ppid: 1, standing: LEFT }),
    { pid: 11, ppid: 10, name: "gopls", memory: "denied" },
  ], "--json");
  const { totals, orphans, scan } = JSON.parse(out);
  assert.deepEqual([totals.suspects, totals.reclaimable_bytes], [1, null]);
  assert.deepEqual([orphans[0].footprint_bytes, scan.unreadable], [null, 1]);
});

pure("a standing, a mark and an executable that can't be read speak for nothing", async () => {
  const unread = { marks: null, standing: null, exe: null };
  assert.deepEqual(await concluded([INIT, opencode(10, "", { ppid: 1, ...unread })]), {});
  assert.deepEqual(await concluded([INIT, opencode(10, "serve", { ppid: 1, ...unread })]), {});
});

pure("the parent that counts is that of the launcher", async () => {
  const launcher = (ppid: number) => [
    INIT,
    { pid: 500, ppid: 1, name: "bash" },
    { pid: 10, ppid, name: "node", exe: "/b/node", argv: ["node", "/x/.bin/opencode"] },
    opencode(11, "", { ppid: 10, standing: LEFT }),
  ];
  assert.deepEqual(await concluded(launcher(1)), { 11: "likely" });
  assert.deepEqual(await concluded(launcher(500)), {});
});

pure("an opener of the same pid that started later is another", async () => {
  const at = (startedAtMs: number) => [
    INIT,
    opencode(7, "", { startedAtMs }),
    opencode(10, "run x", {
      ppid: 1,
      standing: LEFT,
      startedAtMs: NOW_MS - 50_000,
      marks: { openCodePid: 7 },
    }),
  ];
  assert.deepEqual(await concluded(at(NOW_MS - 50_000)), {});
  assert.deepEqual(await concluded(at(NOW_MS - 49_999)), { 10: "likely" });
  const child: FakeProcess = { pid: 7, ppid: 1, name: "node" };
  assert.deepEqual(await concluded([...at(0).filter(({ pid }) => pid !== 7), child]), {
    10: "likely",
  });
});

pure("an opener's pid that has recurred as a child of another, or that is its own", async () => {
  const run = opencode(20, "run x", { ppid: 1, standing: LEFT, marks: { openCodePid: 15 } });
  const child = { pid: 15, ppid: 10, name: "bash" };
  assert.deepEqual(await concluded([INIT, opencode(10, ""), child, run]), { 20: "likely" });
  const own = { ...run, marks: { openCodePid: 20 } };
  assert.deepEqual(await concluded([INIT, own]), { 20: "possible" });
});

pure("what has ended is no instance that was looked at", async () => {
  const ended = [
    opencode(10, "", { ppid: 1, zombie: true }),
    opencode(11, "", { ppid: 1, standing: LEFT, memory: "gone" }),
  ];
  const { totals } = JSON.parse((await on([INIT, ...ended], "--json")).out);
  assert.deepEqual([totals.instances, totals.suspects], [0, 0]);
});

pure("on macOS every child of launchd has pid 1 as its parent", async () => {
  const server = (isService: boolean | null) => [
    { pid: 1, ppid: 0, name: "launchd" },
    opencode(10, "serve", { ppid: 1, standing: { hasTerminal: false, isService } }),
  ];
  assert.deepEqual(await concluded(server(true), "darwin"), {});
  assert.deepEqual(await concluded(server(null), "darwin"), {});
  assert.deepEqual(await concluded(server(false), "darwin"), { 10: "possible" });
});

pure("a path of macOS that ends in (deleted) is a path", async () => {
  const tui = opencode(10, "", { ppid: 1, standing: LEFT, exe: "/b/opencode (deleted)" });
  const kinds = async (os: "linux" | "darwin") =>
    JSON.parse((await on([INIT, tui], "--json", os)).out).orphans[0].evidence
      .map(({ kind }: { kind: string }) => kind).join(" ");
  assert.equal(await kinds("linux"), "parent_gone no_terminal executable_deleted");
  assert.equal(await kinds("darwin"), "parent_gone no_terminal");
});

pure("only instances of OpenCode are asked how they stand, and only by this command", async () => {
  const probe = new FakeProbe(MACHINE);
  await runFake(["orphans"], { probe });
  assert.deepEqual(probe.asked.standing.sort((a, b) => a - b), [10, 20, 30, 40]);
  const other = new FakeProbe(MACHINE);
  await runFake(["check"], { probe: other });
  assert.deepEqual(other.asked.standing, []);
});

pure("wrong flags", async () => {
  const fails = async (...args: string[]) => {
    const { code, err } = await runFake(["orphans", ...args]);
    assert.equal(code, 64);
    return err;
  };
  assert.match(await fails("--json", "--format", "text"), /--json with --format text/);
  assert.match(await fails("--pid", "1"), /--pid/);
});
