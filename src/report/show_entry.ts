/** A label with what it says beside it, or below where there is no room. */

import type { Style } from "./report.ts";
import { loosened, wrap } from "./table.ts";

export const INDENT = 2;
/** Where the text beside a label begins. */
export const TEXT_COLUMN = 14;
const NARROW_TEXT_COLUMN = 4;
/** In less, a text stands below its label. */
const NARROW = 36;

export function entry(label: string, text: string, { width }: Pick<Style, "width">): string[] {
  const isNarrow = width < NARROW;
  const column = isNarrow ? NARROW_TEXT_COLUMN : TEXT_COLUMN;
  const lines = wrap(loosened(text, width - column), width, column);
  if (isNarrow) return [...wrap(label, width, INDENT), ...lines];
  const head = " ".repeat(INDENT) + label;
  return [head.padEnd(TEXT_COLUMN) + lines[0]!.slice(TEXT_COLUMN), ...lines.slice(1)];
}
