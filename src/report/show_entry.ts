/** A label with what it says beside it, or below where there is no room. */

import type { Style } from "./report.ts";
import { wrap } from "./table.ts";

export const INDENT = 2;
/** Where the text beside a label begins. */
export const TEXT_COLUMN = 14;
const NARROW_TEXT_COLUMN = 4;
/** In less, a text stands below its label. */
const NARROW = 36;

export function entry(label: string, text: string, { width }: Pick<Style, "width">): string[] {
  const head = " ".repeat(INDENT) + label;
  if (width < NARROW) {
    return [...wrap(label, width, INDENT), ...wrap(text, width, NARROW_TEXT_COLUMN)];
  }
  const [first = "", ...rest] = wrap(text, width, TEXT_COLUMN);
  return [head.padEnd(TEXT_COLUMN) + first.slice(TEXT_COLUMN), ...rest];
}
