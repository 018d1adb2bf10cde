/** The facts of macOS's structures, and bytes built from them, not from the code under test. */

import facts from "./darwin_facts.json" with { type: "json" };

export { facts };

/** What no test puts anywhere on purpose: a field that reads it was read at a wrong place. */
export const CANARY = 0xa5;

/** Where a member is, by the facts. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A structure full of canaries. */
export function canaries(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).fill(CANARY);
}

/** Puts a little-endian number at `place` of the structure that starts at `base`. */
export function put(bytes: Uint8Array, place: Place, value: number, base = 0): void {
  let rest = BigInt(value);
  for (let i = 0; i < place.length; i++) {
    bytes[base + place.offset + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** Puts a text and its NUL at `place`, and leaves the rest of its array alone. */
export function putText(bytes: Uint8Array, place: Place, text: string, base = 0): void {
  bytes.set(new TextEncoder().encode(text + "\0"), base + place.offset);
}

/** Strings as the kernel stores them: each with its NUL. */
export function nulJoined(strings: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(strings.flatMap((string) => [...string, 0]));
}

/**
 * What KERN_PROCARGS2 fills: argc, the path, NULs up to a multiple of 8 as counted from the 16-byte
 * "executable_path=" that the kernel keeps before the path and leaves out here, argv, environment.
 */
export function argumentArea(
  path: Uint8Array,
  argv: readonly Uint8Array[],
  environment: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const key = new TextEncoder().encode("executable_path=");
  const filled = key.length + path.length + 1;
  const padding = Math.ceil(filled / 8) * 8 - filled;
  const argc = new Uint8Array(4);
  put(argc, { offset: 0, length: 4 }, argv.length);
  const parts = [argc, path, new Uint8Array(1 + padding), nulJoined(argv), nulJoined(environment)];
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** UTF-8 of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
