/** The reader of ELF files sees what is not right, in real results of Deno's writer. */

import assert from "node:assert/strict";
import { live } from "../support.ts";
import { type Elf, notesOf, PT, readElf } from "./elf.ts";
import { checkElf } from "./elf_layout.ts";
import { tinyElf } from "./elf_tiny.ts";
import { changed, compiled, longs, PROGRAM, shorts, text, words } from "./payload_build.ts";
import { payloadIn, readPayload } from "./payload.ts";

const ARCHS = ["x86_64", "aarch64"] as const;
const triple = (arch: typeof ARCHS[number]) => `${arch}-unknown-linux-gnu`;

/** Where a field of the nth program header is: elf.h, `Elf64_Phdr`. */
const FIELD = { type: 0, offset: 8, vaddr: 16, filesz: 32, memsz: 40, align: 48 } as const;
function at({ programHeaders }: Elf, index: number, field: keyof typeof FIELD): number {
  return programHeaders.offset + index * 56 + FIELD[field];
}

for (const arch of ARCHS) {
  live(`an executable for Linux on ${arch} is read as Deno made it`, {}, async () => {
    const data = await compiled(tinyElf(arch), triple(arch));
    const elf = readElf(data);
    checkElf(elf, arch);
    const found = notesOf(elf).map(({ owner, type }) => [owner, type]);
    assert.deepEqual(found, [["GNU", 1], ["SUI", 0x5355_4901]]);
    const files = readPayload(payloadIn(data)).files.map(({ path, bytes }) => {
      return [path, new TextDecoder().decode(bytes)];
    });
    assert.deepEqual(Object.fromEntries(files), PROGRAM);
  });
}

live("an ELF file that ends early is never taken for whole", {}, async () => {
  const data = await compiled(tinyElf("x86_64"), triple("x86_64"));
  for (let length = 0; length < data.length; length++) {
    const check = () => {
      const cut = data.subarray(0, length);
      checkElf(readElf(cut), "x86_64");
      readPayload(payloadIn(cut));
    };
    assert.throws(check, /^Error: Cannot /, `${length} bytes`);
  }
});

live("an executable that can't be loaded is refused, with the reason", {}, async () => {
  const data = await compiled(tinyElf("x86_64"), triple("x86_64"));
  const elf = readElf(data);
  const types = elf.segments.map(({ type }) => type);
  const { PHDR, INTERP, LOAD, NOTE } = PT;
  assert.deepEqual(types, [PHDR, INTERP, LOAD, NOTE, LOAD, NOTE]);
  const noteAt = elf.segments[5]!.offset;
  const sectionName = elf.sections.findIndex(({ what }) => what === ".note.sui");
  const sectionAt = elf.file.u64(40) + sectionName * 64;
  const faults: [Uint8Array, RegExp][] = [
    [changed(data, 18, shorts(183)), /Cannot run on x86_64: the machine is 183/],
    [changed(data, 16, shorts(2)), /Cannot run: the type is 2/],
    [changed(data, 4, Uint8Array.of(1)), /Cannot read the ELF file: it begins with 7f454c4601/],
    [changed(data, 54, shorts(32)), /its headers are of 32 and 64 bytes/],
    [changed(data, 0x200, text("/lib/ld-musl-x86_64.so.1\0")), /the interpreter is \/lib\/ld-musl/],
    [changed(data, at(elf, 1, "type"), words(0)), /Cannot run with glibc: the interpreter is null/],
    [
      changed(data, at(elf, 2, "memsz"), longs(0x1001)),
      /memory of segment 4 .* overlaps memory of seg/,
    ],
    [
      changed(data, at(elf, 4, "vaddr"), longs(0x1008)),
      /segment 4: its place in the file does not fit/,
    ],
    [
      changed(data, at(elf, 4, "align"), longs(16)),
      /segment 4: its place in the file does not fit/,
    ],
    [changed(data, at(elf, 4, "memsz"), longs(16)), /segment 4: its \d+ bytes have 16 of memory/],
    [changed(data, at(elf, 4, "filesz"), longs(0x9000)), /segment 4 .* is not within the file/],
    [changed(data, at(elf, 4, "filesz"), longs(64)), /segment 0 in memory: no loaded segment/],
    [changed(data, at(elf, 5, "vaddr"), longs(0x2000)), /segment 5 in memory: no loaded segment/],
    [changed(data, at(elf, 0, "offset"), longs(0x40)), /segment 0 in memory|PT_PHDR is not where/],
    [changed(data, at(elf, 2, "vaddr"), longs(0x10_0000)), /segment 4: it is not in the order/],
    [changed(data, sectionAt + 4, words(1)), /no section .note.sui covers the last note/],
  ];
  for (const [faulty, complaint] of faults) {
    assert.throws(() => checkElf(readElf(faulty), "x86_64"), complaint);
  }
  const content = noteAt + 12 + 4;
  const others: [Uint8Array, RegExp][] = [
    [changed(data, noteAt + 8, words(1)), /Cannot find the payload: 0 notes of SUI/],
    [changed(data, noteAt + 12, text("SUX")), /Cannot find the payload: 0 notes of SUI/],
    [changed(data, content + 2, text("d3n0l4nx")), /the note of SUI holds d3n0l4nx/],
    [changed(data, content, shorts(7)), /the note of SUI holds d3n0l4n$/],
    [changed(data, noteAt + 4, words(0x9000)), /the notes of segment 5/],
  ];
  for (const [faulty, complaint] of others) assert.throws(() => payloadIn(faulty), complaint);
});

live("pages that two segments share are seen, for kernels with large ones", {}, async () => {
  const elf = readElf(await compiled(tinyElf("aarch64"), triple("aarch64")));
  checkElf(elf, "aarch64", 4096);
  // What is embedded begins at the next 4 KiB, whatever the base is aligned to.
  assert.throws(
    () => checkElf(elf, "aarch64", 0x4000),
    /memory of segment 4 .* overlaps memory of/,
  );
});
