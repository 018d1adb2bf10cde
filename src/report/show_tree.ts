/** The tree of a process's instance, with the process marked. */

import { colourOf, paint } from "./colour.ts";
import { sayPurpose } from "./purpose_words.ts";
import type { ReportProcess, Style } from "./report.ts";
import type { ShowReport } from "./show.ts";
import { INDENT } from "./show_entry.ts";
import { renderTable, wrap } from "./table.ts";
import { drawBranches } from "./tree.ts";
import { formatBytes } from "./units.ts";
import { commandOf, count } from "./words.ts";

/** Of a larger tree this many around the process are shown. */
const MOST_ROWS = 40;

export function treeLines({ instance, process }: ShowReport, style: Style): string[] {
  const { processes, footprintBytes } = instance;
  const at = processes.indexOf(process);
  const from = Math.max(0, Math.min(at - MOST_ROWS / 2, processes.length - MOST_ROWS));
  const shown = processes.slice(from, from + MOST_ROWS);
  const branches = drawBranches(processes).slice(from, from + MOST_ROWS);
  const left = processes.length - shown.length;
  const size = footprintBytes === null ? "" : `, ${formatBytes(footprintBytes)}`;
  const unread = processes.filter(({ reading }) => reading === null).length;
  const summary = count(processes.length, "process", "processes") + size +
    (unread > 0 ? `, ${unread} unread` : "") +
    (left > 0 ? ` (${left} not shown: --json has all)` : "");
  const table = renderTable([
    {
      title: "PID",
      cells: shown.map((one) => `${one === process ? "> " : ""}${one.pid}`),
      align: "right",
    },
    { title: "ROLE", cells: branches, align: "left" },
    ...levelColumn(shown, style),
    { title: "FOOTPRINT", cells: shown.map(sizeOf), align: "right" },
    {
      title: "COMMAND",
      cells: shown.map((one) => whatOf(one, style.width)),
      align: "left",
      flexible: true,
      dropOrder: 1,
    },
  ], style.width - INDENT);
  return [
    ...wrap(summary, style.width, INDENT),
    ...table.map((line) => " ".repeat(INDENT) + line),
  ];
}

/** Where all are normal, that goes without saying. */
function levelColumn(shown: readonly ReportProcess[], { colour }: Style) {
  if (shown.every(({ level }) => level === "normal")) return [];
  const levelOf = (row: number) => shown[row]!.level ?? "unknown";
  return [{
    title: "LEVEL",
    cells: shown.map((_, row) => levelOf(row)),
    align: "left",
    dropOrder: 2,
    paint: (text: string, row: number) => paint(text, colourOf(levelOf(row)), colour),
  }] as const;
}

function sizeOf({ reading, missing }: ReportProcess): string {
  return reading ? formatBytes(reading.footprintBytes) : missing ?? "-";
}

function whatOf(process: ReportProcess, width: number): string {
  const { purpose } = process;
  const command = commandOf(process, width);
  return purpose === null ? command : `${sayPurpose(purpose)}: ${command}`;
}
