/** The LinuxProbe on this machine, against what the machine itself says. */

import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import type { LinuxProbe } from "../../src/ffi/linux.ts";
import { openLinux } from "../../src/ffi/open.ts";
import type { ProcessInfo } from "../../src/types.ts";
import { act, castAs, NEEDS as ACTORS } from "../live/actor.ts";
import { Children, figure, footprintOf, procText, stateOf, until } from "../live/processes.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { wholeTable } from "../rows.ts";

const NEEDS = { Linux: Deno.build.os === "linux", sh: hasProgram("sh") };

/** Both clocks that tell the start count in ticks of 10 ms. */
const START_TOLERANCE_MS = 20;
/** What a process that waits may gain or lose between two readings: the kernel counts in batches. */
const WAITING_TOLERANCE_BYTES = 256 * 1024;
const KIB = 1024;

function openHere(): LinuxProbe {
  return openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
}

function rowOf(probe: LinuxProbe, pid: number): ProcessInfo {
  const row = wholeTable(probe).processes.find((process) => process.key.pid === pid);
  assert(row, `${pid} is not in the process table`);
  return row;
}

live("its own process", NEEDS, () => {
  using probe = openHere();
  assert.deepEqual([probe.os, probe.arch, probe.ownPid], ["linux", Deno.build.arch, Deno.pid]);
  const row = rowOf(probe, Deno.pid);
  assert.deepEqual([row.ppid, row.zombie, row.uid], [Deno.ppid, false, null]);
  assert.equal(row.name, procText(Deno.pid, "comm").trimEnd());
  assert.deepEqual(
    probe.commandLine(row),
    procText(Deno.pid, "cmdline").split("\0").slice(0, -1),
  );
  assert.equal(probe.executable(Deno.pid), Deno.readLinkSync("/proc/self/exe"));
  assert.equal(probe.directory(Deno.pid), Deno.cwd());
  assert.equal(probe.memoryBytes(), figure(Deno.readTextFileSync("/proc/meminfo"), "MemTotal"));
  assert.deepEqual(probe.machine(), {
    name: Deno.hostname(),
    boot: Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trimEnd(),
  });
});

live("arguments are read back as they were given", NEEDS, async () => {
  await using children = new Children();
  using probe = openHere();
  const wait = "echo ready; read line";
  const lists = [
    [],
    [""],
    ["", "", ""],
    ["a b", "", "c\nd", "\t\r", "ünï 𝄞", "\x1b[31m\x07", "'\"\\$`", "-", "--", ""],
    // The largest: fifteen of 100 KiB, below the kernel's 2 MiB of a default stack. However much is
    // read of the first at a time, it ends in a line break.
    Array.from({ length: 15 }, () => "\n".repeat(100 * KIB)),
    Array.from({ length: 15 }, (_, i) => String.fromCodePoint(0x61 + i).repeat(100 * KIB)),
  ];
  for (const list of lists) {
    const child = children.start("sh", { args: ["-c", wait, "sh", ...list] });
    await child.line(/^ready$/);
    const argv = probe.commandLine(rowOf(probe, child.pid));
    assert(typeof argv !== "string");
    assert.match(argv[0]!, /(?:^|\/)sh$/);
    assertSame(argv.slice(1), ["-c", wait, "sh", ...list]);
  }
});

/** As deepEqual, without its description of the difference: that of megabytes never ends. */
function assertSame(found: readonly string[], expected: readonly string[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, text] of expected.entries()) {
    assert(
      found[i] === text,
      `${i}: ${found[i]?.length} characters that begin with ${
        JSON.stringify(found[i]?.slice(0, 20))
      }`,
    );
  }
}

live("arguments that are not UTF-8 become valid text", NEEDS, async () => {
  await using children = new Children();
  using probe = openHere();
  const script = `exec sh -c 'echo ready; read line' x "$(printf 'a\\377\\033[31mb\\303')" y`;
  const child = children.start("sh", { args: ["-c", script] });
  await child.line(/^ready$/);
  assert.deepEqual(probe.commandLine(rowOf(probe, child.pid)), [
    "sh",
    "-c",
    "echo ready; read line",
    "x",
    "a\u{fffd}\x1b[31mb\u{fffd}",
    "y",
  ]);
});

live("start, parent and directory of a child", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openHere();
  const cwd = `${folder.path}/a folder\nwith a line break`;
  Deno.mkdirSync(cwd);
  const before = Date.now();
  const child = children.start("sh", { args: ["-c", "echo ready; read line"], cwd });
  await child.line(/^ready$/);
  const after = Date.now();
  const row = rowOf(probe, child.pid);
  assert.equal(row.ppid, Deno.pid);
  assert(row.startedAtMs >= before - START_TOLERANCE_MS, `${before - row.startedAtMs} ms early`);
  assert(row.startedAtMs <= after + START_TOLERANCE_MS, `${row.startedAtMs - after} ms late`);
  assert.equal(probe.directory(child.pid), cwd);
  assert.deepEqual(rowOf(probe, child.pid).key, row.key, "the key does not change");
});

live("an executable that was removed is told as such", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openHere();
  const path = castAs(`${folder.path}/opencode`);
  const { pid } = await act(children, path);
  assert.equal(probe.executable(pid), path);
  Deno.removeSync(path);
  assert.equal(probe.executable(pid), `${path} (deleted)`);
});

