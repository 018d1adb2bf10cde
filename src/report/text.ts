/** The Report for people: the verdict first, then why, then a table with the trees drawn. */

import type { Level } from "../types.ts";
import { sayBecause } from "./because.ts";
import { colourOf, paint } from "./colour.ts";
import { processColumns } from "./process_table.ts";
import {
  hiddenOf,
  type Report,
  type ReportInstance,
  type ReportProcess,
  shownOf,
  type Style,
  type TextParts,
} from "./report.ts";
import { renderTable, wrap } from "./table.ts";
import { formatBytes } from "./units.ts";
import { count } from "./words.ts";

const PLUGIN_WORDS: Readonly<Record<Level, string>> = {
  normal: "OK",
  warning: "WARNING",
  critical: "CRITICAL",
  unknown: "UNKNOWN",
};
/** Roles that are not OpenCode sessions, and what their instances are called. */
const OTHERS = [
  { role: "orphan", one: "orphaned child", many: "orphaned children" },
  { role: "match", one: "matching process", many: "matching processes" },
  { role: "pid", one: "named process", many: "named processes" },
  { role: "zombie", one: "zombie", many: "zombies" },
] as const;

/** Verdict line, reasons, table. */
export function formatText(report: Report, style: Style, more: TextParts = {}): string {
  const { among = (table) => table, below = () => [] } = more;
  const lines = [headline(report, style.colour), ...reasons(report, style, below)];
  if (report.instances.length > 0) {
    const shown = { ...report, instances: shownOf(report) };
    lines.push("", ...among(renderTable(processColumns(shown, style), style.width)));
  }
  const hidden = sayHidden(report);
  if (hidden !== null) lines.push("", ...wrap(hidden, style.width, 0));
  return lines.join("\n") + "\n";
}

/** The verdict, if there is one, and what was found; in brief where a line should be below 80 characters. */
export function headline(report: Report, colour: boolean, isBrief = false): string {
  const summary = summaryOf(report, isBrief);
  if (report.level === null) return summary;
  const word = paint(PLUGIN_WORDS[report.level], colourOf(report.level), colour);
  return `OCMEM ${word} - ${summary}`;
}

function summaryOf({ instances, totals, scan, isNarrowed }: Report, isBrief: boolean): string {
  const others = OTHERS.map(({ role, one, many }) => {
    const number = instances.filter((i) => i.role === role).length;
    return { number, text: count(number, one, many) };
  }).filter(({ number }) => number > 0);
  const sessions = instances.length - others.reduce((sum, o) => sum + o.number, 0);
  const kinds = others.map((o) => o.text);
  const what = isBrief ? "" : "OpenCode ";
  if (sessions > 0) kinds.unshift(count(sessions, `${what}instance`, `${what}instances`));
  const largest = largestOf(instances.flatMap((i) => i.processes));
  const parts = [kinds.join(" and ")];
  if (totals.unread === totals.processes && sessions === 0) {
    const looked = count(scan.processes, "process", "processes");
    const which = isNarrowed ? "that was asked for " : "";
    parts.unshift(`no OpenCode process ${which}is running (${looked} looked at)`);
  }
  if (largest?.reading) {
    const { pid, role, reading } = largest;
    const among = isBrief ? "" : ` in ${count(totals.processes, "process", "processes")}`;
    parts.push(formatBytes(totals.footprintBytes) + among);
    parts.push(`largest ${formatBytes(reading.footprintBytes)} (pid ${pid}, ${role})`);
  }
  if (totals.unread > 0) parts.push(`${totals.unread} unread`);
  return parts.filter((part) => part !== "").join(", ");
}

function largestOf(processes: readonly ReportProcess[]): ReportProcess | undefined {
  const footprint = (p: ReportProcess) => p.reading?.footprintBytes ?? -1;
  return processes.reduce<ReportProcess | undefined>(
    (a, b) => a && footprint(a) >= footprint(b) ? a : b,
    undefined,
  );
}

/** Width of the level before a reason, with the space around it. */
const REASON_INDENT = 12;

/** Why each instance that is not normal is not, and what the scan could not see. */
function reasons(
  report: Report,
  style: Style,
  below: NonNullable<TextParts["below"]>,
): string[] {
  const { colour, width } = style;
  const lines: string[] = [];
  for (const instance of report.instances) {
    for (const { level, text } of reasonsOf(report, [instance])) {
      const [first = "", ...rest] = wrap(text, width, REASON_INDENT);
      const word = paint(level, colourOf(level), colour);
      lines.push(`  ${word}${first.slice(2 + level.length)}`, ...rest);
      lines.push(...below(instance, style));
    }
  }
  const unseen = unseenOf(report);
  if (unseen !== null) lines.push(...wrap(unseen, width, 2));
  return lines;
}

/** Why each of these instances that is not normal is not. */
export function reasonsOf(
  report: Report,
  instances: readonly ReportInstance[],
): { readonly level: Level; readonly text: string }[] {
  // Where all is well, what is unknown are zombies: the table says so.
  if (report.level === "normal") return [];
  return instances.flatMap(({ level, because, role, id }) => {
    if (level === null || level === "normal" || !because) return [];
    const subject = because.kind === "process" ? "" : `instance ${pidOf(id)} (${role}): `;
    return { level, text: subject + sayBecause(because) };
  });
}

/** The pid of an instance's main process, by the instance's id. */
export function pidOf(id: string): string {
  return id.split("-")[0]!;
}

/** What is there and not shown, or null. */
export function sayHidden(report: Report): string | null {
  const hidden = hiddenOf(report);
  if (hidden === 0) return null;
  return `${count(hidden, "more instance is", "more instances are")} not shown (--top)`;
}

/** What the scan could not see, or null. */
export function unseenOf({ scan }: Pick<Report, "scan">): string | null {
  if (scan.unreadable === 0) return null;
  return `${count(scan.unreadable, "process", "processes")} could not be looked at`;
}
