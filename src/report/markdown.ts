/** The Report as GitHub Flavored Markdown, for CI summaries, issues and chats. */

import type { Advice } from "../detail.ts";
import { processColumns } from "./process_table.ts";
import { type Report, shownOf, type Style } from "./report.ts";
import { type Column, cut } from "./table.ts";
import { headline, reasonsOf, sayHidden, unseenOf } from "./text.ts";

/** Columns of a directory or a command: both may have thousands of characters. */
const TEXT_WIDTH = 100;

/** Verdict, reasons, table. Without an OpenCode process, the verdict only. */
export function formatMarkdown(report: Report, style: Style): string {
  const blocks = [[boldVerdict(headline(report, false))], reasons(report)];
  if (report.instances.length > 0) {
    const shown = { ...report, instances: shownOf(report) };
    blocks.push(table(processColumns(shown, { ...style, width: Infinity })));
  }
  const hidden = sayHidden(report);
  if (hidden !== null) blocks.push([hidden]);
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n") + "\n")
    .join("\n");
}

function boldVerdict(line: string): string {
  return line.replace(/^OCMEM \w+/, "**$&**");
}

function reasons(report: Report): string[] {
  const unseen = unseenOf(report);
  return [
    ...report.instances.flatMap((instance) => [
      ...reasonsOf(report, [instance]).map(({ level, text }) => `- **${level}** ${text}`),
      ...(instance.advice ?? []).map(adviceItem),
    ]),
    ...(unseen === null ? [] : [`- ${unseen}`]),
  ];
}

/** An item below a reason. The sentence may have names of others in it. */
function adviceItem({ text, command }: Advice): string {
  return `  - ${asReferences(text, MARKUP)}` + (command === null ? "" : `: ${asCode(command)}`);
}

/** The lines of a table (GFM 4.10). */
function table(columns: readonly Column[]): string[] {
  const rows =
    columns[0]?.cells.map((_, row) =>
      columns.map((column) => cellOf(column, column.cells[row] ?? ""))
    ) ?? [];
  return [
    columns.map(({ title }) => title),
    columns.map(({ align }) => align === "right" ? "---:" : "---"),
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Numbers, levels and roles are our own words; whatever else stands in a cell may be any text. */
function cellOf({ title, align }: Column, text: string): string {
  if (align === "right" || title === "LEVEL") return text;
  // Spaces at the start of a cell are no part of it, and of several in a row one is shown.
  if (title === "ROLE") return text.replaceAll(" ", "&nbsp;");
  return asCode(cut(text, TEXT_WIDTH));
}

/** What ends a code span, what ends a cell even within one, and what an escape of that begins with. */
const NOT_IN_SPAN = /[`|\\]/;
/** A code span loses these two spaces (CommonMark 6.1). */
const SPACES_AROUND = /^ .* $/;
const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Of that, what no sentence needs: a point stands between digits, a colon before a space. */
const MARKUP = /[!#-&*+/<-@[-`{-~]|(?<!\d)\.|\.(?!\d)|:(?! )/g;

/** Any text of one line as code: nothing in it is markup, a link, a mention or the end of a cell. */
function asCode(text: string): string {
  if (text === "") return "";
  if (!NOT_IN_SPAN.test(text) && !SPACES_AROUND.test(text)) return `\`${text}\``;
  return `<code>${asReferences(text, ASCII_PUNCTUATION)}</code>`;
}

function asReferences(text: string, signs: RegExp): string {
  return text.replace(signs, (sign) => {
    const reference = `&#${sign.charCodeAt(0)};`;
    // GFM's autolinks look for addresses (6.9) in what references stand for; a comment parts the text.
    return sign === "@" ? `${reference}<!-- -->` : reference;
  });
}
