/** Whether an executable of Linux can be loaded, and whether what was put into it is loaded with it. */

import { type Elf, type ElfSegment, ET_DYN, interpreterOf, MACHINES, PT, SHT_NOTE } from "./elf.ts";
import { type Range, requireApart, requireWithin } from "./payload_bytes.ts";

/** glibc's loader, where the ABI of each processor puts it. */
const INTERPRETERS = {
  x86_64: "/lib64/ld-linux-x86-64.so.2",
  aarch64: "/lib/ld-linux-aarch64.so.1",
} as const;
/** The smallest page that a kernel may have; on arm64 there are kernels with 16 and 64 KiB. */
const PAGE_SIZE = 4096;

/** Throws a sentence that says what is not right for a kernel with pages of this size. */
export function checkElf(
  elf: Elf,
  arch: keyof typeof MACHINES,
  pageSize: number = PAGE_SIZE,
): void {
  const { file, type, machine, segments } = elf;
  if (machine !== MACHINES[arch]) {
    throw new Error(`Cannot run on ${arch}: the machine is ${machine}`);
  }
  if (type !== ET_DYN) throw new Error(`Cannot run: the type is ${type}`);
  const interpreter = interpreterOf(elf);
  if (interpreter !== INTERPRETERS[arch]) {
    throw new Error(`Cannot run with glibc: the interpreter is ${interpreter}`);
  }
  const whole = { what: "the file", offset: 0, size: file.length };
  for (const segment of segments) requireWithin(segment, whole);
  checkLoads(segments.filter((segment) => segment.type === PT.LOAD), pageSize);
  checkLoaded(elf);
}

function checkLoads(loads: readonly ElfSegment[], pageSize: number): void {
  requireApart(loads.map((load) => pagesOf(load, pageSize)));
  for (const [index, { what, offset, address, size, memorySize, alignment }] of loads.entries()) {
    if (size > memorySize) {
      throw new Error(`Cannot load ${what}: its ${size} bytes have ${memorySize} of memory`);
    }
    if (alignment % PAGE_SIZE !== 0 || offset % alignment !== address % alignment) {
      throw new Error(`Cannot load ${what}: its place in the file does not fit its address`);
    }
    // The ABI wants them in order of their addresses, and Linux takes the last for the end.
    if (index > 0 && loads[index - 1]!.address > address) {
      throw new Error(`Cannot load ${what}: it is not in the order of addresses`);
    }
  }
}

/** Memory is mapped in whole pages: what begins in a page replaces all of it. */
function pagesOf({ what, address, memorySize }: ElfSegment, pageSize: number): Range {
  const offset = Math.floor(address / pageSize) * pageSize;
  const end = Math.ceil((address + memorySize) / pageSize) * pageSize;
  return { what: `memory of ${what}`, offset, size: end - offset };
}

/** Program headers and notes are looked for in memory, so a segment that is loaded has to hold them. */
function checkLoaded(elf: Elf): void {
  const { programHeaders, segments, sections } = elf;
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  for (const segment of segments.filter(({ type }) => type === PT.PHDR || type === PT.NOTE)) {
    const isLoaded = loads.some(({ offset, size, address }) =>
      segment.offset >= offset && segment.offset + segment.size <= offset + size &&
      segment.offset - offset === segment.address - address
    );
    if (!isLoaded) {
      throw new Error(`Cannot find ${segment.what} in memory: no loaded segment holds it there`);
    }
  }
  const header = segments.find(({ type }) => type === PT.PHDR);
  if (header?.offset !== programHeaders.offset || header.size !== programHeaders.size) {
    throw new Error(`Cannot find the program headers in memory: PT_PHDR is not where they are`);
  }
  const note = segments.filter(({ type }) => type === PT.NOTE).at(-1)!;
  const section = sections.find(({ what, type }) => what === ".note.sui" && type === SHT_NOTE);
  if (section?.offset !== note.offset || section.size !== note.size) {
    throw new Error("Cannot survive strip: no section .note.sui covers the last note");
  }
}
