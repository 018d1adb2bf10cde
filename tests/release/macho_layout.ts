/** Whether an executable of macOS is laid out as its kernel and dyld demand. */

import { CPU_TYPES, type MachO, MH_EXECUTE, type Segment, segmentIn } from "./macho.ts";
import { requireApart, requireWithin } from "./payload_bytes.ts";

/** What memory is mapped in. osfmk/mach/arm/vm_param.h (16 KiB), osfmk/mach/i386/vm_param.h (4 KiB) */
const PAGE_SIZES = { aarch64: 0x4000, x86_64: 0x1000 } as const;

/** Throws a sentence that says what is not right. */
export function checkLayout(macho: MachO, arch: keyof typeof CPU_TYPES): void {
  const { cpuType, fileType, segments } = macho;
  const hex = (value: number) => `0x${value.toString(16)}`;
  if (cpuType !== CPU_TYPES[arch]) {
    throw new Error(`Cannot run on ${arch}: the CPU type is ${hex(cpuType)}`);
  }
  if (fileType !== MH_EXECUTE) throw new Error(`Cannot run: the file type is ${hex(fileType)}`);
  requireApart(segments);
  requireApart(segments.map(inMemory));
  for (const segment of segments) checkSegment(macho, segment, PAGE_SIZES[arch]);
  checkCommands(macho);
  checkLinkedit(macho);
}

function inMemory({ what, address, memorySize }: Segment) {
  return { what: `memory of ${what}`, offset: address, size: memorySize };
}

function checkSegment({ file }: MachO, segment: Segment, pageSize: number): void {
  const { what, offset, size, memorySize } = segment;
  requireWithin(segment, { what: "the file", offset: 0, size: file.length });
  if (offset % pageSize !== 0 || segment.address % pageSize !== 0) {
    throw new Error(`Cannot map ${what}: it does not begin at a page of ${pageSize} bytes`);
  }
  if (size > memorySize) {
    throw new Error(`Cannot map ${what}: its ${size} bytes have ${memorySize} of memory`);
  }
  for (const section of segment.sections) {
    const { address } = section;
    requireWithin({ ...section, offset: address }, inMemory(segment));
    if (!section.isInFile) continue;
    requireWithin(section, segment);
    if (address - segment.address === section.offset - offset) continue;
    throw new Error(`Cannot map ${section.what}: it is not where its segment puts it`);
  }
}

/** Load commands that were added have to fit before the first section: code would begin with them. */
function checkCommands({ segments, commandsEnd }: MachO): void {
  const sections = segments.flatMap(({ sections }) => sections).filter(({ isInFile }) => isInFile);
  const first = sections.reduce((a, b) => a.offset <= b.offset ? a : b, sections[0]!);
  if (commandsEnd > first.offset) {
    throw new Error(`Cannot be right: the load commands overlap ${first.what}`);
  }
}

/** The last segment holds dyld's tables and at last the signature, and the file ends with it. */
function checkLinkedit(macho: MachO): void {
  const { file, segments, tables, signature } = macho;
  const linkedit = segmentIn(macho, "__LINKEDIT");
  const last = segments.at(-1)!;
  if (last !== linkedit || segments.some(({ address }) => address > linkedit.address)) {
    throw new Error(`Cannot be right: __LINKEDIT is not the last segment`);
  }
  const end = linkedit.offset + linkedit.size;
  if (end !== file.length) {
    throw new Error(`Cannot be right: __LINKEDIT ends at ${end}, the file at ${file.length}`);
  }
  for (const table of tables) if (table.size > 0) requireWithin(table, linkedit);
  if (signature) requireWithin(signature, linkedit);
  requireApart(signature ? [...tables, signature] : tables);
}
