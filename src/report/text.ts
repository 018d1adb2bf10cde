/** The Report for people: the verdict first, then why, then a table with the trees drawn. */

import type { Level, Reading } from "../types.ts";
import { sayBecause } from "./because.ts";
import { colourOf, paint } from "./colour.ts";
import type { Report, ReportInstance, ReportProcess, Style } from "./report.ts";
import { type Column, cut, renderTable, wrap } from "./table.ts";
import { formatBytes, formatDuration } from "./units.ts";

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
/** A directory longer than this is cut in a table that is as wide as it takes. */
const DIRECTORY_WIDTH = 48;

/** Verdict line, reasons, table. */
export function formatText(report: Report, style: Style): string {
  const lines = [headline(report, style.colour), ...reasons(report, style)];
  if (report.instances.length > 0) {
    lines.push("", ...renderTable(columns(report, style), style.width));
  }
  return lines.join("\n") + "\n";
}

function headline(report: Report, colour: boolean): string {
  const summary = summaryOf(report);
  if (report.level === null) return summary;
  const word = paint(PLUGIN_WORDS[report.level], colourOf(report.level), colour);
  return `OCMEM ${word} - ${summary}`;
}

function summaryOf({ instances, totals, scan }: Report): string {
  const others = OTHERS.map(({ role, one, many }) => {
    const number = instances.filter((i) => i.role === role).length;
    return { number, text: count(number, one, many) };
  }).filter(({ number }) => number > 0);
  const sessions = instances.length - others.reduce((sum, o) => sum + o.number, 0);
  const kinds = others.map((o) => o.text);
  if (sessions > 0) kinds.unshift(count(sessions, "OpenCode instance", "OpenCode instances"));
  const largest = largestOf(instances.flatMap((i) => i.processes));
  const parts = [kinds.join(" and ")];
  if (totals.unread === totals.processes && sessions === 0) {
    const looked = count(scan.processes, "process", "processes");
    parts.unshift(`no OpenCode process is running (${looked} looked at)`);
  }
  if (largest?.reading) {
    const { pid, role, reading } = largest;
    parts.push(
      `${formatBytes(totals.footprintBytes)} in ${count(totals.processes, "process", "processes")}`,
    );
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
function reasons(report: Report, { colour, width }: Style): string[] {
  const lines: string[] = [];
  for (const { level, because, role, id } of report.instances) {
    // Where all is well, what is unknown are zombies: the table says so.
    if (report.level === "normal" || level === null || level === "normal" || !because) continue;
    const subject = because.kind === "process" ? "" : `instance ${id.split("-")[0]} (${role}): `;
    const [first = "", ...rest] = wrap(subject + sayBecause(because), width, REASON_INDENT);
    const word = paint(level, colourOf(level), colour);
    lines.push(`  ${word}${first.slice(2 + level.length)}`, ...rest);
  }
  const { unreadable } = report.scan;
  if (unreadable > 0) {
    lines.push(
      ...wrap(`${count(unreadable, "process", "processes")} could not be looked at`, width, 2),
    );
  }
  return lines;
}

function columns(report: Report, style: Style): Column[] {
  const rows = report.instances.flatMap((instance) =>
    instance.processes.map((p) => ({ instance, p }))
  );
  const processes = rows.map((row) => row.p);
  const memory = (pick: (reading: Reading) => number | null) =>
    processes.map(({ reading }) => {
      const bytes = reading && pick(reading);
      return bytes === null ? "-" : formatBytes(bytes);
    });
  const footprints = memory((r) => r.footprintBytes).map((cell, i) =>
    processes[i]!.missing ?? cell
  );
  const paintLevel = (text: string, row: number) =>
    paint(text, colourOf(processes[row]!.level ?? "normal"), style.colour);
  const isExact = processes.some((p) => p.reading?.pssBytes != null);
  const all: (Column | null)[] = [
    { title: "PID", cells: processes.map((p) => String(p.pid)), align: "right" },
    { title: "ROLE", cells: report.instances.flatMap(drawTree), align: "left" },
    report.level === null ? null : {
      title: "LEVEL",
      cells: processes.map((p) => p.level ?? "-"),
      align: "left",
      paint: paintLevel,
    },
    { title: "FOOTPRINT", cells: footprints, align: "right" },
    { title: "RESIDENT", cells: memory((r) => r.residentBytes), align: "right", dropOrder: 2 },
    isExact
      ? { title: "PSS", cells: memory((r) => r.pssBytes), align: "right", dropOrder: 5 }
      : null,
    isExact
      ? { title: "USS", cells: memory((r) => r.ussBytes), align: "right", dropOrder: 6 }
      : null,
    { title: "PEAK", cells: memory((r) => r.peakBytes), align: "right", dropOrder: 1 },
    {
      title: "UPTIME",
      cells: processes.map((p) => formatDuration(report.takenAtMs - p.startedAtMs)),
      align: "right",
      dropOrder: 3,
    },
    {
      title: "DIRECTORY",
      cells: rows.map(({ instance, p }) => directoryCell(instance, p, style)),
      align: "left",
      flexible: true,
      dropOrder: 4,
    },
    {
      title: "COMMAND",
      cells: processes.map((p) => commandCell(p, style)),
      align: "left",
      flexible: true,
      dropOrder: 7,
    },
  ];
  return all.filter((column) => column !== null);
}

/** The roles of an instance's processes, with the branches of its tree before them. */
function drawTree({ processes }: ReportInstance): string[] {
  const open: boolean[] = [];
  const cells: string[] = [];
  // From the end: whether a branch goes on below is known before it is drawn.
  for (let i = processes.length - 1; i >= 0; i--) {
    const { depth, role } = processes[i]!;
    open.length = Math.min(open.length, depth + 1);
    let branch = "";
    for (let level = 1; level < depth; level++) branch += open[level] ? "│ " : "  ";
    if (depth > 0) branch += open[depth] ? "├ " : "└ ";
    open[depth] = true;
    cells.unshift(branch + role);
  }
  return cells;
}

/** The directory stands once, with the instance's root. */
function directoryCell(instance: ReportInstance, process: ReportProcess, style: Style): string {
  if (process.depth > 0) return "";
  const { directory } = instance;
  if (directory === null) return "-";
  const short = style.home && (directory === style.home || directory.startsWith(`${style.home}/`))
    ? `~${directory.slice(style.home.length)}`
    : directory;
  return cut(short, Number.isFinite(style.width) ? DIRECTORY_WIDTH : Infinity);
}

/** The command line; in a table that must fit, its program without the folder. */
function commandCell({ commandLine, name }: ReportProcess, { width }: Style): string {
  if (commandLine === null || commandLine.length === 0) return `(${name})`;
  const [program = "", ...args] = commandLine;
  const short = Number.isFinite(width) ? program.replace(/^\/(?:[^/ ]*\/)*(?=[^/ ])/, "") : program;
  return [short, ...args].map((argument) => argument === "" ? "''" : argument).join(" ");
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
