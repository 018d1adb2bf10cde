/** The base that an executable is made on, where it is here already: which platform it is for. */

import { ReleaseError } from "./attempt.ts";
import { type Target, TARGETS, TRIPLES } from "./targets.ts";

/** MH_MAGIC_64 of mach-o/loader.h, and cputype, of mach/machine.h, behind it. */
const MACH_O = 0xfeedfacf;
const CPU_TYPES: Readonly<Record<number, string>> = { 0x0100000c: "aarch64", 0x01000007: "x86_64" };
/** ELFMAG of elf.h, and e_machine, which is at 18. */
const ELF = 0x464c457f;
const MACHINES: Readonly<Record<number, string>> = { 183: "aarch64", 62: "x86_64" };

const HEADER_SIZE = 20;

/** The target that a file is an executable for. Throws a ReleaseError if it is for none of them. */
export function targetOf(path: string): Target {
  const target = TARGETS.find(({ os, arch }) => `${os} ${arch}` === platformIn(headerOf(path)));
  if (target) return target;
  throw new ReleaseError(
    `Cannot use ${path}, which DENORT_BIN names, as a base: it is an executable for none of ${TRIPLES}`,
  );
}

function headerOf(path: string): DataView {
  try {
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(HEADER_SIZE);
    file.readSync(bytes);
    return new DataView(bytes.buffer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(`Cannot read ${path}, which DENORT_BIN names: ${reason}`);
  }
}

/** `darwin aarch64`, or null. */
function platformIn(header: DataView): string | null {
  const magic = header.getUint32(0, true);
  if (magic === MACH_O) return `darwin ${CPU_TYPES[header.getUint32(4, true)]}`;
  return magic === ELF ? `linux ${MACHINES[header.getUint16(18, true)]}` : null;
}
