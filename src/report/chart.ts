/** A footprint over time as a chart of characters. Pure: exact strings, whatever the terminal. */

import type { HistoryPoint } from "./history.ts";
import { formatBytes } from "./units.ts";

/** A line across the chart. */
export interface ChartLimit {
  readonly bytes: number;
  readonly paint: (text: string) => string;
}

export interface ChartPlan {
  readonly points: readonly HistoryPoint[];
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Columns of the whole. */
  readonly width: number;
  /** Lines of the values; an even number has a label in the middle. */
  readonly rows: number;
  readonly isAscii: boolean;
  readonly limits: readonly ChartLimit[];
  /** Times that are marked below, in milliseconds since 1970. */
  readonly marks: readonly number[];
}

/** What a chart is drawn with. */
interface Ink {
  /** Parts of a filled cell, from nearly nothing to all of it. */
  readonly parts: readonly string[];
  readonly side: string;
  readonly tick: string;
  readonly corner: string;
  readonly base: string;
  /** Nothing is known of this time. */
  readonly hole: string;
  readonly limit: string;
  readonly mark: string;
}

const UNICODE: Ink = {
  parts: [..."▁▂▃▄▅▆▇█"],
  ...{ side: "│", tick: "┤", corner: "└", base: "─", hole: "·", limit: "╌", mark: "▲" },
};
const ASCII: Ink = {
  parts: [...".:#"],
  ...{ side: "|", tick: "+", corner: "+", base: "-", hole: " ", limit: "~", mark: "^" },
};
/** Room for `1023 MiB`, a space before it and one behind. */
const LABEL_WIDTH = 10;
/** Fewer columns than these show nothing. */
const LEAST_COLUMNS = 8;
/** A limit far above all values would press them down: it is not shown. */
const MOST_ABOVE = 1.5;

/** The lines of the chart, or none if there is no room or nothing to draw. */
export function renderChart(plan: ChartPlan): string[] {
  const ink = plan.isAscii ? ASCII : UNICODE;
  const columns = plan.width - LABEL_WIDTH - 1;
  const { rows } = plan;
  const values = columnsOf(plan, columns);
  const highest = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  if (columns < LEAST_COLUMNS || values.every((value) => value === null)) return [];
  const shown = plan.limits.filter(({ bytes }) => bytes <= highest * MOST_ABOVE);
  const top = roundUp(Math.max(highest, ...shown.map(({ bytes }) => bytes), 1));
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = rows - 1 - i;
    const [from, to] = [row * top / rows, (row + 1) * top / rows];
    const limit = shown.find(({ bytes }) => bytes > from && bytes <= to) ?? null;
    return lineOf(ink, values, { from, to, limit, label: labelOf(i, rows, top, limit) });
  });
  const base = values.map((value) => value === null ? ink.hole : ink.base).join("");
  return [
    ...lines,
    ...[`${" ".repeat(LABEL_WIDTH)}${ink.corner}${base}`.trimEnd()],
    ...marksOf(plan, ink, columns),
    timesOf(plan, columns),
  ];
}

/** What each column shows: the highest value in its time, null where nothing is known. */
function columnsOf({ points, sinceMs, untilMs }: ChartPlan, columns: number): (number | null)[] {
  const values = Array.from({ length: Math.max(0, columns) }, (): number | null => null);
  const columnAt = (ms: number) => (ms - sinceMs) / (untilMs - sinceMs) * columns;
  for (const [i, [atMs, bytes]] of points.entries()) {
    if (bytes === null) continue;
    // A point stands until the next one, the last one as long as the one before it.
    const next = points[i + 1]?.[0] ?? 2 * atMs - (points[i - 1]?.[0] ?? atMs);
    const [first, end] = [Math.floor(columnAt(atMs)), columnAt(next)];
    for (let column = Math.max(0, first); column <= first || column < end; column++) {
      if (column >= columns) break;
      values[column] = Math.max(values[column] ?? 0, bytes);
    }
  }
  return values;
}

interface Line {
  readonly from: number;
  readonly to: number;
  readonly limit: ChartLimit | null;
  readonly label: string;
}

function lineOf(ink: Ink, values: readonly (number | null)[], line: Line): string {
  const { from, to, limit, label } = line;
  const side = label === "" ? ink.side : ink.tick;
  const cells = values.map((value) => {
    if (value === null || value <= from) {
      return limit ? limit.paint(ink.limit) : " ";
    }
    const share = Math.min(1, (value - from) / (to - from));
    return ink.parts[Math.max(0, Math.ceil(share * ink.parts.length) - 1)];
  });
  const start = label.padStart(LABEL_WIDTH - 1) + " " + side;
  return (start + cells.join("")).trimEnd();
}

/** Of the top, of the middle, and of each limit. */
function labelOf(i: number, rows: number, top: number, limit: ChartLimit | null): string {
  if (limit) return formatBytes(limit.bytes);
  if (i === 0) return formatBytes(top);
  return i === rows / 2 ? formatBytes(top / 2) : "";
}

/** The next number of two binary digits and a half: 1, 1.25, 1.5, 1.75, 2, 2.5, … times a power of 2. */
function roundUp(bytes: number): number {
  const unit = 2 ** (Math.floor(Math.log2(bytes)) - 2);
  return Math.ceil(bytes / unit) * unit;
}

function marksOf({ marks, sinceMs, untilMs }: ChartPlan, ink: Ink, columns: number): string[] {
  if (marks.length === 0) return [];
  const cells = Array.from({ length: columns }, () => " ");
  for (const atMs of marks) {
    const column = Math.floor((atMs - sinceMs) / (untilMs - sinceMs) * columns);
    cells[Math.min(columns - 1, Math.max(0, column))] = ink.mark;
  }
  return [(" ".repeat(LABEL_WIDTH + 1) + cells.join("")).trimEnd()];
}

/** The first and the last time, and the middle if there is room. */
function timesOf({ sinceMs, untilMs }: ChartPlan, columns: number): string {
  const windowMs = untilMs - sinceMs;
  const say = (ms: number) => shortTime(ms, windowMs);
  const [first, middle, last] = [say(sinceMs), say(sinceMs + windowMs / 2), say(untilMs)];
  const cells = Array.from({ length: columns }, () => " ");
  const put = (text: string, at: number) => cells.splice(at, text.length, ...text);
  const room = columns - first.length - last.length;
  put(first, 0);
  if (room >= 1) put(last, columns - last.length);
  if (room >= middle.length + 4) put(middle, Math.floor((columns - middle.length) / 2));
  return (" ".repeat(LABEL_WIDTH + 1) + cells.join("")).slice(0, LABEL_WIDTH + 1 + columns)
    .trimEnd();
}

const DAY_MS = 86_400_000;

/** Local time: `14:05`, `14:05:30` in minutes, `2026-01-31` in days. */
export function shortTime(ms: number, windowMs: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (windowMs > 3 * DAY_MS) return day;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (windowMs > DAY_MS) return `${day.slice(5)} ${time}`;
  return windowMs > DAY_MS / 144 ? time : `${time}:${two(date.getSeconds())}`;
}
