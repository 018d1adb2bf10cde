/**
 * The pages of an SQLite database, from its file and its log, as they are on the disk: without SQLite,
 * which would make files and locks beside them. https://sqlite.org/fileformat2.html
 */

import type { RawFile } from "../world.ts";
import { damaged, Trouble } from "./trouble.ts";
import { viewOf, type Wal, walOf } from "./wal.ts";

const MAGIC = "SQLite format 3\0";
const HEADER = 100;
/** Written where text is UTF-8; 0 while nothing is in it. */
const UTF_8 = 1;
/** Pages that are read at once: the leaves of a table mostly lie side by side. */
const BLOCK = 64 * 1024;
const MOST_BLOCKS = 32;

export class Pages {
  readonly #file: RawFile;
  readonly #log: RawFile | null;
  readonly #wal: Wal | null;
  readonly #size: number;
  readonly #blocks = new Map<number, Uint8Array>();
  /** Bytes of a page that are in use. */
  readonly usable: number;
  readonly count: number;

  /** Throws a Trouble if it is no database that can be read. */
  constructor(file: RawFile, log: RawFile | null) {
    this.#file = file;
    this.#log = log;
    const onDisk = file.read(0, HEADER);
    if (onDisk.length < HEADER) throw new Trouble("nothing is in it yet");
    requireMagic(onDisk);
    this.#size = pageSizeOf(onDisk);
    this.#wal = log && walOf(log, this.#size);
    this.count = this.#wal?.count ?? Math.ceil(file.size() / this.#size);
    const header = this.page(1);
    requireMagic(header);
    const view = viewOf(header);
    this.usable = this.#size - header[20]!;
    const encoding = view.getUint32(56);
    if (this.usable < 480) throw damaged("its header");
    if (encoding > UTF_8) throw new Trouble("its text is not UTF-8");
  }

  /** Whether all that was committed is in it. */
  get isWhole(): boolean {
    return this.#wal?.isWhole ?? true;
  }

  page(number: number): Uint8Array {
    if (!(number >= 1 && number <= this.count)) throw damaged(`page ${number}`);
    const place = this.#wal?.pages.get(number);
    const page = place === undefined
      ? this.#read((number - 1) * this.#size)
      : this.#log!.read(place, this.#size);
    if (page.length < this.#size) throw damaged(`page ${number} is cut off`);
    return page;
  }

  #read(at: number): Uint8Array {
    const block = Math.floor(at / BLOCK);
    let bytes = this.#blocks.get(block);
    if (bytes === undefined) {
      bytes = this.#file.read(block * BLOCK, BLOCK);
      if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
      this.#blocks.set(block, bytes);
    }
    return bytes.subarray(at - block * BLOCK, at - block * BLOCK + this.#size);
  }
}

function requireMagic(header: Uint8Array): void {
  const isDatabase = [...MAGIC].every((character, i) => header[i] === character.charCodeAt(0));
  if (!isDatabase) throw new Trouble("it is no SQLite database");
}

function pageSizeOf(header: Uint8Array): number {
  const size = viewOf(header).getUint16(16);
  const bytes = size === 1 ? 65_536 : size;
  if (bytes < 512 || (bytes & (bytes - 1)) !== 0) throw damaged("its header");
  return bytes;
}
