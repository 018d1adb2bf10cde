/** The reader of what is embedded reads all of it, and sees what does not belong there. */

import assert from "node:assert/strict";
import { live } from "../support.ts";
import { tinyElf } from "./elf_tiny.ts";
import {
  changed,
  compiled,
  flipped,
  join,
  longs,
  PROGRAM,
  type Program,
  text,
  words,
} from "./payload_build.ts";
import { MAGIC, payloadIn, readPayload } from "./payload.ts";

const TRIPLE = "x86_64-unknown-linux-gnu";

async function payloadOf(program: Program, flags: readonly string[] = []): Promise<Uint8Array> {
  return payloadIn(await compiled(tinyElf("x86_64"), TRIPLE, { program, flags }));
}

/** A payload by hand. */
function made(
  { metadata = "{}", npm = "", counts = [0, 0, 0], tree = "[]", content = "", end = MAGIC },
): Uint8Array {
  const block = (value: string) => join([longs(text(value).length), text(value)]);
  return join([
    text(MAGIC),
    block(metadata),
    block(npm),
    words(...counts),
    block(tree),
    block(content),
    text(end),
  ]);
}

live("what is embedded is read to the last byte", {}, async () => {
  const { metadata, files, npmBytes } = readPayload(await payloadOf(PROGRAM));
  assert.equal(metadata.entrypoint_key, "ocmem.js");
  assert.equal(npmBytes, 0);
  const found = files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]);
  assert.deepEqual(Object.fromEntries(found), PROGRAM);
  // Two files of one content are there once.
  const [, one, other] = files;
  assert.equal(one!.bytes.byteOffset, other!.bytes.byteOffset);
});

live("TypeScript is not taken for what a bundle is made of", {}, async () => {
  const typescript = await payloadOf({ "ocmem.ts": "export const size: number = 1;" });
  assert.throws(() => readPayload(typescript), /ocmem\.ts: a File with n,o,u,m,.* is not known/);
});

live("what ends early, or goes on, is refused", {}, async () => {
  const data = await payloadOf({ "ocmem.js": "1;" });
  for (let length = 0; length < data.length; length++) {
    assert.throws(
      () => readPayload(data.subarray(0, length)),
      /^Error: Cannot /,
      `${length} bytes`,
    );
  }
  assert.throws(() => readPayload(join([data, text("\0")])), /1 bytes follow its end/);
  assert.throws(() => readPayload(flipped(data, 0)), /d3n0l4nd is not at 0/);
  assert.throws(() => readPayload(flipped(data, data.length - 1)), /d3n0l4nd is not at/);
  assert.throws(() => readPayload(changed(data, 16, text("["))), /Cannot read the payload: .*JSON/);
});

live("what is no plain file of the program is refused", {}, () => {
  const file = (more = "") => `{"File":{"n":"a.js","o":[0,2],"u":true,"t":1${more}}}`;
  const right = made({ tree: `[${file()}]`, content: "1;" });
  assert.deepEqual(readPayload(right).files.map(({ path }) => path), ["a.js"]);
  const nested = `[{"Dir":{"n":"b","e":[${file()}]}}]`;
  const [inFolder] = readPayload(made({ tree: nested, content: "1;" })).files;
  assert.equal(inFolder!.path, "b/a.js");
  const faults: [Parameters<typeof made>[0], RegExp][] = [
    [
      { tree: `[${file(',"m":[0,2]')}]`, content: "1;" },
      /a\.js: a File with n,o,u,t,m is not known/,
    ],
    [{ tree: '[{"Symlink":{"n":"l","p":["etc"]}}]' }, /l: a Symlink with n,p is not known/],
    [{ tree: `[${file()}]`, content: "1;secret" }, /of 8 bytes of content files have only 2/],
    [{ tree: `[${file()}]`, content: "1" }, /the content of files: 2 bytes at 0 are not within/],
    [{ counts: [1, 0, 0] }, /modules that are no files/],
    [{ counts: [0, 1, 0] }, /modules that are no files/],
    [{ counts: [0, 0, 1] }, /modules that are no files/],
    [{ end: "d3n0l4n!" }, /d3n0l4nd is not at/],
  ];
  for (const [parts, complaint] of faults) {
    assert.throws(() => readPayload(made(parts)), complaint);
  }
  assert.equal(readPayload(made({ npm: "xy" })).npmBytes, 2);
});
