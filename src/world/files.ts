/** Files: read if they are there, replaced whole or not at all. */

import { FileError, OutputError } from "../errors.ts";
import type { WholeFile } from "../world.ts";

/** For this user alone. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** How much of a file's name its temporary neighbour repeats: names have at most 255 bytes (NAME_MAX). */
const MOST_NAME = 48;

/** The text of a file, or null if there is none, or no grant to look. Throws a FileError. */
export function readFile(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return null;
    }
    throw new FileError(`Cannot read ${path}: ${reasonOf(error)}`);
  }
}

/** The absolute path of what is there, without links; null if there is nothing, or no grant to look. */
export function realPath(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}

/**
 * Opens a file to be replaced, by a neighbour that takes its place when it is whole: a reader sees the
 * old text or the new one, and a full disk leaves the old one. Throws a FileError.
 */
export function openFile(path: string, mode: number): WholeFile {
  requireReplaceable(path);
  const temporary = neighbourOf(path);
  try {
    const file = Deno.openSync(temporary, { write: true, createNew: true, mode: PRIVATE_FILE });
    return new Neighbour(path, temporary, mode, file);
  } catch (error) {
    throw new FileError(`Cannot create ${path}: ${reasonOf(error)}`);
  }
}

/** Creates a folder and those above it, for this user alone. Throws a FileError. */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw new FileError(`Cannot create the folder ${path}: ${reasonOf(error)}`);
  }
}

/** Removes a file. False if there was none. Throws a FileError. */
export function removeFile(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new FileError(`Cannot remove ${path}: ${reasonOf(error)}`);
  }
}

/**
 * What is no plain file is not replaced: a link may be a trap in a folder that others can write to, and
 * a device such as /dev/null would be gone for all.
 */
function requireReplaceable(path: string): void {
  const refuse = (reason: string) => new FileError(`Cannot write ${path}: ${reason}`);
  try {
    const { isSymlink, isDirectory, isFile } = Deno.lstatSync(path);
    if (isSymlink) {
      throw refuse("it is a symbolic link, and files are replaced. Name the file that it leads to");
    }
    if (isDirectory) throw refuse("it is a folder");
    if (!isFile) throw refuse("it is no plain file, and files are replaced. Use > instead");
  } catch (error) {
    if (error instanceof FileError) throw error;
    if (!(error instanceof Deno.errors.NotFound)) throw refuse(reasonOf(error));
  }
}

/** A hidden name beside the file that nobody else has: a rename stays within one filesystem. */
function neighbourOf(path: string): string {
  const slash = path.lastIndexOf("/") + 1;
  const random = crypto.getRandomValues(new Uint32Array(2)).join("");
  return `${path.slice(0, slash)}.${path.slice(slash, slash + MOST_NAME)}.${random}.tmp`;
}

class Neighbour implements WholeFile {
  readonly #path: string;
  readonly temporary: string;
  readonly #mode: number;
  readonly #file: Deno.FsFile;
  #isOpen = true;

  constructor(path: string, temporary: string, mode: number, file: Deno.FsFile) {
    this.#path = path;
    this.temporary = temporary;
    this.#mode = mode;
    this.#file = file;
  }

  write(text: string): void {
    this.#attempt(() => {
      const bytes = new TextEncoder().encode(text);
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    });
  }

  keep(): void {
    this.#attempt(() => {
      // A disk that turns out to be full when the system writes at last would leave an empty file.
      this.#file.syncDataSync();
      Deno.chmodSync(this.temporary, this.#mode);
      Deno.renameSync(this.temporary, this.#path);
    });
    this.#isOpen = false;
    this.#file.close();
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
    try {
      Deno.removeSync(this.temporary);
    } catch {
      // Somebody else has removed it.
    }
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      throw new OutputError(`Cannot write ${this.#path}: ${reasonOf(error)}`);
    }
  }
}

/** The system's words, without the runtime's additions. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return "it is not granted: run with --allow-read --allow-write";
  }
  const message = error instanceof Error ? error.message : String(error);
  const plain = message.replace(/ \(os error \d+\).*$/s, "");
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
