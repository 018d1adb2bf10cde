/**
 * What `deno compile` puts into an executable, as found in real ones of Deno 2.9.6. Where it is:
 *
 * - macOS on arm64: all of the section `__SUI,d3n0l4nd`, a segment of its own before `__LINKEDIT`. The
 *   result is signed ad hoc, under the name `a.out`.
 * - macOS on x86-64: at the end of the file, after `<~sui-data~>`, ef be ad de and its length (u64);
 *   `__LINKEDIT` and the strings of LC_SYMTAB are made to reach that far. Nothing is signed there, and
 *   Intel's macOS and Rosetta need no signature.
 * - Linux: a note of owner `SUI` and type 0x53554901, in a segment that is loaded. Its content begins with
 *   the length (u16) and name of what it holds, `d3n0l4nd`.
 *
 * What it is, all numbers little-endian: `d3n0l4nd`; metadata, JSON after its length (u64); npm packages
 * after their length (u64); the counts (u32 each) of specifiers, redirects and modules that are no files;
 * the tree of files, JSON after its length (u64); the content of all files after its length (u64);
 * `d3n0l4nd`.
 */

import { notesOf, readElf } from "./elf.ts";
import { readMachO, sectionIn } from "./macho.ts";
import { trailerOf } from "./macho_trailer.ts";
import { Bytes } from "./payload_bytes.ts";

export const MAGIC = "d3n0l4nd";
const NOTE = { owner: "SUI", type: 0x5355_4901 };
const ELF_MAGIC = "7f454c46";

export interface EmbeddedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** When it was last changed, in milliseconds since 1970. */
  readonly changedMs: number;
}

export interface Payload {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly files: readonly EmbeddedFile[];
  /** Sizes of what a bundle has none of. */
  readonly npmBytes: number;
  readonly specifiers: number;
  readonly redirects: number;
  readonly remoteModules: number;
}

/** What a standalone executable carries, byte for byte. */
export function payloadIn(executable: Uint8Array): Uint8Array {
  if (executable.subarray(0, 4).toHex() === ELF_MAGIC) return payloadInElf(executable);
  const macho = readMachO(executable);
  const hasSegment = macho.segments.some(({ what }) => what === "__SUI");
  return hasSegment ? sectionIn(macho, `__SUI,${MAGIC}`) : trailerOf(macho);
}

function payloadInElf(executable: Uint8Array): Uint8Array {
  const notes = notesOf(readElf(executable)).filter(({ owner, type }) =>
    owner === NOTE.owner && type === NOTE.type
  );
  if (notes.length !== 1) throw new Error(`Cannot find the payload: ${notes.length} notes of SUI`);
  const { content } = notes[0]!;
  const nameSize = content.u16(0);
  const name = content.name(2, nameSize);
  if (name !== MAGIC) throw new Error(`Cannot find the payload: the note of SUI holds ${name}`);
  return content.slice(2 + nameSize, content.length - 2 - nameSize);
}

export function readPayload(data: Uint8Array): Payload {
  const bytes = new Bytes(data, "the payload");
  let at = 0;
  const magic = () => {
    const found = bytes.name(at, MAGIC.length);
    if (found !== MAGIC) throw new Error(`Cannot read the payload: ${MAGIC} is not at ${at}`);
    at += MAGIC.length;
  };
  const block = () => {
    const size = bytes.u64(at);
    at += 8 + size;
    return bytes.slice(at - size, size);
  };
  const count = () => {
    at += 4;
    return bytes.u32(at - 4);
  };
  magic();
  const metadata = jsonOf(block());
  const npmBytes = block().length;
  const [specifiers, redirects, remoteModules] = [count(), count(), count()];
  if (specifiers + redirects + remoteModules > 0) {
    throw new Error("Cannot read the payload: it has modules that are no files");
  }
  const tree = jsonOf(block());
  const content = block();
  magic();
  if (at !== data.length) {
    throw new Error(`Cannot read the payload: ${data.length - at} bytes follow its end`);
  }
  const files = filesOf(tree, new Bytes(content, "the content of files"), "");
  requireAllUsed(files, content);
  return { metadata, files, npmBytes, specifiers, redirects, remoteModules };
}

// deno-lint-ignore no-explicit-any -- JSON whose shape is what is looked for
function jsonOf(bytes: Uint8Array): any {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Error(`Cannot read the payload: ${error instanceof Error ? error.message : error}`);
  }
}

/** `Dir` has a name (n) and entries (e); `File` a name, a place and size (o), u if text, its time (t). */
// deno-lint-ignore no-explicit-any -- as above
function filesOf(entries: any[], content: Bytes, folder: string): EmbeddedFile[] {
  return entries.flatMap((entry) => {
    const [kind, value, ...others] = Object.entries(entry).flat() as [string, Entry];
    const path = folder + value?.n;
    if (kind === "Dir") return filesOf(value.e!, content, `${path}/`);
    const keys = Object.keys(value).join();
    if (kind !== "File" || others.length > 0 || keys !== "n,o,u,t") {
      throw new Error(`Cannot read ${path}: a ${kind} with ${keys} is not known`);
    }
    const [offset, size] = value.o!;
    return [{ path, bytes: content.slice(offset, size), changedMs: value.t! }];
  });
}

interface Entry {
  readonly n: string;
  readonly e?: unknown[];
  readonly o?: readonly [number, number];
  readonly t?: number;
}

/** Files of the same content share it; there is no content of no file. */
function requireAllUsed(files: readonly EmbeddedFile[], content: Uint8Array): void {
  const places = new Map(files.map(({ bytes }) => [bytes.byteOffset, bytes.length]));
  const used = [...places.values()].reduce((sum, size) => sum + size, 0);
  if (used === content.length) return;
  throw new Error(
    `Cannot be right: of ${content.length} bytes of content files have only ${used}`,
  );
}
