/** The Report for people, with the sessions of its instances and what runs around them. */

import type { Report, Style, TextParts } from "./report.ts";
import { amongRows, noteLines } from "./with_sessions.ts";
import { formatText } from "./text.ts";

/** Verdict line, reasons, table with sessions and children, notes. */
export function formatTextWithSessions(report: Report, style: Style, more?: TextParts): string {
  const among = (table: string[]) => amongRows(table, report, style);
  const text = formatText(report, style, { ...more, among });
  const notes = noteLines(report, style);
  return notes.length === 0 ? text : `${text}\n${notes.join("\n")}\n`;
}
