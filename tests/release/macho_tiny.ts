/**
 * The smallest thing that Deno takes for the base of an executable of macOS, laid out by hand: what it
 * makes of it is a real result of its writer and signer, of some kilobytes.
 */

import { join, longs, text, words } from "./payload_build.ts";

const PAGE_SIZE = 0x4000;
/** Where Apple's linker puts programs: after 4 GiB of nothing. */
const BASE = 0x1_0000_0000;
const STRINGS = 64;
const CODE = { offset: 0x3000, size: 64 };

/** mach-o/loader.h and mach/machine.h, as numbers: nothing here is taken from the reader. */
export function tinyMachO(
  arch: "aarch64" | "x86_64",
  isSigned: boolean = arch === "aarch64",
): Uint8Array {
  const isArm = arch === "aarch64";
  const signatureSize = isSigned ? 16 : 0;
  const commands = [
    segment("__PAGEZERO", { memory: [0, BASE], file: [0, 0] }, []),
    segment("__TEXT", { memory: [BASE, PAGE_SIZE], file: [0, PAGE_SIZE] }, [
      section("__TEXT", "__text", BASE + CODE.offset, CODE.size, CODE.offset, 0x8000_0400),
    ]),
    segment("__DATA", { memory: [BASE + PAGE_SIZE, PAGE_SIZE], file: [PAGE_SIZE, PAGE_SIZE] }, [
      section("__DATA", "__data", BASE + PAGE_SIZE, 32, PAGE_SIZE, 0),
      section("__DATA", "__bss", BASE + PAGE_SIZE + 32, 32, 0, /* S_ZEROFILL */ 0x1),
    ]),
    segment("__LINKEDIT", {
      memory: [BASE + 2 * PAGE_SIZE, PAGE_SIZE],
      file: [2 * PAGE_SIZE, STRINGS + signatureSize],
    }, []),
    // LC_SYMTAB: no symbols, and strings.
    words(0x2, 24, 2 * PAGE_SIZE, 0, 2 * PAGE_SIZE, STRINGS),
    // LC_LOAD_DYLINKER: /usr/lib/dyld
    join([words(0xe, 32, 12), text("/usr/lib/dyld", 20)]),
    // LC_MAIN: begin with the code.
    join([words(0x8000_0028, 24), longs(CODE.offset, 0)]),
  ];
  // LC_CODE_SIGNATURE: for arm64 linkers always sign.
  if (isSigned) commands.push(words(0x1d, 16, 2 * PAGE_SIZE + STRINGS, 16));
  const loads = join(commands);
  const header = words(
    0xfeed_facf,
    isArm ? 0x0100_000c : 0x0100_0007,
    /* CPU_SUBTYPE_ARM64_ALL, CPU_SUBTYPE_X86_64_ALL */ isArm ? 0 : 3,
    /* MH_EXECUTE */ 2,
    commands.length,
    loads.length,
    /* MH_NOUNDEFS, MH_DYLDLINK, MH_TWOLEVEL, MH_PIE */ 0x20_0085,
    0,
  );
  const file = new Uint8Array(2 * PAGE_SIZE + STRINGS + signatureSize);
  file.set(header);
  file.set(loads, header.length);
  file.fill(0x90, CODE.offset, CODE.offset + CODE.size);
  return file;
}

interface Place {
  /** Address and size. */
  readonly memory: readonly [number, number];
  /** Offset and size. */
  readonly file: readonly [number, number];
}

/** `struct segment_command_64`, LC_SEGMENT_64 */
function segment(name: string, { memory, file }: Place, sections: readonly Uint8Array[]) {
  const size = 72 + 80 * sections.length;
  // VM_PROT_READ, VM_PROT_WRITE and VM_PROT_EXECUTE are 1, 2 and 4.
  const protection = { __PAGEZERO: 0, __TEXT: 5, __DATA: 3 }[name] ?? 1;
  return join([
    words(0x19, size),
    text(name, 16),
    longs(...memory, ...file),
    words(protection, protection, sections.length, 0),
    ...sections,
  ]);
}

/** `struct section_64` */
function section(
  segment: string,
  name: string,
  address: number,
  size: number,
  offset: number,
  flags: number,
): Uint8Array {
  const place = words(offset, 0, 0, 0, flags, 0, 0, 0);
  return join([text(name, 16), text(segment, 16), longs(address, size), place]);
}
