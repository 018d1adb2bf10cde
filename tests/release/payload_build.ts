/** Bytes put together by hand, and real executables of a few kilobytes that Deno makes of them. */

import { dirname } from "node:path";
import { temporaryFolder } from "../support.ts";

/** Numbers, little-endian as all processors here have them. */
export function shorts(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

export function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

export function longs(...values: readonly number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
}

/** A text, with zeros up to a length. */
export function text(value: string, length = 0): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  const field = new Uint8Array(Math.max(length, bytes.length));
  field.set(bytes);
  return field;
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A copy with other bytes at a place. */
export function changed(data: Uint8Array, offset: number, bytes: Uint8Array): Uint8Array {
  const copy = data.slice();
  copy.set(bytes, offset);
  return copy;
}

/** A copy with one bit of a byte turned over. */
export function flipped(data: Uint8Array, offset: number): Uint8Array {
  return changed(data, offset, Uint8Array.of(data[offset]! ^ 1));
}

/** Files of a small program, by their paths. The first is where it begins. */
export type Program = Readonly<Record<string, string>>;

export const PROGRAM: Program = {
  "ocmem.js": 'import "./part/of.js"; import "./part/same.js";',
  "part/of.js": "export const what = 'ünïcödë';",
  "part/same.js": "export const what = 'ünïcödë';",
};

/** What `deno compile` makes of a base for a platform. */
export async function compiled(
  base: Uint8Array,
  triple: string,
  { program = PROGRAM, flags = [] }: { program?: Program; flags?: readonly string[] } = {},
): Promise<Uint8Array> {
  using folder = temporaryFolder();
  const within = (name: string) => `${folder.path}/${name}`;
  Deno.writeFileSync(within("base"), base);
  for (const [path, source] of Object.entries(program)) {
    const file = within(`program/${path}`);
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(file, source);
  }
  const entry = within(`program/${Object.keys(program)[0]}`);
  const how = ["--no-config", "--quiet", "--no-check", ...flags];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", ...how, "--target", triple, "--output", within("ocmem"), entry],
    env: { DENORT_BIN: within("base"), NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(`Cannot compile: ${new TextDecoder().decode(stderr)}`);
  return Deno.readFileSync(within("ocmem"));
}
