/** The live screen, as lines: pure, so that every screen can be written down in a test. */

import { writeDuration } from "../durations.ts";
import type { Level } from "../types.ts";
import type { Size } from "../world.ts";
import { colourOf, paint } from "./colour.ts";
import { type Past, processColumns } from "./process_table.ts";
import { type Report, type ReportProcess, shownOf, type Style } from "./report.ts";
import { amongRows } from "./with_sessions.ts";
import { cut, renderTable } from "./table.ts";
import { headline } from "./text.ts";
import { count } from "./words.ts";

/** What is on the screen. */
export interface Scene {
  readonly report: Report;
  readonly pastOf: (process: ReportProcess) => Past;
  /** The oldest first. Troubles stand among them. */
  readonly news: readonly News[];
  readonly intervalMs: number;
  /** The time of day where the user is: `09:04:05`. */
  readonly timeOf: (ms: number) => string;
}

/** A line of what has happened. */
export interface News {
  readonly atMs: number;
  readonly name: string;
  readonly message: string;
  /** What the line's name is coloured by, or null. */
  readonly level: Level | null;
}

/** Lines that the news have at least, where there are so many and the window has room for them. */
const LEAST_NEWS = 5;
/** Columns that the verdict needs to say anything. */
const LEAST_HEAD = 40;
/** Lines besides table and news: head, its empty line, the titles' empty line, keys. */
const FRAME = 4;
const KEYS = "q quit  r look now";
/** SGR parameter (ECMA-48): faint. */
const FAINT = "2";
const NAME_WIDTH = 10;

/** The lines of the screen: as many as fit, none wider than the window. */
export function renderScreen(scene: Scene, size: Size, style: Omit<Style, "width">): string[] {
  const { report, news } = scene;
  const { columns, rows } = size;
  const whole: Style = { ...style, width: columns };
  const room = Math.max(0, rows - FRAME);
  const processes = report.instances.length === 0
    ? []
    : renderTable(processColumns(report, whole, scene.pastOf), columns);
  // Sessions and what runs around them, or sessions alone, where there is room for all of them.
  const fits = (lines: readonly string[]) =>
    lines.length + Math.min(news.length, LEAST_NEWS) <= room;
  const table = [report, withoutChildren(report)].map((one) => amongRows(processes, one, whole))
    .find(fits) ?? processes;
  const forNews = Math.min(news.length, Math.max(LEAST_NEWS, room - table.length), room);
  const lines = [
    head(scene, whole),
    "",
    ...shorten(table, room - forNews, columns),
    "",
    ...news.slice(news.length - forNews).map((one) => newsLine(one, scene.timeOf, whole)),
  ].slice(0, Math.max(0, rows - 1));
  while (lines.length < rows - 1) lines.push("");
  return [...lines, paint(cut(KEYS, columns), FAINT, style.colour)].slice(-rows);
}

function withoutChildren(report: Report): Report {
  const bare = shownOf(report).map((instance) => ({ ...instance, children: null }));
  return { ...report, instances: bare, shown: bare };
}

/** The verdict and what is running; on the right, where there is room, when that was and how often it is looked. */
function head({ report, intervalMs, timeOf }: Scene, { width, colour }: Style): string {
  const clock = `  ${timeOf(report.takenAtMs)}  every ${writeDuration(intervalMs)}`;
  const room = width - clock.length;
  const plain = headline(report, false);
  const text = room < LEAST_HEAD ? cut(plain, width) : cut(plain, room).padEnd(room) + clock;
  const colourOfLevel = colourOf(report.level ?? "normal");
  return text.replace(/(?<=^OCMEM )\w+/, (word) => paint(word, colourOfLevel, colour));
}

/** As much of a table as there is room for; the last line then says how much is missing. */
function shorten(table: readonly string[], room: number, width: number): string[] {
  if (table.length <= room) return [...table];
  if (room < 2) return table.slice(0, Math.max(0, room));
  const hidden = table.length - (room - 1);
  return [
    ...table.slice(0, room - 1),
    cut(`… and ${count(hidden, "process", "processes")} more`, width),
  ];
}

function newsLine(
  { atMs, name, message, level }: News,
  timeOf: Scene["timeOf"],
  { width, colour }: Style,
): string {
  const time = `${timeOf(atMs)} `;
  const named = name.padEnd(NAME_WIDTH);
  const text = cut(`${time}${named} ${message}`, width);
  if (level === null || !colour || !text.startsWith(time + named)) return text;
  return time + paint(named, colourOf(level), true) + text.slice(time.length + named.length);
}

/** The time of day where the user is: `09:04:05`. */
export function localTime(ms: number): string {
  const time = new Date(ms);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}
