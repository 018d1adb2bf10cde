/** A row of a table as it lies in its page. https://sqlite.org/fileformat2.html#record_format */

import type { Pages } from "./pages.ts";
import { damaged } from "./trouble.ts";
import { viewOf } from "./wal.ts";

/** More of a row than this is not followed: OpenCode keeps the changes of a session in it. */
const MOST_BYTES = 16 * 1024 * 1024;
/** More columns than this has no table. */
const MOST_COLUMNS = 500;

/** A number of 1 to 9 bytes, and where it ends. Above 2^53 it is not exact, and no size is that large. */
export function varint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw damaged("a row");
    if (i === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  throw damaged("a row");
}

/** Bytes that begin in a leaf of a table, and may go on in other pages. */
export class Row {
  readonly #pages: Pages;
  /** What is of it in the leaf. */
  readonly #local: Uint8Array;
  readonly #overflow: number;
  /** Kind and place of each column. */
  readonly #columns: readonly (readonly [kind: number, at: number])[];

  constructor(pages: Pages, page: Uint8Array, at: number, size: number) {
    this.#pages = pages;
    const { usable } = pages;
    const most = usable - 35;
    let local = size;
    if (size > most) {
      const least = Math.floor((usable - 12) * 32 / 255) - 23;
      const wanted = least + (size - least) % (usable - 4);
      local = wanted <= most ? wanted : least;
    }
    this.#local = page.subarray(at, at + local);
    if (this.#local.length < local) throw damaged("a row");
    this.#overflow = size > local ? viewOf(page).getUint32(at + local) : 0;
    this.#columns = columnsOf(this.#local);
  }

  /** The length in bytes of a column that is text, or -1. */
  textLength(column: number): number {
    const [kind = 0] = this.#columns[column] ?? [];
    return kind >= 13 && kind % 2 === 1 ? (kind - 13) / 2 : -1;
  }

  text(column: number): string | null {
    const length = this.textLength(column);
    if (length < 0) return null;
    return new TextDecoder().decode(this.#bytes(this.#columns[column]![1], length));
  }

  /** A whole number, or null. */
  integer(column: number): number | null {
    const [kind, at] = this.#columns[column] ?? [0, 0];
    if (kind === 8 || kind === 9) return kind - 8;
    if (kind < 1 || kind > 6) return null;
    const size = INTEGER_SIZES[kind]!;
    const bytes = this.#bytes(at, size);
    let value = bytes[0]! >= 0x80 ? -1 : 0;
    for (const byte of bytes) value = value * 256 + byte;
    return value;
  }

  #bytes(at: number, length: number): Uint8Array {
    if (at + length <= this.#local.length) return this.#local.subarray(at, at + length);
    if (at + length > MOST_BYTES) throw damaged("a row that is too long");
    const found = new Uint8Array(length);
    const take = (from: number, piece: Uint8Array) => {
      const begin = Math.max(from, at), end = Math.min(from + piece.length, at + length);
      if (begin < end) found.set(piece.subarray(begin - from, end - from), begin - at);
    };
    take(0, this.#local);
    let page = this.#overflow;
    for (let from = this.#local.length; from < at + length;) {
      const bytes = this.#pages.page(page);
      const piece = bytes.subarray(4, this.#pages.usable);
      take(from, piece);
      from += piece.length;
      page = viewOf(bytes).getUint32(0);
    }
    return found;
  }
}

const INTEGER_SIZES = [0, 1, 2, 3, 4, 6, 8] as const;

function sizeOf(kind: number): number {
  if (kind >= 12) return Math.floor((kind - 12) / 2);
  return kind === 7 ? 8 : INTEGER_SIZES[kind] ?? 0;
}

function columnsOf(local: Uint8Array): (readonly [kind: number, at: number])[] {
  let [at, place] = varint(local, 0);
  const end = at;
  const columns: (readonly [number, number])[] = [];
  while (place < end && columns.length < MOST_COLUMNS) {
    const [kind, next] = varint(local, place);
    columns.push([kind, at]);
    at += sizeOf(kind);
    place = next;
  }
  return columns;
}
