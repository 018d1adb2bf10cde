/** Memory by kind on Linux: of a text, and of every process of this machine. */

import assert from "node:assert/strict";
import { LIBC_PATHS, parseStatus } from "../../src/ffi/linux_abi.ts";
import { partsOf } from "../../src/ffi/linux_parts.ts";
import { openLinux } from "../../src/ffi/open.ts";
import type { MemoryPart } from "../../src/detail.ts";
import { act, castAs, NEEDS as ACTORS } from "../live/actor.ts";
import { Children, procText, stateOf, until } from "../live/processes.ts";
import { wholeTable } from "../rows.ts";
import { hasProgram, live, pure, temporaryFolder } from "../support.ts";

const NEEDS = { Linux: Deno.build.os === "linux", sh: hasProgram("sh") };
const KIB = 1024;

/** As the kernel writes it, shortened. */
const STATUS = `Name:\topencode
State:\tS (sleeping)
Uid:\t1001\t1001\t1001\t1001
VmHWM:\t  918196 kB
VmRSS:\t  751384 kB
RssAnon:\t  650000 kB
RssFile:\t   96384 kB
RssShmem:\t    5000 kB
VmData:\t 9999999 kB
VmStk:\t     132 kB
VmPTE:\t    2004 kB
VmSwap:\t      70 kB
Threads:\t12
`;

/** Bytes of kinds. */
function bytesOf(parts: readonly MemoryPart[]): Record<string, number> {
  return Object.fromEntries(parts.map(({ kind, bytes }) => [kind, bytes]));
}

function footprintIn(parts: readonly MemoryPart[]): number {
  return parts.reduce((sum, { bytes, inFootprint }) => sum + (inFootprint ? bytes : 0), 0);
}

pure("each line is one kind, and those of the footprint are said to be", () => {
  const parts = partsOf(STATUS);
  assert(typeof parts !== "string");
  assert.deepEqual(bytesOf(parts), {
    anonymous: 650_000 * KIB,
    shared: 5_000 * KIB,
    swapped: 70 * KIB,
    file: 96_384 * KIB,
    page_tables: 2_004 * KIB,
  });
  assert.deepEqual(
    parts.filter(({ inFootprint }) => inFootprint).map(({ kind }) => kind),
    ["anonymous", "shared", "swapped"],
  );
  assert.equal(footprintIn(parts), 670_791_680);
  // RssAnon, RssFile and RssShmem are VmRSS.
  const { anonymous, file, shared } = bytesOf(parts);
  assert.equal(anonymous! + file! + shared!, 751_384 * KIB);
});

pure("what a kernel does not tell is left out, and is not 0", () => {
  for (
    const [line, kind] of [
      ["VmSwap", "swapped"],
      ["RssFile", "file"],
      ["VmPTE", "page_tables"],
    ] as const
  ) {
    const text = STATUS.replace(new RegExp(`^${line}:.*\n`, "m"), "");
    const [all, parts] = [partsOf(STATUS), partsOf(text)];
    assert(typeof all !== "string" && typeof parts !== "string");
    assert.deepEqual(parts, all.filter((part) => part.kind !== kind), line);
  }
  // Before 4.5 there are none of the three; a thread of the kernel has no memory; nor has who ended.
  assert.equal(partsOf(STATUS.replace(/^Rss.*\n/gm, "")), "unsupported");
  assert.equal(partsOf("Name:\tkswapd0\nState:\tS\nKthread:\t1\n"), "unsupported");
  assert.equal(partsOf("Name:\tx\nState:\tX (dead)\n"), "gone");
  assert.equal(partsOf(STATUS.replace("S (sleeping)", "Z (zombie)")), "zombie");
});

live("of every process of this machine the parts are its footprint", NEEDS, () => {
  let read = 0;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let status: string;
    try {
      status = Deno.readTextFileSync(`/proc/${name}/status`);
    } catch {
      // It has ended.
      continue;
    }
    const [parts, reading] = [partsOf(status), parseStatus(status)];
    if (typeof reading === "string") {
      assert.equal(parts, reading);
      continue;
    }
    assert(typeof parts !== "string");
    assert.equal(footprintIn(parts), reading.footprintBytes, name);
    const { anonymous, file, shared } = bytesOf(parts);
    assert.equal(anonymous! + file! + shared!, reading.residentBytes, name);
    read++;
  }
  assert(read > 0);
});

live("parts of a process that waits are what /proc says", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
  const { child, pid } = await act(children, castAs(`${folder.path}/actor`));
  for (const order of [`p${10_000 * KIB}`, `s${20_000 * KIB}`]) {
    await child.say(`${order}\n`);
    await child.line(/^done$/);
  }
  const row = wholeTable(probe).processes.find(({ key }) => key.pid === pid)!;
  const parts = probe.memoryParts(row);
  assert(typeof parts !== "string");
  const said = partsOf(procText(pid, "status"));
  assert(typeof said !== "string");
  const [found, expected] = [bytesOf(parts), bytesOf(said)];
  assert.deepEqual(Object.keys(found), Object.keys(expected));
  for (const [kind, bytes] of Object.entries(found)) {
    // The kernel counts in batches.
    assert(Math.abs(bytes - expected[kind]!) <= 256 * KIB, kind);
  }
  // Of the order: private memory, and shared.
  assert(found.anonymous! >= 10_000 * KIB && found.shared! >= 20_000 * KIB);
  const other = { ...row, key: { pid, started: `${Number(row.key.started) + 1}` } };
  assert.equal(probe.memoryParts(other), "gone", "another process of the same pid");
  await child.end();
  assert.equal(probe.memoryParts(row), "gone");
});

live("parts of a zombie, and of the kernel's threads", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
  const path = castAs(`${folder.path}/actor`);
  const parent = await act(children, path, { spawn: [{ path, argv: [path, "child"] }] });
  const pid = parent.below[0]!;
  Deno.kill(pid);
  await until("a zombie", () => stateOf(pid) === "Z");
  const { processes } = wholeTable(probe);
  const row = processes.find(({ key }) => key.pid === pid)!;
  // Told by the table; and if it became one since, by its status.
  assert.equal(probe.memoryParts(row), "zombie");
  assert.equal(probe.memoryParts({ ...row, zombie: false }), "zombie");
  for (const process of processes) {
    const [parts, memory] = [probe.memoryParts(process), probe.memory(process, { exact: false })];
    if (typeof memory === "string" && memory !== "gone") assert.equal(parts, memory);
  }
});
