/** The tables of a database, and their rows. */

import type { Pages } from "./pages.ts";
import { Row, varint } from "./record.ts";
import { damaged, Trouble } from "./trouble.ts";
import { viewOf } from "./wal.ts";

/** A table: where its rows are, and which column has which place. */
export interface Table {
  readonly root: number;
  readonly columns: ReadonlyMap<string, number>;
}

const INTERIOR = 5;
const LEAF = 13;
/** A tree of as many levels holds more pages than a file can have. */
export const MOST_LEVELS = 20;
/** The columns of sqlite_schema. */
export const SCHEMA = { type: 0, name: 1, table: 2, root: 3, sql: 4 } as const;
/** Entries of sqlite_schema: OpenCode has about 60. */
const MOST_ENTRIES = 5000;

/** The tables of these names, as far as they are there. */
export function tablesOf(pages: Pages, names: readonly string[]): ReadonlyMap<string, Table> {
  const found = new Map<string, Table>();
  let entries = 0;
  for (const row of rowsOf(pages, 1)) {
    if (++entries > MOST_ENTRIES) throw damaged("its tables");
    const name = row.text(SCHEMA.name);
    if (name === null || !names.includes(name) || row.text(SCHEMA.type) !== "table") continue;
    const sql = row.text(SCHEMA.sql) ?? "";
    if (/\)\s*[^)]*\bWITHOUT\s+ROWID\b[^)]*$/i.test(sql)) {
      throw new Trouble(`its table ${name} is of another kind`);
    }
    found.set(name, { root: row.integer(SCHEMA.root) ?? 0, columns: columnsOf(sql) });
  }
  return found;
}

/** The rows of a table, the last one first: sessions are added at the end. */
export function* rowsOf(pages: Pages, root: number): Generator<Row> {
  let left = pages.count;
  yield* below(root, 0);

  function* below(number: number, level: number): Generator<Row> {
    if (level > MOST_LEVELS || left-- <= 0) throw damaged("a table");
    const page = pages.page(number);
    const view = viewOf(page);
    const begin = number === 1 ? 100 : 0;
    const kind = page[begin];
    if (kind !== INTERIOR && kind !== LEAF) throw damaged("a table");
    const cells = view.getUint16(begin + 3);
    const places = begin + (kind === LEAF ? 8 : 12);
    if (places + 2 * cells > page.length) throw damaged("a table");
    if (kind === INTERIOR) yield* below(view.getUint32(begin + 8), level + 1);
    for (let i = cells - 1; i >= 0; i--) {
      const at = view.getUint16(places + 2 * i);
      if (at + 4 > page.length) throw damaged("a table");
      if (kind === INTERIOR) yield* below(view.getUint32(at), level + 1);
      else {
        const [size, next] = varint(page, at);
        const [, start] = varint(page, next);
        yield new Row(pages, page, start, size);
      }
    }
  }
}

/**
 * The columns that a CREATE TABLE names, each with its place in a row. Constraints stand behind all of
 * them, even behind those that are added later: as columns they would have places that no row has.
 */
export function columnsOf(sql: string): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  const body = withoutComments(sql);
  for (const part of partsOf(body.slice(body.indexOf("(") + 1))) {
    const [, quoted, plain] = /^\s*(?:["`[]([^"`\]]+)["`\]]|(\w+))/.exec(part) ?? [];
    const name = quoted ?? plain;
    if (name === undefined) continue;
    // Worked out when it is asked for: not in the row.
    if (/\bAS\s*\(/i.test(part) && !/\bSTORED\b/i.test(part)) continue;
    columns.set(name, columns.size);
  }
  return columns;
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/g, "").replace(/\/\*[^]*?\*\//g, "");
}

/** What commas part, but those within parentheses and quotes, up to the parenthesis that ends it. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0, quote = "", from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"' || character === "`") quote = character;
    else if (character === "(") depth++;
    else if (character === ")" && depth-- === 0) return [...parts, text.slice(from, i)];
    else if (character === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}
