/**
 * The log of an SQLite database in WAL mode: pages that are not in the file yet, or were put there
 * since. https://sqlite.org/fileformat2.html#the_write_ahead_log
 */

import type { RawFile } from "../world.ts";

/** What was committed in a log. */
export interface Wal {
  /** Where in the log the last version of a page is. */
  readonly pages: ReadonlyMap<number, number>;
  /** Pages of the whole database. */
  readonly count: number;
  /** Whether all of the log was looked at. */
  readonly isWhole: boolean;
}

const HEADER = 32;
const FRAME_HEADER = 24;
/** Magic numbers: the checksum is of words in little-endian or in big-endian order. */
const LITTLE = 0x377f0682;
const BIG = 0x377f0683;
/** More of a log than this takes too long: OpenCode's is about 4 MiB, unless somebody reads for long. */
const MOST_BYTES = 64 * 1024 * 1024;
const FRAMES_AT_ONCE = 64;

type Sums = readonly [number, number];

/** The pages that were committed, or null if there are none: what was cut off in the middle never was. */
export function walOf(file: RawFile, pageSize: number): Wal | null {
  const header = file.read(0, HEADER);
  if (header.length < HEADER) return null;
  const view = viewOf(header);
  const magic = view.getUint32(0);
  if ((magic !== LITTLE && magic !== BIG) || view.getUint32(8) !== pageSize) return null;
  const isLittle = magic === LITTLE;
  const salts = [view.getUint32(16), view.getUint32(20)];
  let sums = sum(view, 0, 24, [0, 0], isLittle);
  if (sums[0] !== view.getUint32(24) || sums[1] !== view.getUint32(28)) return null;
  const pages = new Map<number, number>();
  /** Of a transaction whose end has not been seen. */
  const open = new Map<number, number>();
  let count = 0;
  const frameSize = FRAME_HEADER + pageSize;
  for (let at = HEADER; at < MOST_BYTES;) {
    const piece = file.read(at, FRAMES_AT_ONCE * frameSize);
    const frames = Math.floor(piece.length / frameSize);
    const pieceView = viewOf(piece);
    for (let i = 0; i < frames; i++) {
      const from = i * frameSize;
      const word = (n: number) => pieceView.getUint32(from + 4 * n);
      sums = sum(pieceView, from, 8, sums, isLittle);
      sums = sum(pieceView, from + FRAME_HEADER, pageSize, sums, isLittle);
      const isNext = word(2) === salts[0] && word(3) === salts[1] && word(4) === sums[0] &&
        word(5) === sums[1];
      // Left from before the log began anew, or being written.
      if (!isNext) return end(true);
      open.set(word(0), at + from + FRAME_HEADER);
      if (word(1) === 0) continue;
      for (const [page, place] of open) pages.set(page, place);
      open.clear();
      count = word(1);
    }
    if (frames < FRAMES_AT_ONCE) return end(true);
    at += frames * frameSize;
  }
  return end(false);

  function end(isWhole: boolean): Wal | null {
    return pages.size > 0 ? { pages, count, isWhole } : null;
  }
}

/** SQLite's checksum of a piece, going on from that of what is before it. */
function sum(view: DataView, from: number, length: number, [a, b]: Sums, isLittle: boolean): Sums {
  for (let at = from; at < from + length; at += 8) {
    a = (a + view.getUint32(at, isLittle) + b) >>> 0;
    b = (b + view.getUint32(at + 4, isLittle) + a) >>> 0;
  }
  return [a, b];
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
