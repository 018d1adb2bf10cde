/**
 * The smallest thing that Deno takes for the base of an executable of Linux, laid out by hand: what it
 * makes of it is a real result of its writer, of some kilobytes.
 */

import { join, longs, shorts, text, words } from "./payload_build.ts";

const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
const INTERPRETERS = {
  x86_64: "/lib64/ld-linux-x86-64.so.2",
  aarch64: "/lib/ld-linux-aarch64.so.1",
} as const;
/** Where things are, in the file as in memory. */
const AT = { interpreter: 0x200, note: 0x240, code: 0x300, names: 0x340, sections: 0x380 } as const;
const SIZE = { code: 64, loaded: 0x340 } as const;

/** elf.h and the processors' ABIs, as numbers: nothing here is taken from the reader. */
export function tinyElf(arch: "aarch64" | "x86_64"): Uint8Array {
  const interpreter = text(`${INTERPRETERS[arch]}\0`);
  // NT_GNU_ABI_TAG (1): Linux (0), from 3.2.0 on.
  const note = join([words(4, 16, 1), text("GNU\0"), words(0, 3, 2, 0)]);
  const names = text("\0.text\0.shstrtab\0");
  const headers = [
    // PT_PHDR, PT_INTERP, PT_LOAD, PT_NOTE
    program(6, HEADER_SIZE, 4 * PROGRAM_HEADER_SIZE, 8),
    program(3, AT.interpreter, interpreter.length, 1),
    program(1, 0, SIZE.loaded, arch === "x86_64" ? 0x1000 : 0x1_0000),
    program(4, AT.note, note.length, 4),
  ];
  const sections = [
    section(0, 0, 0, 0, 0),
    // SHT_PROGBITS with SHF_ALLOC and SHF_EXECINSTR; SHT_STRTAB
    section(1, 1, 6, AT.code, SIZE.code),
    section(7, 3, 0, AT.names, names.length),
  ];
  const file = new Uint8Array(AT.sections + sections.length * 64);
  file.set(join([
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    shorts(/* ET_DYN */ 3, arch === "x86_64" ? 62 : 183),
    words(1),
    longs(AT.code, HEADER_SIZE, AT.sections),
    words(0),
    shorts(HEADER_SIZE, PROGRAM_HEADER_SIZE, headers.length, 64, sections.length, 2),
    ...headers,
  ]));
  file.set(interpreter, AT.interpreter);
  file.set(note, AT.note);
  file.fill(0x90, AT.code, AT.code + SIZE.code);
  file.set(names, AT.names);
  file.set(join(sections), AT.sections);
  return file;
}

/** `Elf64_Phdr` */
function program(type: number, at: number, size: number, alignment: number): Uint8Array {
  const flags = type === 1 ? /* PF_R, PF_X */ 5 : 4;
  return join([words(type, flags), longs(at, at, at, size, size, alignment)]);
}

/** `Elf64_Shdr` */
function section(name: number, type: number, flags: number, at: number, size: number): Uint8Array {
  const address = flags === 0 ? 0 : at;
  return join([words(name, type), longs(flags, address, at, size), words(0, 0), longs(1, 0)]);
}
