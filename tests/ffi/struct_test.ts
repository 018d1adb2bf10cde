import assert from "node:assert/strict";
import fc from "fast-check";
import { NativeError } from "../../src/errors.ts";
import { cString, decodeText, readText, readUint, splitAtNul } from "../../src/ffi/struct.ts";
import { pure } from "../support.ts";
import { nulJoined, utf8 } from "./facts.ts";

const LENGTHS = [1, 2, 4, 8] as const;

function viewOf(...bytes: number[]): DataView {
  return new DataView(new Uint8Array(bytes).buffer);
}

pure("readUint reads little-endian integers of every length", () => {
  const view = viewOf(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x07, 0x00, 0x99);
  assert.equal(readUint(view, { offset: 0, length: 1 }), 0x11);
  assert.equal(readUint(view, { offset: 0, length: 2 }), 0x2211);
  assert.equal(readUint(view, { offset: 1, length: 4 }), 0x55443322);
  assert.equal(readUint(view, { offset: 0, length: 8 }), 0x0007_6655_4433_2211);
  assert.equal(readUint(view, { offset: 1, length: 1 }, 7), 0x99);
});

pure("readUint never reads a negative number, and 64 bits exactly up to 2^53 - 1", () => {
  assert.equal(readUint(viewOf(0xff), { offset: 0, length: 1 }), 255);
  assert.equal(readUint(viewOf(0xff, 0xff), { offset: 0, length: 2 }), 65535);
  assert.equal(readUint(viewOf(0xff, 0xff, 0xff, 0xff), { offset: 0, length: 4 }), 4294967295);
  const largest = viewOf(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0);
  assert.equal(readUint(largest, { offset: 0, length: 8 }), Number.MAX_SAFE_INTEGER);
});

pure("readUint agrees with arithmetic on single bytes, wherever the view starts", () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 40 });
  fc.assert(
    fc.property(bytes, fc.nat(), fc.nat(), fc.constantFrom(...LENGTHS), (bytes, a, b, length) => {
      const start = a % (bytes.length - 7);
      const at = b % (bytes.length - start - length + 1);
      const copy = bytes.slice();
      if (length === 8) {
        copy[start + at + 6]! &= 0x1f;
        copy[start + at + 7] = 0;
      }
      const base = Math.floor(at / 2);
      const view = new DataView(copy.buffer, start);
      let expected = 0;
      for (let i = length - 1; i >= 0; i--) expected = expected * 256 + copy[start + at + i]!;
      assert.equal(readUint(view, { offset: at - base, length }, base), expected);
    }),
  );
});

pure("readUint refuses what is not wholly inside", () => {
  for (const length of LENGTHS) {
    const view = new DataView(new ArrayBuffer(32), 8, 16);
    assert.equal(readUint(view, { offset: 16 - length, length }), 0);
    assert.throws(() => readUint(view, { offset: 17 - length, length }), NativeError);
    assert.throws(() => readUint(view, { offset: 16, length }), NativeError);
    assert.throws(() => readUint(view, { offset: 0, length }, 17 - length), NativeError);
    assert.throws(() => readUint(view, { offset: 0, length }, -1), NativeError);
  }
});

pure("readText ends at the first NUL, and at the end of its array", () => {
  const cases: readonly [string, string][] = [
    ["\0\0\0\0neighbour", ""],
    ["a\0\0\0neighbour", "a"],
    ["a\0b\0neighbour", "a"],
    ["abc\0neighbour", "abc"],
    ["abcdneighbour", "abcd"],
    ["abcd\0neighbour", "abcd"],
    ["abcdneighbour\0", "abcd"],
    ["abcd", "abcd"],
  ];
  for (const [content, expected] of cases) {
    assert.equal(readText(utf8(content), { offset: 0, length: 4 }), expected);
    assert.equal(readText(utf8("xyz" + content), { offset: 1, length: 4 }, 2), expected);
  }
});

pure("readText refuses an array that is not wholly inside", () => {
  const bytes = utf8("abcdefgh");
  assert.equal(readText(bytes, { offset: 4, length: 4 }), "efgh");
  assert.throws(() => readText(bytes, { offset: 5, length: 4 }), NativeError);
  assert.throws(() => readText(bytes, { offset: 0, length: 4 }, 5), NativeError);
  assert.throws(() => readText(bytes, { offset: 0, length: 4 }, -1), NativeError);
  assert.throws(() => readText(bytes, { offset: 9, length: 0 }), NativeError);
});

pure("decodeText gives valid text for any bytes", () => {
  assert.equal(decodeText(new Uint8Array()), "");
  assert.equal(decodeText(utf8("grüß 𝄞\x1b[31m")), "grüß 𝄞\x1b[31m");
  assert.equal(decodeText(new Uint8Array([0x61, 0xff, 0x62])), "a\u{fffd}b");
  assert.equal(decodeText(new Uint8Array([0xc3])), "\u{fffd}");
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert(decodeText(bytes).isWellFormed())));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(decodeText(utf8(text)), text);
    }),
  );
});

pure("decodeText keeps a byte order mark, which is text like any other here", () => {
  assert.equal(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), "\u{feff}a");
});

pure("splitAtNul keeps empty pieces, and a last one without its NUL", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["", []],
    ["\0", [""]],
    ["\0\0", ["", ""]],
    ["a", ["a"]],
    ["a\0", ["a"]],
    ["a\0b", ["a", "b"]],
    ["a\0\0b\0", ["a", "", "b"]],
    ["\0a\0", ["", "a"]],
    ["a\0\0", ["a", ""]],
  ];
  for (const [content, expected] of cases) assert.deepEqual(splitAtNul(utf8(content)), expected);
});

pure("splitAtNul is the inverse of joining with NULs", () => {
  const piece = fc.string().map((text) => text.replaceAll("\0", ""));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      assert.deepEqual(splitAtNul(nulJoined(pieces.map(utf8))), pieces);
    }),
  );
});

pure("cString is UTF-8 with one NUL at its end", () => {
  assert.deepEqual([...cString("")], [0]);
  assert.deepEqual([...cString("aé")], [0x61, 0xc3, 0xa9, 0]);
});
