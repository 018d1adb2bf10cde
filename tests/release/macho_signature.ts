/**
 * The signature of an executable of macOS. Structures and constants are those of XNU's
 * osfmk/kern/cs_blobs.h; all numbers are big-endian.
 */

import { hash } from "node:crypto";
import { type MachO, segmentIn } from "./macho.ts";
import { type Bytes } from "./payload_bytes.ts";

const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade_0cc0;
const CSMAGIC_CODEDIRECTORY = 0xfade_0c02;
const CSSLOT_CODEDIRECTORY = 0;
/** CSSLOT_SIGNATURESLOT: who signed. An ad-hoc signature has none. */
const CSSLOT_SIGNATURESLOT = 0x1_0000;
/** CSSLOT_INFOSLOT, CSSLOT_RESOURCEDIR: hashes of files beside the executable, in a bundle. */
const OUTSIDE = [1, 3];
/**
 * Nobody's name stands for it (CS_ADHOC), and `codesign` may replace it without being told so
 * (CS_LINKER_SIGNED). Any other flag asks for more: CS_RUNTIME would keep V8 from making code.
 */
const CS_ADHOC_LINKER_SIGNED = 0x2 | 0x2_0000;
/** The version that has the exec segment's fields. */
const CS_SUPPORTSEXECSEG = 0x2_0400;
const CS_HASHTYPE_SHA256 = 2;
const CS_SHA256_LEN = 32;
const CS_EXECSEG_MAIN_BINARY = 1;

/** A `CS_BlobIndex` with what it points to. */
export interface Blob {
  readonly slot: number;
  readonly magic: number;
  readonly content: Bytes;
}

/** `CS_CodeDirectory`: what the kernel holds the executable's pages to. */
export interface CodeDirectory {
  readonly content: Bytes;
  readonly version: number;
  readonly flags: number;
  readonly identifier: string;
  readonly hashOffset: number;
  readonly specialSlots: number;
  readonly codeSlots: number;
  readonly codeLimit: number;
  readonly hashSize: number;
  readonly hashType: number;
  readonly pageSize: number;
  readonly execSegment: { readonly offset: number; readonly size: number; readonly flags: number };
}

export interface Signature {
  readonly blobs: readonly Blob[];
  readonly directory: CodeDirectory;
}

export function readSignature({ file, signature }: MachO): Signature {
  if (!signature) throw new Error("Cannot read the signature: there is no LC_CODE_SIGNATURE");
  const bytes = file.part(signature.offset, signature.size, "the signature", false);
  const [magic, length, count] = [bytes.u32(0), bytes.u32(4), bytes.u32(8)];
  if (magic !== CSMAGIC_EMBEDDED_SIGNATURE || length > bytes.length) {
    throw new Error(
      `Cannot read the signature: no SuperBlob within ${bytes.length} bytes begins it`,
    );
  }
  const blobs = Array.from({ length: count }, (_, index): Blob => {
    const [slot, offset] = [bytes.u32(12 + index * 8), bytes.u32(16 + index * 8)];
    const content = bytes.part(offset, bytes.u32(offset + 4), `the blob of slot ${slot}`);
    return { slot, magic: content.u32(0), content };
  });
  const directories = blobs.filter(({ slot }) => slot === CSSLOT_CODEDIRECTORY);
  if (directories.length !== 1) {
    throw new Error(`Cannot read the signature: it has ${directories.length} CodeDirectories`);
  }
  return { blobs, directory: directoryOf(directories[0]!) };
}

function directoryOf({ magic, content }: Blob): CodeDirectory {
  const version = content.u32(8);
  if (magic !== CSMAGIC_CODEDIRECTORY || version < CS_SUPPORTSEXECSEG) {
    throw new Error(`Cannot read the CodeDirectory: its version is 0x${version.toString(16)}`);
  }
  const identifier = content.u32(20);
  return {
    content,
    version,
    flags: content.u32(12),
    hashOffset: content.u32(16),
    identifier: content.name(identifier, content.length - identifier),
    specialSlots: content.u32(24),
    codeSlots: content.u32(28),
    codeLimit: content.u32(32),
    hashSize: content.u8(36),
    hashType: content.u8(37),
    pageSize: 2 ** content.u8(39),
    execSegment: { offset: content.u64(64), size: content.u64(72), flags: content.u64(80) },
  };
}

/** Throws a sentence unless this is an ad-hoc signature that is right for every byte before it. */
export function checkAdHocSignature(macho: MachO): void {
  const { blobs, directory } = readSignature(macho);
  const text = segmentIn(macho, "__TEXT");
  const expected: [string, unknown, unknown][] = [
    ["flags", directory.flags, CS_ADHOC_LINKER_SIGNED],
    ["hash type", directory.hashType, CS_HASHTYPE_SHA256],
    ["hash size", directory.hashSize, CS_SHA256_LEN],
    ["code limit", directory.codeLimit, macho.signature!.offset],
    ["code slots", directory.codeSlots, Math.ceil(directory.codeLimit / directory.pageSize)],
    ["exec segment's offset", directory.execSegment.offset, text.offset],
    ["exec segment's size", directory.execSegment.size, text.size],
    ["exec segment's flags", directory.execSegment.flags, CS_EXECSEG_MAIN_BINARY],
    ["signers", blobs.filter(({ slot }) => slot >= CSSLOT_SIGNATURESLOT).length, 0],
  ];
  for (const [what, found, right] of expected) {
    if (found === right) continue;
    throw new Error(`Cannot be right: the signature's ${what} is ${found}, expected ${right}`);
  }
  checkHashes(macho);
}

/** Throws a sentence unless all that is signed is what was signed, whoever signed it. */
export function checkHashes(macho: MachO): void {
  const { blobs, directory } = readSignature(macho);
  checkSpecialSlots(blobs, directory);
  checkPages(macho, directory);
}

function hashAt({ content, hashOffset, hashSize }: CodeDirectory, slot: number): string {
  return content.slice(hashOffset + slot * hashSize, hashSize).toHex();
}

/** Slots below 0 hold the hashes of the other blobs, by their number, and zeros where there is none. */
function checkSpecialSlots(blobs: readonly Blob[], directory: CodeDirectory): void {
  const others = blobs.filter(({ slot }) =>
    slot !== CSSLOT_CODEDIRECTORY && slot < CSSLOT_SIGNATURESLOT
  );
  const slots = Math.max(directory.specialSlots, ...others.map(({ slot }) => slot));
  for (let slot = 1; slot <= slots; slot++) {
    const content = others.find((one) => one.slot === slot)?.content.data;
    const right = content ? hash("sha256", content, "hex") : "0".repeat(2 * CS_SHA256_LEN);
    const found = slot <= directory.specialSlots ? hashAt(directory, -slot) : "missing";
    if (found === right) continue;
    if (found === "missing" && !content) continue;
    const where = OUTSIDE.includes(slot) ? "a file outside" : "a blob";
    throw new Error(`Cannot be right: the hash of slot -${slot}, of ${where}, is ${found}`);
  }
}

function checkPages({ file }: MachO, directory: CodeDirectory): void {
  const { codeSlots, codeLimit, pageSize } = directory;
  for (let page = 0; page < codeSlots; page++) {
    const offset = page * pageSize;
    const content = file.slice(offset, Math.min(pageSize, codeLimit - offset));
    if (hash("sha256", content, "hex") === hashAt(directory, page)) continue;
    throw new Error(
      `Cannot be right: page ${page} of ${codeSlots}, at ${offset}, has another hash than is signed`,
    );
  }
}
