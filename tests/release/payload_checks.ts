/** What an executable of a release has to hold. Each check throws at what is not so. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import denoJson from "../../deno.json" with { type: "json" };
import { flagsOf, type Target } from "../../release/targets.ts";
import { readElf } from "./elf.ts";
import { isMachO, readMachO, segmentIn } from "./macho.ts";
import { checkHashes, readSignature } from "./macho_signature.ts";
import { metadataOf } from "./payload_expected.ts";
import { commitIn, succeed } from "./payload_made.ts";
import { type Payload } from "./payload.ts";

/** But for headers, which name what was added, no byte of the base is another. */
export function checkBase(data: Uint8Array, base: Uint8Array): void {
  const same = (at: number, from: number, to: number) => {
    const [mine, its] = [data.subarray(at, at + to - from), base.subarray(from, to)];
    assert.equal(Buffer.compare(mine, its), 0, `${from} to ${to} of the base, at ${at}`);
  };
  if (!isMachO(base)) {
    const { programHeaders: { offset, size }, segments } = readElf(base);
    const ends = segments.map((segment) => segment.offset + segment.size);
    return same(offset + size, offset + size, Math.max(...ends));
  }
  const [before, after] = [readMachO(base), readMachO(data)];
  const [old, now] = [before, after].map((macho) => segmentIn(macho, "__LINKEDIT"));
  same(after.commandsEnd, after.commandsEnd, old!.offset);
  same(now!.offset, old!.offset, before.signature?.offset ?? base.length);
}

/** Permissions, V8's flags and all else that Deno keeps are what is documented. */
export function checkMetadata(target: Target, { metadata, npmBytes }: Payload): void {
  // An executable imports nothing: without this, hosts that Deno trusts would be granted.
  assert.deepEqual(metadata, metadataOf([...flagsOf(target), "--deny-import"]));
  assert.equal(npmBytes, 0);
  // And in words, whatever the flags of deno.json's task come to be:
  const { permissions } = metadata as { permissions: Record<string, unknown> };
  assert.equal(permissions.prompt, false);
  assert.deepEqual(permissions.allow_run, ["/bin/sh"]);
  assert.equal(permissions.allow_sys, null);
  for (const kind of ["env", "net", "ffi"]) {
    const granted = permissions[`allow_${kind}`] as string[];
    assert(granted.length > 0, `--allow-${kind} without a list grants all`);
  }
  const libraries = permissions.allow_ffi as string[];
  const { os, arch } = target;
  if (os === "darwin") return assert.deepEqual(libraries, ["/usr/lib/libSystem.B.dylib"]);
  const other = arch === "x86_64" ? "aarch64" : "x86_64";
  assert(libraries.includes(`/lib/${arch}-linux-gnu/libc.so.6`));
  assert(libraries.every((path) => path.endsWith("/libc.so.6") && !path.includes(other)));
}

/** The files of a bundle, each byte for byte, and no others. */
export function checkFiles({ files }: Pick<Payload, "files">, bundle: string): void {
  const names = [...Deno.readDirSync(bundle)].map(({ name }) => name).sort();
  assert.deepEqual(files.map(({ path }) => path).sort(), names);
  assert(names.includes("ocmem.js"));
  for (const { path, bytes } of files) {
    assert.match(path, /^[a-z]+\.js$/);
    assert.equal(Buffer.compare(bytes, Deno.readFileSync(`${bundle}/${path}`)), 0, path);
    const source = new TextDecoder().decode(bytes);
    for (const word of ["Deno.test(", "node:assert", "sourceMappingURL", "npm:", "jsr:"]) {
      assert(!source.includes(word), `${path} has ${word}`);
    }
  }
}

/**
 * The signature that Deno's makers put on a base for macOS: other tools than those that sign what is made
 * of it made it, and what reads that reads this.
 */
export function checkMakersSignature(base: Uint8Array): void {
  const macho = readMachO(base);
  checkHashes(macho);
  const { blobs } = readSignature(macho);
  for (const slot of [/* requirements */ 2, /* entitlements */ 5]) {
    const { data } = blobs.find((blob) => blob.slot === slot)!.content;
    data[data.length - 1]! ^= 1;
    assert.throws(() => checkHashes(macho), RegExp(`the hash of slot -${slot}, of a blob`));
    data[data.length - 1]! ^= 1;
  }
}

/** The files alone, put somewhere, are the program. */
export async function checkVersion(
  { files }: Payload,
  project: string,
  folder: string,
): Promise<void> {
  const place = `${folder}/unpacked`;
  Deno.mkdirSync(place);
  for (const { path, bytes } of files) Deno.writeFileSync(`${place}/${path}`, bytes);
  const how = ["run", "--no-config", "--no-prompt", "--allow-env", `${place}/ocmem.js`];
  const said = JSON.parse(await succeed(Deno.execPath(), [...how, "--version", "--json"], {}));
  const { tool: { version }, commit } = said;
  assert.deepEqual([version, commit ?? null], [denoJson.version, await commitIn(project)]);
}
