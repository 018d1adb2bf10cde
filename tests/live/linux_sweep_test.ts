/** Every process of the machine through the LinuxProbe: none throws, none is left out, nothing leaks. */

import assert from "node:assert/strict";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import type { LinuxProbe } from "../../src/ffi/linux.ts";
import { openLinux } from "../../src/ffi/open.ts";
import { live } from "../support.ts";
import { wholeTable } from "../rows.ts";

const NEEDS = { Linux: Deno.build.os === "linux" };

/** The start counts in ticks of 10 ms. */
const START_TOLERANCE_MS = 20;

function openHere(): LinuxProbe {
  return openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
}

/** Everything that can be asked of every process of the machine. */
function sweep(probe: LinuxProbe, exact: boolean): number {
  const { processes, unreadable } = wholeTable(probe);
  assert(unreadable >= 0);
  for (const process of processes) {
    assert(process.key.pid > 0 && process.ppid >= 0 && process.name.isWellFormed());
    assert(process.startedAtMs <= Date.now() + START_TOLERANCE_MS);
    const { pid } = process.key;
    for (const path of [probe.executable(pid), probe.directory(pid)]) {
      assert(path === null || path.startsWith("/") || path.startsWith("("), `${path}`);
    }
    const argv = probe.commandLine(process);
    if (typeof argv === "string") assert.match(argv, /^(?:gone|denied|zombie)$/);
    else assert(argv.every((argument) => argument.isWellFormed() && !argument.includes("\0")));
    probe.marks(process.key.pid);
    // The kernel's tables of sockets take it milliseconds.
    const ports = exact ? probe.ports(pid) : null;
    for (const { port } of ports ?? []) assert(port > 0 && port <= 65_535);
    const parts = probe.memoryParts(process);
    if (typeof parts !== "string") assert(parts.every(({ bytes }) => Number.isSafeInteger(bytes)));
    const reading = probe.memory(process, { exact });
    if (typeof reading === "string") continue;
    assert(Number.isSafeInteger(reading.footprintBytes) && reading.footprintBytes >= 0);
    assert(Number.isSafeInteger(reading.residentBytes) && reading.residentBytes >= 0);
  }
  return processes.length;
}

function openFiles(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

function pids(): Set<number> {
  const names = [...Deno.readDirSync("/proc")].map(({ name }) => name);
  return new Set(names.filter((name) => /^\d+$/.test(name)).map(Number));
}

live("no process is left out of the table, and none is in it twice", NEEDS, () => {
  using probe = openHere();
  const before = pids();
  const found = wholeTable(probe).processes.map((process) => process.key.pid);
  const after = pids();
  const throughout = [...before].filter((pid) => after.has(pid));
  assert(throughout.includes(Deno.pid));
  assert.deepEqual(throughout.filter((pid) => !found.includes(pid)), []);
  assert.equal(new Set(found).size, found.length);
});

live("every process of the machine, again and again, leaves no file open", NEEDS, () => {
  using probe = openHere();
  const before = openFiles();
  for (let i = 0; i < 200; i++) {
    assert(sweep(probe, i % 50 === 0) > 0);
    // What tests before this one have opened may be closed meanwhile.
    assert(openFiles() <= before, `${i + 1} sweeps`);
  }
});
