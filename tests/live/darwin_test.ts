/** The DarwinProbe on a real Mac, against what the system's own tools say. */

import assert from "node:assert/strict";
import { openProbe } from "../../src/ffi/open.ts";
import type { Probe, ProcessInfo, Reading } from "../../src/types.ts";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { Children } from "./processes.ts";
import { wholeTable } from "../rows.ts";

const NEEDS = { macOS: Deno.build.os === "darwin" };

const KIB = 1024, MIB = 1024 * KIB;
/** `ps` tells the start in whole seconds. */
const START_TOLERANCE_MS = 1000;
/** What a process that waits may gain or lose between two readings. */
const WAITING_TOLERANCE_BYTES = 256 * KIB;
/** Page tables and the C library's own buffers. */
const TAKEN_TOLERANCE_BYTES = 2 * MIB;
const TAKEN_BYTES = 300 * MIB;

function rowOf(probe: Probe, pid: number): ProcessInfo {
  const row = wholeTable(probe).processes.find((process) => process.key.pid === pid);
  assert(row, `${pid} is not in the process table`);
  return row;
}

function reading(probe: Probe, pid: number): Reading {
  const found = probe.memory(rowOf(probe, pid), { exact: false });
  assert(typeof found !== "string", `the memory of ${pid} is ${found}`);
  return found;
}

/** What a program of the system prints. */
function said(program: string, ...args: readonly string[]): string {
  const command = new Deno.Command(program, { args: [...args], env: { LC_ALL: "C" } });
  const { success, stdout, stderr } = command.outputSync();
  const text = new TextDecoder();
  assert(success, `${program} ${args.join(" ")}: ${text.decode(stderr)}`);
  return text.decode(stdout).trim();
}

function assertNear(value: number, expected: number, tolerance: number): void {
  assert(Math.abs(value - expected) <= tolerance, `${value}, expected ${expected} ± ${tolerance}`);
}

const UNITS: Readonly<Record<string, number>> = { B: 1, bytes: 1, KB: KIB, MB: MIB };

/** A figure that footprint(1) prints. */
function footprintSays(pid: number, name: string): number {
  const text = said("/usr/bin/footprint", "-f", "bytes", "-p", `${pid}`);
  const found = new RegExp(`\\b${name}:\\s+([\\d.]+)\\s*(B|bytes|KB|MB)\\b`).exec(text);
  assert(found, `footprint(1) says no ${name}: ${text}`);
  return Number(found[1]) * UNITS[found[2]!]!;
}

live("macOS: its own process", NEEDS, () => {
  using probe = openProbe();
  assert.deepEqual([probe.os, probe.arch, probe.ownPid], ["darwin", Deno.build.arch, Deno.pid]);
  const row = rowOf(probe, Deno.pid);
  assert.deepEqual([row.ppid, row.uid, row.zombie], [Deno.ppid, Deno.uid(), false]);
  assert.equal(probe.executable(Deno.pid), Deno.realPathSync(Deno.execPath()));
  assert.equal(probe.directory(Deno.pid), Deno.realPathSync("."));
  assert.equal(`${probe.memoryBytes()}`, said("/usr/sbin/sysctl", "-n", "hw.memsize"));
  assert.deepEqual(probe.machine(), { name: Deno.hostname(), boot: "" });
  const own = reading(probe, Deno.pid);
  assert.equal(own.source, "task_info", "an ordinary user gets a name port of their own");
  assert(own.footprintBytes > MIB && own.footprintBytes <= own.peakBytes!);
});

live("macOS: terminals are those that ps tells of", NEEDS, () => {
  using probe = openProbe();
  const { processes } = wholeTable(probe);
  const ttys = new Map(
    said("/bin/ps", "-axo", "pid=,tty=").split("\n").map((line) => {
      const [pid = "", tty = ""] = line.trim().split(/\s+/);
      return [Number(pid), tty];
    }),
  );
  let seen = 0;
  for (const row of processes) {
    const [standing, tty] = [probe.standing(row), ttys.get(row.key.pid)];
    if (standing === null || tty === undefined || row.zombie) continue;
    assert.equal(standing.hasTerminal, tty !== "??", `${row.key.pid}`);
    seen++;
  }
  assert(seen > 0);
});

live("macOS: arguments are read back as they were given", NEEDS, async () => {
  await using children = new Children();
  using probe = openProbe();
  const wait = "echo ready; read line";
  const lists = [
    [],
    ["", "", ""],
    ["a b", "", "c\nd", "ünï 𝄞", "\x1b[31m\x07", ""],
    // The largest: nine of 100 KiB, below ARG_MAX of 1 MiB.
    Array.from({ length: 9 }, (_, i) => String.fromCodePoint(0x61 + i).repeat(100 * KIB)),
  ];
  for (const list of lists) {
    const child = children.start("/bin/bash", { args: ["-c", wait, "sh", ...list] });
    await child.line(/^ready$/);
    const argv = probe.commandLine(rowOf(probe, child.pid));
    assert(typeof argv !== "string", `the arguments are ${argv}`);
    // Not deepEqual: its description of a difference of this size never ends.
    const expected = ["-c", wait, "sh", ...list];
    assert(argv.slice(1).join("\0") === expected.join("\0"), `${argv.length} arguments`);
  }
});

