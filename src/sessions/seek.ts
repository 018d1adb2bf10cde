/**
 * A row found by way of an index, without reading its table.
 * https://sqlite.org/fileformat2.html#b_tree_pages
 */

import type { Pages } from "./pages.ts";
import { Row, varint } from "./record.ts";
import { columnsOf, MOST_LEVELS, rowsOf, SCHEMA, type Table } from "./table.ts";
import { damaged } from "./trouble.ts";
import { viewOf } from "./wal.ts";

/** An index: where its entries are, and how many columns each has before the number of its row. */
export interface Index {
  readonly root: number;
  readonly columns: readonly string[];
}

const KINDS = { index: { interior: 2, leaf: 10 }, table: { interior: 5, leaf: 13 } } as const;

/** The indexes of a table that have all of its rows, in ascending order. */
export function indexesOf(pages: Pages, table: string): readonly Index[] {
  const found: Index[] = [];
  for (const row of rowsOf(pages, 1)) {
    if (row.text(SCHEMA.type) !== "index" || row.text(SCHEMA.table) !== table) continue;
    const sql = row.text(SCHEMA.sql) ?? "";
    if (sql === "" || /\bWHERE\b|\bDESC\b|\bCOLLATE\b/i.test(sql)) continue;
    found.push({ root: row.integer(SCHEMA.root) ?? 0, columns: [...columnsOf(sql).keys()] });
  }
  return found;
}

/** The last row that an index has under a text as its first column, or null. */
export function lastUnder(pages: Pages, index: Index, table: Table, key: string): Row | null {
  const number = lastEntry(pages, index.root, key)?.integer(index.columns.length) ?? null;
  return number === null ? null : rowAt(pages, table.root, number);
}

function lastEntry(pages: Pages, root: number, key: string): Row | null {
  let found: Row | null = null;
  for (const node of descent(pages, root, "index")) {
    const entry = (i: number) => {
      const [size, start] = varint(node.bytes, node.cell(i) + (node.isLeaf ? 0 : 4));
      // The longest that lies in its page as a whole.
      if (size > Math.floor((pages.usable - 12) * 64 / 255) - 23) throw damaged("an index");
      return new Row(pages, node.bytes, start, size);
    };
    const next = node.first((i) => (entry(i).text(0) ?? "") > key);
    const before = next > 0 ? entry(next - 1) : null;
    if (before?.text(0) === key) found = before;
    node.follow(next);
  }
  return found;
}

function rowAt(pages: Pages, root: number, number: number): Row | null {
  for (const node of descent(pages, root, "table")) {
    const numberAt = (i: number) => {
      const at = node.cell(i);
      const place = node.isLeaf ? varint(node.bytes, at)[1] : at + 4;
      return varint(node.bytes, place)[0];
    };
    const next = node.first((i) => numberAt(i) >= number);
    if (!node.isLeaf) {
      node.follow(next);
      continue;
    }
    if (next === node.cells || numberAt(next) !== number) return null;
    const [size, place] = varint(node.bytes, node.cell(next));
    const [, start] = varint(node.bytes, place);
    return new Row(pages, node.bytes, start, size);
  }
  return null;
}

/** A page of a tree. */
interface Node {
  readonly bytes: Uint8Array;
  readonly isLeaf: boolean;
  readonly cells: number;
  /** Where a cell begins. */
  cell(i: number): number;
  /** The first cell of which this is true, as of all behind it; or how many there are. */
  first(isTrue: (i: number) => boolean): number;
  /** Goes on with what lies before this cell. */
  follow(i: number): void;
}

/** The pages from the root of a tree to a leaf, as each is followed. */
function* descent(pages: Pages, root: number, tree: keyof typeof KINDS): Generator<Node> {
  let next = root;
  for (let level = 0; level <= MOST_LEVELS; level++) {
    const bytes = pages.page(next);
    const view = viewOf(bytes);
    const isLeaf = bytes[0] === KINDS[tree].leaf;
    if (!isLeaf && bytes[0] !== KINDS[tree].interior) throw damaged("a tree");
    const cells = view.getUint16(3);
    const places = isLeaf ? 8 : 12;
    if (places + 2 * cells > bytes.length) throw damaged("a tree");
    const cell = (i: number) => view.getUint16(places + 2 * i);
    yield {
      ...{ bytes, isLeaf, cells, cell },
      first: (isTrue) => {
        let [low, high] = [0, cells];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (isTrue(middle)) high = middle;
          else low = middle + 1;
        }
        return low;
      },
      follow: (i) => {
        if (!isLeaf) next = view.getUint32(i === cells ? 8 : cell(i));
      },
    };
    if (isLeaf) return;
  }
  throw damaged("a tree");
}
