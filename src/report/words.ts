/** Small parts of text that several formats share. */

import { formatBytes } from "./units.ts";

/** `1 process`, `2 processes`. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A directory with the user's home as `~`; `-` if it is not known. */
export function shortDirectory(directory: string | null, home: string | null): string {
  if (directory === null) return "-";
  const isBelow = home !== null && (directory === home || directory.startsWith(`${home}/`));
  return isBelow ? `~${directory.slice(home.length)}` : directory;
}

/** The command line, or the name in parentheses; where it must fit, its program without the folder. */
export function commandOf(
  { commandLine, name }: { readonly commandLine: readonly string[] | null; readonly name: string },
  width: number,
): string {
  if (commandLine === null || commandLine.length === 0) return `(${name})`;
  const [program = "", ...args] = commandLine;
  const short = Number.isFinite(width) ? program.replace(/^\/(?:[^/ ]*\/)*(?=[^/ ])/, "") : program;
  return [short, ...args].map((argument) => argument === "" ? "''" : argument).join(" ");
}

/** Two amounts that are told apart: in bytes where rounding would make them look equal. */
export function apart(a: number, b: number): [string, string] {
  const rounded: [string, string] = [formatBytes(a), formatBytes(b)];
  return a !== b && rounded[0] === rounded[1] ? [`${a} B`, `${b} B`] : rounded;
}

/** The beginning of a text, and an ellipsis if that is not all. Whole characters: half of a surrogate pair would be no UTF-8. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, 2 * most)).slice(0, most - 1).join("") + "…";
}
