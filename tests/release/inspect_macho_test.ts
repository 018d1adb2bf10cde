/** The reader of Mach-O files sees what is not right, in real results of Deno's writer and signer. */

import assert from "node:assert/strict";
import { live } from "../support.ts";
import { CPU_TYPES, type MachO, readMachO, sectionIn, segmentIn } from "./macho.ts";
import { checkLayout } from "./macho_layout.ts";
import { checkAdHocSignature, readSignature } from "./macho_signature.ts";
import { tinyMachO } from "./macho_tiny.ts";
import { withoutSignature } from "./macho_trailer.ts";
import { changed, compiled, flipped, longs, PROGRAM, text, words } from "./payload_build.ts";
import { payloadIn, readPayload } from "./payload.ts";

const ARM = "aarch64-apple-darwin";
const INTEL = "x86_64-apple-darwin";
/** On macOS, Deno has Apple's codesign sign what is for x86-64. */
const ON_LINUX = { Linux: Deno.build.os === "linux" };

/** All that is asked of an executable for arm64. Throws a sentence. */
function checkArm(data: Uint8Array, arch: keyof typeof CPU_TYPES = "aarch64"): MachO {
  const macho = readMachO(data);
  checkLayout(macho, arch);
  checkAdHocSignature(macho);
  readPayload(sectionIn(macho, "__SUI,d3n0l4nd"));
  return macho;
}

/** Where fields of a segment's load command are: loader.h, `struct segment_command_64`. */
const FIELD = { vmaddr: 24, fileoff: 40, filesize: 48, firstSection: 72 } as const;

live("an executable for macOS on arm64 is read as Deno made it", {}, async () => {
  const data = await compiled(tinyMachO("aarch64"), ARM);
  const macho = checkArm(data);
  const names = macho.segments.map(({ what }) => what);
  assert.deepEqual(names, ["__PAGEZERO", "__TEXT", "__DATA", "__SUI", "__LINKEDIT"]);
  const { flags, identifier, pageSize, codeSlots, codeLimit } = readSignature(macho).directory;
  // Page hashes of 4 KiB are right for pages of 16 KiB, too: the kernel takes several for each.
  assert.deepEqual([flags, identifier, pageSize], [0x2_0002, "a.out", 4096]);
  assert.deepEqual([codeSlots, codeLimit], [25, 0x1_8000 + 64]);
  const { files } = readPayload(payloadIn(data));
  const found = files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]);
  assert.deepEqual(Object.fromEntries(found), PROGRAM);
});

live("a changed byte is told with its page, in each page that is signed", {}, async () => {
  const data = await compiled(tinyMachO("aarch64"), ARM);
  const end = readMachO(data).signature!.offset;
  const { commandsEnd } = readMachO(data);
  for (let offset = commandsEnd; offset < end; offset += 1021) {
    const page = Math.floor(offset / 4096);
    assert.throws(
      () => checkAdHocSignature(readMachO(flipped(data, offset))),
      new RegExp(`page ${page} of 25, at ${page * 4096}, has another hash`),
    );
  }
  assert.throws(() => checkAdHocSignature(readMachO(flipped(data, end - 1))), /page 24 of 25/);
  // No byte of the load commands can be another without a complaint either.
  for (let offset = 0; offset < commandsEnd; offset++) {
    assert.throws(() => checkArm(flipped(data, offset)), /^Error: Cannot /, `byte ${offset}`);
  }
});

live("a Mach-O file that ends early is never taken for whole", {}, async () => {
  const data = await compiled(tinyMachO("aarch64"), ARM);
  for (let length = 0; length < data.length; length += 61) {
    assert.throws(() => checkArm(data.subarray(0, length)), /^Error: Cannot /, `${length} bytes`);
  }
  assert.throws(() => checkArm(data.subarray(0, -1)), /__LINKEDIT .* is not within the file/);
});

