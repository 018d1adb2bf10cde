/**
 * An executable of Linux, as far as its kernel and loader need it. Structures and constants are those of
 * glibc's elf.h: `Elf64_Ehdr`, `Elf64_Phdr`, `Elf64_Shdr`, `Elf64_Nhdr`.
 */

import { Bytes, type Range } from "./payload_bytes.ts";

/** EM_X86_64, EM_AARCH64 */
export const MACHINES = { x86_64: 62, aarch64: 183 } as const;
/** ET_DYN: an executable that can be loaded anywhere */
export const ET_DYN = 3;
export const PT = { LOAD: 1, INTERP: 3, NOTE: 4, PHDR: 6 } as const;
export const SHT_NOTE = 7;

/** ELFMAG, ELFCLASS64, ELFDATA2LSB, EV_CURRENT: 0x7f, "ELF", 2, 1, 1 */
const IDENTIFICATION = "7f454c46020101";
const PROGRAM_HEADER_SIZE = 56;
const SECTION_HEADER_SIZE = 64;
const NOTE_HEADER_SIZE = 12;
const NOTE_ALIGNMENT = 4;

/** `offset` and `size` are in the file. */
export interface ElfSegment extends Range {
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly memorySize: number;
  readonly alignment: number;
}

export interface ElfSection extends Range {
  readonly type: number;
  readonly address: number;
}

export interface Elf {
  readonly file: Bytes;
  readonly type: number;
  readonly machine: number;
  /** Where the program headers are. */
  readonly programHeaders: Range;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
}

export interface Note {
  readonly owner: string;
  readonly type: number;
  readonly content: Bytes;
}

export function readElf(data: Uint8Array): Elf {
  const file = new Bytes(data, "the ELF file");
  const identification = file.slice(0, 7).toHex();
  if (identification !== IDENTIFICATION) {
    throw new Error(`Cannot read the ELF file: it begins with ${identification}`);
  }
  const sizes = [file.u16(54), file.u16(58)];
  if (sizes[0] !== PROGRAM_HEADER_SIZE || sizes[1] !== SECTION_HEADER_SIZE) {
    throw new Error(`Cannot read the ELF file: its headers are of ${sizes.join(" and ")} bytes`);
  }
  const [offset, count] = [file.u64(32), file.u16(56)];
  const programHeaders = { what: "the program headers", offset, size: count * PROGRAM_HEADER_SIZE };
  const segments = Array.from({ length: count }, (_, index) => {
    const header = file.part(offset + index * PROGRAM_HEADER_SIZE, PROGRAM_HEADER_SIZE, "a header");
    return segmentOf(header, index);
  });
  const sections = sectionsOf(file);
  return { file, type: file.u16(16), machine: file.u16(18), programHeaders, segments, sections };
}

function segmentOf(header: Bytes, index: number): ElfSegment {
  return {
    what: `segment ${index}`,
    type: header.u32(0),
    flags: header.u32(4),
    offset: header.u64(8),
    address: header.u64(16),
    size: header.u64(32),
    memorySize: header.u64(40),
    alignment: header.u64(48),
  };
}

function sectionsOf(file: Bytes): ElfSection[] {
  const [offset, count] = [file.u64(40), file.u16(60)];
  const headers = Array.from({ length: count }, (_, index) => {
    return file.part(offset + index * SECTION_HEADER_SIZE, SECTION_HEADER_SIZE, "a section header");
  });
  const namesHeader = headers[file.u16(62)];
  if (namesHeader === undefined) return [];
  const names = file.part(namesHeader.u64(24), namesHeader.u64(32), "the names of sections");
  return headers.map((header) => {
    const name = header.u32(0);
    return {
      what: names.name(name, names.length - name),
      type: header.u32(4),
      address: header.u64(16),
      offset: header.u64(24),
      size: header.u64(32),
    };
  });
}

/** The program that loads this one, which the kernel starts. */
export function interpreterOf({ file, segments }: Elf): string | null {
  const segment = segments.find(({ type }) => type === PT.INTERP);
  return segment ? file.name(segment.offset, segment.size) : null;
}

/** All notes, in the order of their segments. */
export function notesOf({ file, segments }: Elf): Note[] {
  return segments.filter(({ type }) => type === PT.NOTE).flatMap(({ what, offset, size }) => {
    const bytes = file.part(offset, size, `the notes of ${what}`);
    const notes: Note[] = [];
    for (let at = 0; at < size;) {
      const [ownerSize, contentSize] = [bytes.u32(at), bytes.u32(at + 4)];
      const owner = bytes.name(at + NOTE_HEADER_SIZE, ownerSize);
      const begin = at + NOTE_HEADER_SIZE + aligned(ownerSize);
      const content = bytes.part(begin, contentSize, `the note of ${owner}`);
      notes.push({ owner, type: bytes.u32(at + 8), content });
      at = begin + aligned(contentSize);
    }
    return notes;
  });
}

function aligned(size: number): number {
  return Math.ceil(size / NOTE_ALIGNMENT) * NOTE_ALIGNMENT;
}
