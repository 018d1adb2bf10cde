/** Lines of CSV (RFC 4180). */

import { stringify } from "csv-stringify/sync";

/** A cell; null, what is not known, is an empty one. */
export type Cell = string | number | null;

/**
 * A line for each row. Names come from strangers: a text that a spreadsheet would take for a formula
 * gets a `'` before it, as spreadsheets mark text.
 */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], { escape_formulas: true });
}
