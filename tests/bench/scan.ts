/**
 * ocmem's scan inside one process, for bench.ts to compare with scan.c: what `check` reads when
 * nothing has to start any more. The probe stays open over all scans, as one that watches would keep
 * it; what opening it costs is printed on its own, since it is paid once a process.
 *
 * For each line on standard input it scans a few times and prints the milliseconds of each scan. When
 * the input ends it prints how many files and links a scan reads, and the milliseconds to open a
 * probe: only then, since a second library would slow the compiled code of the scan.
 */

import { discover } from "../../src/discover.ts";
import { LIBC_PATHS, LIBC_SYMBOLS, type LibcCalls } from "../../src/ffi/linux_abi.ts";
import { LinuxProbe } from "../../src/ffi/linux.ts";
import { openProbe } from "../../src/ffi/open.ts";
import { sample } from "../../src/sample.ts";
import type { Probe } from "../../src/types.ts";
import { quartiles } from "./statistics.ts";

const SCANS_A_TURN = 5;
/** How often a probe is opened to tell what that costs. */
const OPENED = 21;
const SELECTION = { match: null, pids: [] };
const CLOCK = { nowMs: () => Date.now() };

function scan(probe: Probe): void {
  probe.memoryBytes();
  for (const { members } of discover(probe, SELECTION).instances) {
    for (const { info } of members) sample(probe, info, CLOCK, { exact: false });
  }
}

function timed(body: () => void): number {
  const begin = performance.now();
  body();
  return performance.now() - begin;
}

/** Counts what a scan reads, by the calls that read, so that both programs can be seen to do the same. */
function countReads(): number {
  const path = LIBC_PATHS[Deno.build.arch]!.find(isFile)!;
  const library = Deno.dlopen(path, LIBC_SYMBOLS);
  let reads = 0;
  const calls: LibcCalls = {
    ...library.symbols,
    fopen: (...args) => (reads++, library.symbols.fopen(...args)),
    readlink: (...args) => (reads++, library.symbols.readlink(...args)),
  };
  using probe = new LinuxProbe(calls, Deno.build.arch, () => library.close());
  scan(probe);
  return reads;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function writeLine(numbers: readonly number[]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${numbers.join(" ")}\n`));
}

{
  using probe = openProbe();
  const requests = Deno.stdin.readable.getReader();
  while (!(await requests.read()).done) {
    writeLine(Array.from({ length: SCANS_A_TURN }, () => timed(() => scan(probe))));
  }
}
const opened = Array.from({ length: OPENED }, () => timed(() => openProbe()[Symbol.dispose]()));
writeLine([countReads(), quartiles(opened).median]);
