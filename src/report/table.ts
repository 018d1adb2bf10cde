/** Columns of text that fit a width: measured as a terminal shows them, cut with `…`, dropped if need be. */

import truncatedWidth from "fast-string-truncated-width";

/** A column. `cells` hold plain text, one for each row. */
export interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly align: "left" | "right";
  /** Shares what the others leave, and is cut to it. */
  readonly flexible?: boolean;
  /** The column with the lowest number goes first when the width does not do; without one it stays. */
  readonly dropOrder?: number;
  /** Colours a padded cell; the title is not coloured. */
  readonly paint?: (text: string, row: number) => string;
}

/** The least width of a flexible column, with a wide and with a narrow gap between columns. */
const LAYOUTS = [{ gap: 2, least: 14 }, { gap: 1, least: 8 }] as const;

/** The lines of the table, the titles first, none wider than `width`. */
export function renderTable(columns: readonly Column[], width: number): string[] {
  const { shown, widths, gap } = layOut(columns, width);
  const rows = Math.max(0, ...shown.map((c) => c.cells.length));
  const lines: string[] = [];
  for (let row = -1; row < rows; row++) {
    const cells = shown.map((column, i) => {
      const text = row < 0 ? column.title : column.cells[row] ?? "";
      const padded = pad(cut(text, widths[i]!), widths[i]!, column.align, i === shown.length - 1);
      return row >= 0 && column.paint ? column.paint(padded, row) : padded;
    });
    lines.push(cells.join(" ".repeat(gap)).trimEnd());
  }
  return lines;
}

function layOut(
  columns: readonly Column[],
  width: number,
): { shown: readonly Column[]; widths: number[]; gap: number } {
  let shown = columns;
  for (;;) {
    for (const { gap, least } of LAYOUTS) {
      const widths = fit(shown, width, gap, least);
      if (widths) return { shown, widths, gap };
    }
    const next = shown.filter((c) => c.dropOrder !== undefined)
      .reduce<Column | null>((a, b) => a && a.dropOrder! <= b.dropOrder! ? a : b, null);
    // Nothing left to drop: cut every column at the terminal's edge.
    if (!next) return { shown, widths: cutToWidth(shown.map(naturalWidth), width), gap: 1 };
    shown = shown.filter((c) => c !== next);
  }
}

/** The width of each column, or null if they don't fit. */
function fit(
  columns: readonly Column[],
  width: number,
  gap: number,
  least: number,
): number[] | null {
  const widths = columns.map(naturalWidth);
  const gaps = gap * (columns.length - 1);
  const total = () => widths.reduce((a, b) => a + b, 0) + gaps;
  if (total() <= width) return widths;
  const flexible = columns.map((c, i) => c.flexible ? i : -1).filter((i) => i >= 0);
  const fixed = columns.reduce((sum, c, i) => c.flexible ? sum : sum + widths[i]!, gaps);
  let left = width - fixed;
  // The narrowest first: what it does not need goes to the others.
  flexible.sort((a, b) => widths[a]! - widths[b]!);
  for (const [done, i] of flexible.entries()) {
    const share = Math.floor(left / (flexible.length - done));
    if (share < Math.min(least, widths[i]!)) return null;
    widths[i] = Math.min(widths[i]!, share);
    left -= widths[i]!;
  }
  return total() <= width ? widths : null;
}

function cutToWidth(widths: readonly number[], width: number): number[] {
  let left = width;
  return widths.map((wanted) => {
    const given = Math.max(0, Math.min(wanted, left));
    left -= given + 1;
    return given;
  });
}

function naturalWidth(column: Column): number {
  return Math.max(textWidth(column.title), ...column.cells.map(textWidth));
}

/** Columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  return truncatedWidth(text).width;
}

/** The text in at most `width` columns; `…` stands for what was cut. */
export function cut(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  if (width <= 0) return "";
  if (textWidth(text) <= width) return text;
  let kept = text.slice(0, truncatedWidth(text, { limit: width - 1, ellipsis: "" }).index);
  // The library may be one character off where wide and narrow ones mix, and may split a pair.
  while (textWidth(kept) > width - 1 || !kept.isWellFormed()) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/** The text in lines of at most `width` columns, broken at spaces and indented. */
export function wrap(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width - indent) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => cut(" ".repeat(indent) + one, width));
}

/** The text with spaces in words that are longer than `width`, so that wrap loses nothing of them. */
export function loosened(text: string, width: number): string {
  return text.split(" ").flatMap((word) => piecesOf(word, width)).join(" ");
}

function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (Number.isFinite(width) && textWidth(rest) > width) {
    // With one more to cut, what is kept always ends in the sign for that.
    const kept = cut(`${rest}-`, width + 1).slice(0, -1);
    // Not even one character fits.
    if (kept === "") break;
    pieces.push(kept);
    rest = rest.slice(kept.length);
  }
  return [...pieces, rest];
}

function pad(text: string, width: number, align: "left" | "right", isLast: boolean): string {
  const room = width - textWidth(text);
  if (room <= 0 || (isLast && align === "left")) return text;
  return align === "left" ? text + " ".repeat(room) : " ".repeat(room) + text;
}
