/** The Report for people, with the sessions of its instances and what runs around them. */

import type { Report, Style } from "./report.ts";
import { amongRows, noteLines } from "./with_sessions.ts";
import { formatText } from "./text.ts";

/** Verdict line, reasons, table with sessions and children, notes. */
export function formatTextWithSessions(report: Report, style: Style): string {
  const text = formatText(report, style, (table) => amongRows(table, report, style));
  const notes = noteLines(report, style);
  return notes.length === 0 ? text : `${text}\n${notes.join("\n")}\n`;
}
