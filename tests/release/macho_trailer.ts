/**
 * What is done to executables of macOS on x86-64: libsui, with which Deno makes them, appends what it
 * embeds, and lets the string table reach over it; a signature that was there before is then wrong.
 */

import { Buffer } from "node:buffer";
import { type MachO, readMachO, segmentIn } from "./macho.ts";

const SENTINEL = Buffer.concat([Buffer.from("<~sui-data~>"), Buffer.from("efbeadde", "hex")]);
const LENGTH_SIZE = 8;

/** What was appended. Throws unless it ends where the file and the string table end. */
export function trailerOf({ file, tables }: MachO): Uint8Array {
  const { buffer, byteOffset, length } = file.data;
  const at = Buffer.from(buffer, byteOffset, length).lastIndexOf(SENTINEL);
  if (at < 0) throw new Error("Cannot find the payload: neither __SUI,d3n0l4nd nor <~sui-data~>");
  const begin = at + SENTINEL.length + LENGTH_SIZE;
  const size = file.u64(at + SENTINEL.length);
  const strings = tables.find(({ what }) => what === "the strings of LC_SYMTAB");
  for (const end of [begin + size, strings ? strings.offset + strings.size : 0]) {
    if (end === length) continue;
    throw new Error(`Cannot be right: the file ends at ${length}, not at ${end}`);
  }
  return file.slice(begin, size);
}

/**
 * The executable as if it had never been signed, as `codesign --remove-signature` makes it. Deno's base
 * for executables of x86-64 is not signed; the deno of the npm package, which stands in for it, is.
 */
export function withoutSignature(executable: Uint8Array): Uint8Array {
  const macho = readMachO(executable);
  const { file, signature, commandsEnd } = macho;
  if (!signature) throw new Error("Cannot take the signature off: there is none");
  const linkedit = segmentIn(macho, "__LINKEDIT");
  const data = executable.slice(0, signature.offset);
  const view = new DataView(data.buffer);
  // LC_CODE_SIGNATURE comes last, in 16 bytes: ncmds and sizeofcmds of the header count it.
  if (file.u32(commandsEnd - 16) !== 0x1d) {
    throw new Error(
      "Cannot take the signature off: LC_CODE_SIGNATURE is not the last load command",
    );
  }
  view.setUint32(16, file.u32(16) - 1, true);
  view.setUint32(20, file.u32(20) - 16, true);
  data.fill(0, commandsEnd - 16, commandsEnd);
  const size = BigInt(signature.offset - linkedit.offset);
  view.setBigUint64(linkedit.commandOffset + 48, size, true);
  return data;
}
