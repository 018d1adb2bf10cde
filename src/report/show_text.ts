/** The report of `show` for people: the verdict, then a part for each thing that is known. */

import { shortTime } from "./chart.ts";
import { colourOf, paint } from "./colour.ts";
import type { HistoryStyle } from "./history_formats.ts";
import type { ReportProcess } from "./report.ts";
import { sayBecause } from "./because.ts";
import type { ShowReport } from "./show.ts";
import { adviceLines, aroundLines } from "./show_around.ts";
import { entry, INDENT } from "./show_entry.ts";
import { memoryLines } from "./show_memory.ts";
import { pastLines } from "./show_past_text.ts";
import { standingLines } from "./show_standing.ts";
import { treeLines } from "./show_tree.ts";
import { wrap } from "./table.ts";
import { formatBytes, formatDuration } from "./units.ts";
import { sayHeld } from "./with_sessions.ts";
import { commandOf, shortDirectory } from "./words.ts";

/** A command line longer than this is cut, unless it may be as wide as it takes. */
const MOST_COMMAND = 1000;

const FOUND: Readonly<Record<ReportProcess["matchedBy"], string>> = {
  name: "by its name",
  pattern: "by a pattern of the options file",
  enumeration: "by its place below OpenCode, its executable, or OpenCode's mark",
  pid: "by its pid alone: it is no process of OpenCode",
};

export function showAsText(report: ShowReport, style: HistoryStyle): string {
  const { instance, takenAtMs } = report;
  const held = sayHeld(instance, takenAtMs, style.home);
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["Process", processLines(report, style)],
    ["Tree", [...treeLines(report, style), ...aroundLines(instance, style)]],
    ["Memory", memoryLines(report, style)],
    ["Trend", pastLines(report, style)],
    ["Sessions", instance.sessions === null ? [] : listed(held, "none known", style)],
    ["Standing", standingLines(report, style)],
    ["Ports", listed(portsOf(report), "it listens nowhere that can be seen from here", style)],
    ["Notes", listed(report.notes, null, style)],
    ["Next", [...adviceLines(instance, style), ...nextLines(report)]],
  ];
  const blocks = parts.filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines]);
  return [headline(report, style), ...blocks].map((lines) => lines.join("\n") + "\n").join("\n");
}

/** `4242  tui, 2.41 GiB: warning`, and why. */
function headline({ process }: ShowReport, { width, colour }: HistoryStyle): string[] {
  const { pid, role, reading, because } = process;
  const level = process.level ?? "unknown";
  const size = reading === null ? "" : `, ${formatBytes(reading.footprintBytes)}`;
  const why = because === null ? [] : wrap(sayBecause(because), width, INDENT);
  return [`${pid}  ${role}${size}: ${paint(level, colourOf(level), colour)}`, ...why];
}

function processLines(report: ShowReport, style: HistoryStyle): string[] {
  const { process, instance, directory, ancestors, uptimeMs } = report;
  const { name, executable, uid, startedAtMs, matchedBy } = process;
  const command = commandOf(process, Infinity);
  const isLong = command.length > MOST_COMMAND && Number.isFinite(style.width);
  const above = ancestors.map((one) => `${one.pid} (${one.name})`).join(", ");
  const started = `${shortTime(startedAtMs, Infinity)} ${shortTime(startedAtMs, 0)}`;
  const main = instance.processes.find(({ pid }) => instance.id.startsWith(`${pid}-`));
  const isMain = main === undefined || main.pid === process.pid;
  const rows: readonly (readonly [label: string, text: string | null])[] = [
    ["name", name],
    ["executable", executable],
    ["command", isLong ? `${command.slice(0, MOST_COMMAND).toWellFormed()}…` : command],
    ["directory", directory && shortDirectory(directory, style.home)],
    ["started", `${started}, ${formatDuration(uptimeMs)} ago`],
    ["user", uid === null ? null : String(uid)],
    ["parents", above === "" ? "none" : above],
    ["found", FOUND[matchedBy]],
    ["instance", instance.id + (isMain ? "" : `, of ${main.role} ${main.pid}`)],
  ];
  return rows.flatMap(([label, text]) => entry(label, text ?? "not known", style));
}

function portsOf({ ports }: ShowReport): string[] {
  if (ports === null) return ["not known: the system does not tell"];
  return ports.map(({ address, port }) =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`
  );
}

function listed(
  lines: readonly string[],
  otherwise: string | null,
  { width }: HistoryStyle,
): string[] {
  const all = lines.length > 0 || otherwise === null ? lines : [otherwise];
  return all.flatMap((line) => wrap(line, width, INDENT));
}

/** What to type. What is copied is not broken. */
function nextLines({ process, instance, resume }: ShowReport): string[] {
  const { pid, role, missing } = process;
  const advised = new Set((instance.advice ?? []).map(({ command }) => command));
  const isGone = missing === "zombie" || missing === "gone";
  const commands = [
    isGone || missing === "denied" || role === "pid" ? null : `ocmem stop ${pid}`,
    isGone ? null : `ocmem track --pid ${pid}`,
    resume,
  ];
  return commands.filter((command) => command !== null && !advised.has(command)).map((command) =>
    `  ${command}`
  );
}
