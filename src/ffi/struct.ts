/** Typed decoding of bytes by a table of offsets. Integers are little-endian, as on every supported machine. */

import { NativeError } from "../errors.ts";

/** Place of an unsigned integer in a structure: byte offset and length. */
export interface Field {
  readonly offset: number;
  readonly length: 1 | 2 | 4 | 8;
}

/** Place of a NUL-terminated text in a structure: byte offset, and the length of its array. */
export interface TextField {
  readonly offset: number;
  readonly length: number;
}

/** Without this option a byte order mark would be dropped, and two names would read the same. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

const encoder = new TextEncoder();

/** The unsigned integer at `field` of the structure that starts at `base`. Throws if it lies outside `view`. */
export function readUint(view: DataView, field: Field, base = 0): number {
  const at = base + field.offset;
  if (at < 0 || at + field.length > view.byteLength) {
    throw outside(at, field.length, view.byteLength);
  }
  switch (field.length) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 8:
      return readUint64(view, at);
  }
}

/** A 64-bit count as a number: exact up to 2^53, beyond which no byte count of a real machine lies. */
function readUint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** The text at `field` of the structure that starts at `base`, up to its first NUL or the array's end. */
export function readText(bytes: Uint8Array, field: TextField, base = 0): string {
  const from = base + field.offset;
  const end = from + field.length;
  if (from < 0 || end > bytes.length) throw outside(from, field.length, bytes.length);
  const nul = bytes.indexOf(0, from);
  return decodeText(bytes.subarray(from, nul < 0 || nul > end ? end : nul));
}

/** Bytes as text. What is not UTF-8 becomes U+FFFD, so any bytes give valid text. */
export function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** NUL-separated text as a list: `a\0\0b\0` is ["a", "", "b"]; a last piece without its NUL counts too. */
export function splitAtNul(bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < bytes.length) {
    const nul = bytes.indexOf(0, from);
    const end = nul < 0 ? bytes.length : nul;
    pieces.push(decodeText(bytes.subarray(from, end)));
    from = end + 1;
  }
  return pieces;
}

/** A text as NUL-terminated UTF-8, as C functions take it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text + "\0");
}

function outside(at: number, length: number, size: number): NativeError {
  return new NativeError(
    `Cannot decode ${length} bytes at offset ${at}: only ${size} bytes are there`,
  );
}
