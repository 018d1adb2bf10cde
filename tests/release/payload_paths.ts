/** Traces of the machine that something was made on. */

import { Buffer } from "node:buffer";

/** Where people's and temporary files are, on any machine. */
const USUAL = ["/home/", "/Users/", "/root/", "/tmp/", "/var/folders/", "/private/", "file:///"];

/** Folders of this machine that nothing which is made here may name. */
export function foldersHere(...others: readonly string[]): string[] {
  const names = ["HOME", "TMPDIR", "DENO_DIR", "XDG_CACHE_HOME", "PWD"];
  const folders = [...names.map((name) => Deno.env.get(name)), Deno.cwd(), ...others];
  // A folder such as / would be found in everything.
  return folders.filter((folder): folder is string => (folder ?? "").length > 2);
}

/** Each of the texts that occurs, with what is around it. */
export function tracesIn(bytes: Uint8Array, texts: readonly string[]): string[] {
  const { buffer, byteOffset, length } = bytes;
  const all = Buffer.from(buffer, byteOffset, length);
  return [...texts, ...USUAL].flatMap((text) => {
    const at = all.indexOf(text);
    return at < 0 ? [] : [`${text}: ${all.subarray(Math.max(0, at - 40), at + 80)}`];
  });
}
