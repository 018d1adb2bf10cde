/** Numbers and texts in the bytes of a file, never from beyond its end. */

const TEXT = new TextDecoder("utf-8", { fatal: true });

export class Bytes {
  readonly #view: DataView;

  /** `what` names these bytes in what is said of them. */
  constructor(
    readonly data: Uint8Array,
    readonly what: string,
    readonly littleEndian: boolean = true,
  ) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get length(): number {
    return this.data.length;
  }

  /** The same bytes, not a copy. */
  slice(offset: number, length: number): Uint8Array {
    this.#require(offset, length);
    return this.data.subarray(offset, offset + length);
  }

  part(offset: number, length: number, what: string, littleEndian = this.littleEndian): Bytes {
    return new Bytes(this.slice(offset, length), what, littleEndian);
  }

  u8(offset: number): number {
    this.#require(offset, 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.#require(offset, 2);
    return this.#view.getUint16(offset, this.littleEndian);
  }

  u32(offset: number): number {
    this.#require(offset, 4);
    return this.#view.getUint32(offset, this.littleEndian);
  }

  /** Throws where the number is too large to be one: nothing here is of 8 PiB. */
  u64(offset: number): number {
    const [low, high] = this.littleEndian ? [offset, offset + 4] : [offset + 4, offset];
    const value = this.u32(high) * 2 ** 32 + this.u32(low);
    if (Number.isSafeInteger(value)) return value;
    throw new Error(`Cannot read ${this.what}: the number at ${offset} is ${value}`);
  }

  /** A text in a field of this length, which zeros fill up. */
  name(offset: number, length: number): string {
    const field = this.slice(offset, length);
    const end = field.indexOf(0);
    return TEXT.decode(end < 0 ? field : field.subarray(0, end));
  }

  #require(offset: number, length: number): void {
    if (Number.isSafeInteger(offset + length) && offset >= 0 && length >= 0) {
      if (offset + length <= this.length) return;
    }
    throw new Error(
      `Cannot read ${this.what}: ${length} bytes at ${offset} are not within its ${this.length}`,
    );
  }
}

/** A part of a file, or of memory. */
export interface Range {
  readonly what: string;
  readonly offset: number;
  readonly size: number;
}

/** Throws unless one range lies in another. */
export function requireWithin(part: Range, whole: Range): void {
  if (part.offset >= whole.offset && part.offset + part.size <= whole.offset + whole.size) return;
  throw new Error(
    `Cannot be right: ${told(part)} is not within ${told(whole)}`,
  );
}

/** Throws if two of the ranges share a byte. */
export function requireApart(ranges: readonly Range[]): void {
  const sorted = ranges.filter(({ size }) => size > 0).sort((a, b) => a.offset - b.offset);
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || range.offset + range.size <= next.offset) continue;
    throw new Error(`Cannot be right: ${told(next)} overlaps ${told(range)}`);
  }
}

function told({ what, offset, size }: Range): string {
  return `${what} (${offset} to ${offset + size})`;
}