live("macOS: OpenCode's marks in the environment of a child", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openProbe();
  const path = castAs(`${folder.path}/opencode`);
  const env = { A: "b", OPENCODE_PID: "4711", BUN_BE_BUN: "1" };
  const { pid } = await act(children, path, { args: ["serve", ""], env });
  const row = rowOf(probe, pid);
  assert.equal(row.name, "opencode");
  assert.equal(probe.executable(pid), path);
  assert.deepEqual(probe.commandLine(row), [path, "serve", ""]);
  assert.deepEqual(probe.marks(row.key.pid), { openCodePid: 4711, runsAsBun: true });
  const other = await act(children, path, { env: { OPENCODE_PID: "abc", XOPENCODE_PID: "1" } });
  const none = { openCodePid: null, runsAsBun: false };
  assert.deepEqual(probe.marks(rowOf(probe, other.pid).key.pid), none);
});

live("macOS: start, parent and directory of a child", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openProbe();
  const before = Date.now();
  const path = castAs(`${folder.path}/actor`);
  const { pid } = await act(children, path, { cwd: folder.path });
  const after = Date.now();
  const row = rowOf(probe, pid);
  assert.equal(row.ppid, Deno.pid);
  assert(row.startedAtMs >= before - START_TOLERANCE_MS && row.startedAtMs <= after);
  const start = Date.parse(said("/bin/ps", "-o", "lstart=", "-p", `${pid}`));
  assertNear(row.startedAtMs, start, START_TOLERANCE_MS);
  assert.equal(probe.directory(pid), folder.path);
  assert.deepEqual(rowOf(probe, pid).key, row.key, "the key does not change");
});

live("macOS: memory is what footprint(1) and ps say", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openProbe();
  const { child, pid } = await act(children, castAs(`${folder.path}/actor`));
  const before = reading(probe, pid);
  await child.say(`p${TAKEN_BYTES}\n`);
  await child.line(/^done$/);
  const after = reading(probe, pid);
  const { footprintBytes, residentBytes, peakBytes, source } = after;
  assert.equal(source, "task_info");
  assertNear(footprintBytes, before.footprintBytes + TAKEN_BYTES, TAKEN_TOLERANCE_BYTES);
  assertNear(footprintBytes, footprintSays(pid, "phys_footprint"), WAITING_TOLERANCE_BYTES);
  assertNear(peakBytes!, footprintSays(pid, "phys_footprint_peak"), WAITING_TOLERANCE_BYTES);
  const rss = Number(said("/bin/ps", "-o", "rss=", "-p", `${pid}`)) * KIB;
  assertNear(residentBytes, rss, WAITING_TOLERANCE_BYTES);
  const parts = probe.memoryParts(rowOf(probe, pid));
  assert(typeof parts !== "string", `its parts are ${parts}`);
  const kinds = ["internal", "compressed", "purgeable", "external", "reusable"];
  assert.deepEqual(parts.map(({ kind }) => kind), kinds);
  const [internal, compressed] = parts.map(({ bytes }) => bytes);
  assert(internal! + compressed! >= TAKEN_BYTES - TAKEN_TOLERANCE_BYTES, `${internal}`);
  await child.say("u\n");
  await child.line(/^done$/);
  assertNear(reading(probe, pid).footprintBytes, before.footprintBytes, TAKEN_TOLERANCE_BYTES);
});

live("macOS: where a process listens, and that another user's is not told", NEEDS, () => {
  using probe = openProbe();
  const listeners = ["127.0.0.1", "::1", "0.0.0.0", "::"].map((hostname) => {
    const listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    return { listener, expected: { address: hostname, port } };
  });
  try {
    const found = probe.ports(Deno.pid);
    for (const { expected } of listeners) {
      const isFound = found?.some(({ address, port }) =>
        address === expected.address && port === expected.port
      );
      assert(isFound, `${JSON.stringify(expected)} is not in ${JSON.stringify(found)}`);
    }
  } finally {
    for (const { listener } of listeners) listener.close();
  }
  if (Deno.uid() !== 0) assert.equal(probe.ports(1), null);
});

live("macOS: a process that is gone is gone", NEEDS, async () => {
  await using children = new Children();
  using probe = openProbe();
  const child = children.start("/bin/bash", { args: ["-c", "echo ready; read line"] });
  await child.line(/^ready$/);
  const row = rowOf(probe, child.pid);
  await child.end();
  assert.equal(probe.memory(row, { exact: false }), "gone");
  assert.equal(probe.commandLine(row), "gone");
  assert.equal(probe.marks(row.key.pid), null);
  assert.deepEqual([probe.executable(child.pid), probe.directory(child.pid)], [null, null]);
});

live("macOS: every process of the machine, again and again", NEEDS, () => {
  using probe = openProbe();
  const listed = said("/bin/ps", "-axo", "pid=").split("\n").length;
  for (let i = 0; i < 20; i++) {
    const { processes } = wholeTable(probe);
    assert(processes.length >= listed / 2, `${processes.length} of ${listed} processes`);
    for (const process of processes) {
      const path = probe.executable(process.key.pid);
      assert(path === null || path.startsWith("/"), `${path}`);
      probe.directory(process.key.pid);
      probe.marks(process.key.pid);
      const argv = probe.commandLine(process);
      if (typeof argv !== "string") assert(argv.every((argument) => argument.isWellFormed()));
      const found = probe.memory(process, { exact: true });
      if (typeof found === "string") assert.match(found, /^(?:gone|denied|zombie)$/);
      else assert(Number.isSafeInteger(found.footprintBytes) && found.footprintBytes >= 0);
    }
  }
});

live("macOS: launchd is denied to an ordinary user, and not to root", NEEDS, () => {
  using probe = openProbe();
  const row = rowOf(probe, 1);
  assert.deepEqual([row.name, row.uid, row.ppid], ["launchd", 0, 0]);
  assert.equal(probe.executable(1), "/sbin/launchd");
  const found = probe.memory(row, { exact: false });
  if (Deno.uid() === 0) assert(typeof found !== "string" && found.footprintBytes > 0);
  else assert.equal(found, "denied");
});
