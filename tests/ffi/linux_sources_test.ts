/** Each source of Linux by itself: the format of smaps_rollup, and this machine's against each other. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  LIBC_PATHS,
  LIBC_SYMBOLS,
  type LibcCalls,
  parseRollupReading,
} from "../../src/ffi/linux_abi.ts";
import { LinuxProbe } from "../../src/ffi/linux.ts";
import { openLinux } from "../../src/ffi/open.ts";
import type { Reading } from "../../src/types.ts";
import { act, castAs, NEEDS as ACTORS } from "../live/actor.ts";
import { Children, figure, procText, stateOf, until } from "../live/processes.ts";
import { wholeTable } from "../rows.ts";
import { hasProgram, live, pure, temporaryFolder } from "../support.ts";

const NEEDS = { Linux: Deno.build.os === "linux", sh: hasProgram("sh") };
const KIB = 1024;

/** As the kernel writes it (proc.rst), every figure another power of two. */
const ROLLUP = `555b35073000-7ffe2aff8000 ---p 00000000 00:00 0                          [rollup]
Rss:              262144 kB
Pss:                1024 kB
Pss_Dirty:          2048 kB
Pss_Anon:           4096 kB
Pss_File:           8192 kB
Pss_Shmem:            16 kB
Shared_Clean:      32768 kB
Private_Clean:         4 kB
Private_Dirty:         8 kB
Anonymous:            32 kB
LazyFree:          65536 kB
Swap:                 64 kB
SwapPss:          131072 kB
Locked:                0 kB
`;

const PARSED: Reading = {
  footprintBytes: (32 + 16 + 64) * KIB,
  residentBytes: 262144 * KIB,
  peakBytes: null,
  swappedBytes: 64 * KIB,
  pssBytes: null,
  ussBytes: null,
  source: "proc_smaps_rollup",
  uid: null,
};

pure("a rollup becomes a reading", () => {
  assert.deepEqual(parseRollupReading(ROLLUP), PARSED);
});

pure("a figure that is not there is null, and adds nothing", () => {
  const without = (name: string) => ROLLUP.replace(new RegExp(`^${name}:.*\n`, "m"), "");
  const cases: readonly [string, Partial<Reading>][] = [
    ["Swap", { footprintBytes: (32 + 16) * KIB, swappedBytes: null }],
    ["Pss_Shmem", { footprintBytes: (32 + 64) * KIB }],
  ];
  for (const [name, changed] of cases) {
    assert.deepEqual(parseRollupReading(without(name)), { ...PARSED, ...changed }, name);
  }
  for (const name of ["Rss", "Anonymous"]) {
    assert.equal(parseRollupReading(without(name)), "unsupported", name);
  }
  assert.equal(parseRollupReading(""), "unsupported");
});

/**
 * A process that waits: its page tables hold what its counters count, which the kernel may still keep
 * in batches of 32 pages for each processor.
 */
const TOLERANCE_BYTES = Math.max(1, navigator.hardwareConcurrency) * 32 * 4 * KIB;

live("both sources of this machine agree", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
  const { child, pid } = await act(children, castAs(`${folder.path}/actor`));
  // Private memory, then memory that is shared with nobody.
  for (const order of [`p${10_000 * KIB}`, `s${20_000 * KIB}`]) {
    await child.say(`${order}\n`);
    await child.line(/^done$/);
  }
  const row = wholeTable(probe).processes.find((process) => process.key.pid === pid)!;
  const [status, rollup, ...more] = probe.readings(row);
  assert.deepEqual(more, []);
  assert.deepEqual([status?.source, rollup?.source], ["proc_status", "proc_smaps_rollup"]);
  assert(status && typeof status.reading !== "string");
  assert(rollup && typeof rollup.reading !== "string");
  const [a, b] = [status.reading, rollup.reading];
  assert.deepEqual([a.source, b.source], ["proc_status", "proc_smaps_rollup"]);
  assert(Math.abs(a.footprintBytes - b.footprintBytes) <= TOLERANCE_BYTES);
  assert(Math.abs(a.residentBytes - b.residentBytes) <= TOLERANCE_BYTES);
  assert.equal(b.residentBytes, figure(procText(pid, "smaps_rollup"), "Rss"));
  assert(b.footprintBytes >= 30_000 * KIB, "private and shared memory are in it");
});

live("a zombie, then nobody: both sources say so", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  using probe = openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
  const path = castAs(`${folder.path}/actor`);
  const parent = await act(children, path, { spawn: [{ path, argv: [path, "child"] }] });
  const pid = parent.below[0]!;
  Deno.kill(pid);
  await until("a zombie", () => stateOf(pid) === "Z");
  const row = wholeTable(probe).processes.find((process) => process.key.pid === pid)!;
  const both = (reading: string) => [
    { source: "proc_status", reading },
    { source: "proc_smaps_rollup", reading },
  ];
  // Told by the table; and if it became one since, by the memory.
  for (const seen of [row, { ...row, zombie: false }]) {
    assert.deepEqual(probe.readings(seen), both("zombie"));
  }
  await parent.child.end();
  await until("init to reap it", () => stateOf(pid) === null);
  assert.deepEqual(probe.readings({ ...row, zombie: false }), both("gone"));
});

/** errno.h of Linux, and what each means where status can be read. */
const REFUSALS = [[2, "unsupported"], [3, "unsupported"], [13, "denied"], [
  5,
  "unsupported",
]] as const;

for (const [errno, why] of REFUSALS) {
  live(`without smaps_rollup (errno ${errno}) the process is not gone`, NEEDS, () => {
    const path = LIBC_PATHS[Deno.build.arch]!.find((path) => existsSync(path))!;
    const library = Deno.dlopen(path, LIBC_SYMBOLS);
    const calls = refusingRollups(library.symbols, errno);
    using probe = new LinuxProbe(calls, Deno.build.arch, () => library.close());
    const own = wholeTable(probe).processes.find((process) => process.key.pid === Deno.pid)!;
    const [status, rollup] = probe.readings(own);
    assert(status && typeof status.reading !== "string");
    assert.deepEqual(rollup, { source: "proc_smaps_rollup", reading: why });
  });
}

/** libc on a machine where every smaps_rollup is refused so. */
function refusingRollups(real: LibcCalls, errno: number): LibcCalls {
  let isRefused = false;
  return {
    ...real,
    fopen: (path, mode) => {
      const text = new TextDecoder().decode(path as Uint8Array<ArrayBuffer>).split("\0")[0]!;
      isRefused = text.endsWith("/smaps_rollup");
      return isRefused ? null : real.fopen(path, mode);
    },
    memcpy: (to, from, size) => {
      if (!isRefused || !(to instanceof Int32Array)) return real.memcpy(to, from, size);
      to[0] = errno;
      return Deno.UnsafePointer.of(to);
    },
  };
}
