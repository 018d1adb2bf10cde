/**
 * An executable of macOS, as far as it tells where things are. Structures and constants are those of
 * XNU's EXTERNAL_HEADERS/mach-o/loader.h, unless another header is named.
 */

import { Bytes, type Range } from "./payload_bytes.ts";

/** osfmk/mach/machine.h: CPU_TYPE_X86 and CPU_TYPE_ARM, each with CPU_ARCH_ABI64. */
export const CPU_TYPES = { x86_64: 0x0100_0007, aarch64: 0x0100_000c } as const;

const MH_MAGIC_64 = 0xfeed_facf;
export const MH_EXECUTE = 2;
/** Of this size are `struct mach_header_64`, `segment_command_64` and `section_64`. */
const HEADER_SIZE = 32;
const SEGMENT_SIZE = 72;
const SECTION_SIZE = 80;
/** `struct load_command`: what it is, and its size with what follows. */
const COMMAND_SIZE = 8;

const LC_SYMTAB = 0x2;
const LC_DYSYMTAB = 0xb;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
/** Each a `struct linkedit_data_command`. LC_REQ_DYLD is the highest bit. */
const LINKEDIT_DATA: Readonly<Record<number, string>> = {
  0x26: "LC_FUNCTION_STARTS",
  0x29: "LC_DATA_IN_CODE",
  0x8000_0033: "LC_DYLD_EXPORTS_TRIE",
  0x8000_0034: "LC_DYLD_CHAINED_FIXUPS",
};
/** mach-o/nlist.h: sizeof(struct nlist_64) */
const SYMBOL_SIZE = 16;
const INDIRECT_SYMBOL_SIZE = 4;
/** Section types whose content is zeros that no file holds: S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL. */
const ZEROFILLED = [0x1, 0xc, 0x12];
const SECTION_TYPE = 0xff;

export interface Section extends Range {
  readonly address: number;
  /** Whether the file has its content. */
  readonly isInFile: boolean;
}

/** Named as in the file; `offset` and `size` are in the file. */
export interface Segment extends Range {
  readonly address: number;
  readonly memorySize: number;
  /** Where its load command is. */
  readonly commandOffset: number;
  readonly sections: readonly Section[];
}

export interface MachO {
  readonly file: Bytes;
  readonly cpuType: number;
  readonly fileType: number;
  /** Where the load commands end in the file. */
  readonly commandsEnd: number;
  readonly segments: readonly Segment[];
  /** What dyld finds in `__LINKEDIT`. */
  readonly tables: readonly Range[];
  readonly signature: Range | null;
}

export function isMachO(data: Uint8Array): boolean {
  return data.length >= HEADER_SIZE && new Bytes(data, "the file").u32(0) === MH_MAGIC_64;
}

export function readMachO(data: Uint8Array): MachO {
  const file = new Bytes(data, "the Mach-O file");
  const magic = file.u32(0);
  if (magic !== MH_MAGIC_64) {
    throw new Error(`Cannot read the Mach-O file: it begins with 0x${magic.toString(16)}`);
  }
  const [segments, tables]: [Segment[], Range[]] = [[], []];
  let signature: Range | null = null;
  let offset = HEADER_SIZE;
  for (let left = file.u32(16); left > 0; left--) {
    const size = file.u32(offset + 4);
    if (size < COMMAND_SIZE) {
      throw new Error(`Cannot read the load command at ${offset}: its size is ${size}`);
    }
    const type = file.u32(offset);
    const command = file.part(offset, size, `the load command at ${offset}`);
    if (type === LC_SEGMENT_64) segments.push(segmentOf(command, offset));
    else if (type === LC_CODE_SIGNATURE) signature = dataOf(command, "LC_CODE_SIGNATURE");
    else tables.push(...tablesOf(type, command));
    offset += size;
  }
  if (offset !== HEADER_SIZE + file.u32(20)) {
    throw new Error(
      `Cannot read the Mach-O file: its load commands end at ${offset}, not where said`,
    );
  }
  const [cpuType, fileType] = [file.u32(4), file.u32(12)];
  return { file, cpuType, fileType, commandsEnd: offset, segments, tables, signature };
}

function segmentOf(command: Bytes, commandOffset: number): Segment {
  const what = command.name(8, 16);
  const sections = Array.from({ length: command.u32(64) }, (_, index) => {
    const at = SEGMENT_SIZE + index * SECTION_SIZE;
    return {
      what: `${command.name(at + 16, 16)},${command.name(at, 16)}`,
      address: command.u64(at + 32),
      size: command.u64(at + 40),
      offset: command.u32(at + 48),
      isInFile: !ZEROFILLED.includes(command.u32(at + 64) & SECTION_TYPE),
    };
  });
  return {
    what,
    address: command.u64(24),
    memorySize: command.u64(32),
    offset: command.u64(40),
    size: command.u64(48),
    commandOffset,
    sections,
  };
}

function dataOf(command: Bytes, what: string): Range {
  return { what, offset: command.u32(8), size: command.u32(12) };
}

function tablesOf(type: number, command: Bytes): Range[] {
  if (type === LC_SYMTAB) {
    const size = command.u32(12) * SYMBOL_SIZE;
    const symbols = { what: "the symbols of LC_SYMTAB", offset: command.u32(8), size };
    const strings = { what: "the strings of LC_SYMTAB", offset: command.u32(16) };
    return [symbols, { ...strings, size: command.u32(20) }];
  }
  if (type === LC_DYSYMTAB) {
    const size = command.u32(60) * INDIRECT_SYMBOL_SIZE;
    return [{ what: "the indirect symbols of LC_DYSYMTAB", offset: command.u32(56), size }];
  }
  const what = LINKEDIT_DATA[type];
  return what === undefined ? [] : [dataOf(command, what)];
}

/** The content of a section, named `SEGMENT,SECTION`. */
export function sectionIn({ file, segments }: MachO, name: string): Uint8Array {
  const section = segments.flatMap(({ sections }) => sections).find(({ what }) => what === name);
  if (section?.isInFile) return file.slice(section.offset, section.size);
  throw new Error(`Cannot find ${name}: the Mach-O file has no such section`);
}

/** A segment by its name. */
export function segmentIn({ segments }: MachO, name: string): Segment {
  const segment = segments.find(({ what }) => what === name);
  if (segment) return segment;
  throw new Error(`Cannot find ${name}: the Mach-O file has no such segment`);
}