live("a zombie is a zombie, then gone", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openHere();
  const path = castAs(`${folder.path}/actor`);
  // An actor never waits for its children.
  const parent = await act(children, path, { spawn: [{ path, argv: [path, "child"] }] });
  const pid = parent.below[0]!;
  Deno.kill(pid);
  await until("a zombie", () => stateOf(pid) === "Z");
  const row = rowOf(probe, pid);
  assert.deepEqual([row.zombie, row.ppid], [true, parent.pid]);
  // Told by the table; and if it became one since, by the memory.
  for (const seen of [row, { ...row, zombie: false }]) {
    assert.equal(probe.memory(seen, { exact: false }), "zombie");
    assert.equal(probe.memory(seen, { exact: true }), "zombie");
  }
  assert.equal(probe.commandLine(row), "zombie");
  assert.equal(probe.marks(row.key.pid), null);
  assert.equal(probe.executable(pid), null);
  await parent.child.end();
  await until("init to reap it", () => stateOf(pid) === null);
  assert.equal(probe.memory({ ...row, zombie: false }, { exact: false }), "gone");
});

live("a process that is gone is gone", NEEDS, async () => {
  await using children = new Children();
  using probe = openHere();
  const child = children.start("sh", { args: ["-c", "echo ready; read line"] });
  await child.line(/^ready$/);
  const row = rowOf(probe, child.pid);
  await child.end();
  assert.equal(probe.memory(row, { exact: false }), "gone");
  assert.equal(probe.memory(row, { exact: true }), "gone");
  assert.equal(probe.commandLine(row), "gone");
  assert.equal(probe.marks(row.key.pid), null);
  assert.equal(probe.executable(child.pid), null);
  assert.equal(probe.directory(child.pid), null);
});

live("memory is what /proc says", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openHere();
  const { child, pid } = await act(children, castAs(`${folder.path}/actor`));
  for (const order of [`p${10_000 * KIB}`, `s${20_000 * KIB}`]) {
    await child.say(`${order}\n`);
    await child.line(/^done$/);
  }
  const reading = probe.memory(rowOf(probe, pid), { exact: true });
  assert(typeof reading !== "string");
  const status = procText(pid, "status"), rollup = procText(pid, "smaps_rollup");
  const expected: readonly (readonly [number | null, number])[] = [
    [reading.footprintBytes, footprintOf(pid)],
    [reading.residentBytes, figure(status, "VmRSS")],
    [reading.peakBytes, figure(status, "VmHWM")],
    [reading.swappedBytes, figure(status, "VmSwap")],
    [reading.pssBytes, figure(rollup, "Pss")],
    [reading.ussBytes, figure(rollup, "Private_Clean") + figure(rollup, "Private_Dirty")],
  ];
  for (const [i, [found, said]] of expected.entries()) {
    assert(Math.abs(found! - said) <= WAITING_TOLERANCE_BYTES, `${i}: ${found}, said: ${said}`);
  }
  assert(reading.footprintBytes >= 30_000 * KIB);
  assert.deepEqual([reading.source, reading.uid], ["proc_status", Deno.uid()]);
});

live("OpenCode's marks are found, and only those", NEEDS, async () => {
  await using children = new Children();
  using probe = openHere();
  const huge = Object.fromEntries(
    Array.from({ length: 15 }, (_, i) => [`HUGE_${i}`, "\n".repeat(100 * KIB)]),
  );
  const none = { openCodePid: null, runsAsBun: false };
  const cases: readonly [Readonly<Record<string, string>>, typeof none | object][] = [
    [{}, none],
    [{ OPENCODE: "1", OPENCODE_PID: "4711", AGENT: "1" }, { ...none, openCodePid: 4711 }],
    [{ BUN_BE_BUN: "1" }, { ...none, runsAsBun: true }],
    [{ A: "b", OPENCODE_PID: "7", C: "", BUN_BE_BUN: "1" }, { openCodePid: 7, runsAsBun: true }],
    [{ OPENCODE_PID: "abc" }, none],
    [{ OPENCODE_PID: "" }, none],
    [{ OPENCODE_PID: "1 2" }, none],
    [{ XOPENCODE_PID: "1", OPENCODE_PID_FILE: "1", XBUN_BE_BUN: "1" }, none],
    [{ A: "OPENCODE_PID=1", B: "\nOPENCODE_PID=1\n", BUN_BE_BUN: "0" }, none],
    [{ ...huge, OPENCODE_PID: "4711", BUN_BE_BUN: "1" }, { openCodePid: 4711, runsAsBun: true }],
  ];
  for (const [env, expected] of cases) {
    const child = children.start("sh", { args: ["-c", "echo ready; read line"], env });
    await child.line(/^ready$/);
    const marks = probe.marks(rowOf(probe, child.pid).key.pid);
    assert.deepEqual(marks, expected, Object.entries(env).join(" ").slice(0, 80));
    await child.end();
  }
});

live("a library that is not there is named", NEEDS, () => {
  const open = (paths: readonly string[]) => () => openLinux(paths)[Symbol.dispose]();
  const expected = (error: unknown) =>
    error instanceof UnsupportedError && error.message.includes("/nonexistent/libc.so");
  assert.throws(open(["/nonexistent/libc.so"]), expected);
  assert.throws(open(["/nonexistent/libc.so", "/etc/hostname"]), expected);
  assert.throws(open([]), UnsupportedError);
  open(["/nonexistent/libc.so", ...LIBC_PATHS[Deno.build.arch]!])();
});