live("an executable that is laid out wrongly is refused, with the reason", {}, async () => {
  const data = await compiled(tinyMachO("aarch64"), ARM);
  const macho = readMachO(data);
  const at = (segment: string) => segmentIn(macho, segment).commandOffset;
  const [sui, linkedit, text64] = [at("__SUI"), at("__LINKEDIT"), at("__TEXT")];
  const section = sui + FIELD.firstSection;
  const code = text64 + FIELD.firstSection;
  const moved = changed(data, code + 32, longs(0x1_0000_0064));
  const early = changed(moved, code + 48, words(0x64));
  const longer = new Uint8Array(data.length + 1);
  longer.set(data);
  const faults: [Uint8Array, RegExp][] = [
    [changed(data, 4, words(CPU_TYPES.x86_64)), /Cannot run on aarch64: the CPU type is 0x1000007/],
    [changed(data, 12, words(6)), /Cannot run: the file type is 0x6/],
    [changed(data, 0, words(0xfeed_face)), /it begins with 0xfeedface/],
    [longer, /__LINKEDIT ends at 99\d+, the file at 99\d+/],
    [changed(data, sui + FIELD.fileoff, longs(0x4000)), /__SUI \(.*\) overlaps __DATA/],
    [
      changed(data, sui + FIELD.vmaddr, longs(0x1_0000_4000)),
      /memory of __SUI .* overlaps memory of/,
    ],
    [changed(data, linkedit + FIELD.vmaddr, longs(0x1_0001_8100)), /__LINKEDIT: it does not begin/],
    [changed(data, sui + FIELD.filesize, longs(16)), /__SUI,d3n0l4nd .* is not within __SUI/],
    [
      changed(data, section + 40, longs(0x2_0000)),
      /__SUI,d3n0l4nd .* is not within memory of __SUI/,
    ],
    [
      changed(data, section + 48, words(0x8010)),
      /__SUI,d3n0l4nd: it is not where its segment puts/,
    ],
    [early, /load commands overlap __TEXT,__text/],
    [changed(data, linkedit + 8, text("__LINKEDAT", 16)), /Cannot find __LINKEDIT/],
    [changed(data, macho.commandsEnd - 8, words(0x1_8000)), /LC_CODE_SIGNATURE .* overlaps|within/],
  ];
  for (const [faulty, complaint] of faults) {
    assert.throws(() => checkLayout(readMachO(faulty), "aarch64"), complaint);
  }
  const renamed = changed(data, section, text("d3n0l4nb", 16));
  assert.throws(() => payloadIn(renamed), /Cannot find __SUI,d3n0l4nd/);
});

live("a signature that asks for more, or covers less, is refused", {}, async () => {
  const data = await compiled(tinyMachO("aarch64"), ARM);
  // The CodeDirectory follows the SuperBlob's header and its one index entry.
  const directory = readMachO(data).signature!.offset + 20;
  const big = (value: number) => words(value).reverse();
  const faults: [number, Uint8Array, RegExp][] = [
    [12, big(0x3_0002), /the signature's flags is 196610/],
    [12, big(0), /the signature's flags is 0/],
    [28, big(24), /the signature's code slots is 24, expected 25/],
    [32, big(4096), /the signature's code limit is 4096/],
    [37, Uint8Array.of(1), /the signature's hash type is 1/],
    [39, Uint8Array.of(14), /the signature's code slots is 25, expected 7/],
    [72, big(1), /the signature's exec segment's size is/],
    [0, big(0xfade_0c01), /Cannot read the CodeDirectory/],
    // As many special slots as fit before the hashes: their bytes are no hashes of anything.
    [24, big(1), /the hash of slot -1, of a file outside, is/],
    [24, big(2), /the hash of slot -1, of a file outside, is/],
  ];
  for (const [offset, bytes, complaint] of faults) {
    const faulty = readMachO(changed(data, directory + offset, bytes));
    assert.throws(() => checkAdHocSignature(faulty), complaint);
  }
  const superblob = readMachO(changed(data, directory - 20, big(0xfade_0cc1)));
  assert.throws(() => checkAdHocSignature(superblob), /no SuperBlob/);
  const unsigned = readMachO(tinyMachO("x86_64"));
  assert.throws(() => checkAdHocSignature(unsigned), /there is no LC_CODE_SIGNATURE/);
});

live("an executable for macOS on x86-64 carries its files at its end", ON_LINUX, async () => {
  const data = await compiled(tinyMachO("x86_64"), INTEL);
  const macho = readMachO(data);
  checkLayout(macho, "x86_64");
  assert.equal(macho.signature, null);
  assert.equal(readPayload(payloadIn(data)).files.length, 3);
  const cut = data.subarray(0, -1);
  assert.throws(() => payloadIn(cut), /the file ends at \d+, not at \d+/);
  const base = tinyMachO("x86_64");
  assert.throws(() => payloadIn(base), /neither __SUI,d3n0l4nd nor <~sui-data~>/);
  const short = changed(data, base.length + 16, words(5));
  assert.throws(() => payloadIn(short), /the file ends at/);
});

live("a signature that is left where files were appended is seen", ON_LINUX, async () => {
  const base = tinyMachO("x86_64", true);
  const stale = await compiled(base, INTEL);
  const overlap = /LC_CODE_SIGNATURE .* overlaps the strings of LC_SYMTAB/;
  assert.throws(() => checkLayout(readMachO(stale), "x86_64"), overlap);
  const unsigned = withoutSignature(base);
  checkLayout(readMachO(unsigned), "x86_64");
  assert.deepEqual(unsigned, tinyMachO("x86_64"));
  checkLayout(readMachO(await compiled(unsigned, INTEL)), "x86_64");
});
