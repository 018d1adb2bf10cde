/** What is to be ended, and what became of it, as text. */

import type { Refusal } from "../ending/guard.ts";
import { type EndedRow, type EndReport, hasEnded } from "./ending.ts";
import type { Style } from "./report.ts";
import { renderTable } from "./table.ts";
import { formatBytes } from "./units.ts";
import { count, shortDirectory } from "./words.ts";

const REFUSALS: Readonly<Record<Refusal, string>> = {
  init: "it is pid 1, on which the whole system or container depends",
  self: "it is ocmem itself",
  ancestor: "ocmem runs below it, and would end with it",
  user: "it belongs to another user, or nobody can tell whose it is",
  program: "its executable can't be read, so that nobody can tell whether it stays the same",
  zombie: "it has ended already, and waits for its parent to take note",
  system: "the system refuses the signal",
};

/** The processes with what is planned for each, or has become of it, and what it comes to. */
export function formatEnding(report: EndReport, style: Style): string {
  const isPlan = report.rows.some(({ outcome }) => outcome === "dry_run");
  const lines = tableOf(report.rows, style);
  const end = isPlan ? "Nothing was stopped: this is a dry run" : sayTotals(report);
  return [...lines, "", end].join("\n") + "\n";
}

/** The processes alone, for a question: a table, and reasons below it. */
export function tableOf(rows: readonly EndedRow[], { width, home }: Style): string[] {
  const cells = (cell: (row: EndedRow) => string) => rows.map(cell);
  return renderTable([
    { title: "PID", cells: cells(({ pid }) => String(pid)), align: "right" },
    { title: "ROLE", cells: cells(({ role }) => role), align: "left" },
    { title: "FOOTPRINT", cells: cells(sayBytes), align: "right" },
    { title: "NAME", cells: cells(({ name }) => name), align: "left", dropOrder: 2 },
    {
      title: "DIRECTORY",
      cells: cells(({ directory }) => shortDirectory(directory, home)),
      align: "left",
      flexible: true,
      dropOrder: 1,
    },
    { title: "OUTCOME", cells: cells(cellOf), align: "left" },
  ], width).concat(rows.filter(hasReason).map((row) => `${row.pid} is ${sayOutcome(row)}`));
}

/** Whether what is said of it is too much for a table. */
function hasReason({ outcome, refusal }: EndedRow): boolean {
  return refusal !== null || outcome === "changed";
}

function cellOf(row: EndedRow): string {
  return hasReason(row) ? "not stopped" : sayOutcome(row);
}

/** What is asked before anything is sent. */
export function question(rows: readonly EndedRow[]): string {
  const bytes = rows.reduce((sum, { footprintBytes }) => sum + (footprintBytes ?? 0), 0);
  const these = rows.length === 1 ? "this process" : `these ${rows.length} processes`;
  return `Stop ${these}, ${formatBytes(bytes)}? [y/N] `;
}

/** What has become of one, such as `ended after 0.3 s (SIGTERM)`. */
export function sayOutcome(row: EndedRow): string {
  const { outcome, goesWith, signals, waitedMs, refusal } = row;
  const how = `${(waitedMs / 1000).toFixed(1)} s (${signals.join(", ")})`;
  switch (outcome) {
    case "ended":
      return signals.length === 0 ? `ended with ${goesWith}` : `ended after ${how}`;
    case "killed":
      return `killed after ${how}`;
    case "gone":
      return refusal === null ? "was gone before" : `not stopped: ${REFUSALS[refusal]}`;
    case "changed":
      return "not stopped: it is another process or program now";
    case "refused":
      return `not stopped: ${refusal === null ? "refused" : REFUSALS[refusal]}`;
    case "still_running":
      if (signals.length > 0) return `still runs after ${how}`;
      return goesWith === null ? "still runs" : `still runs: left to ${goesWith}`;
    case "dry_run":
      return goesWith === null ? "to be stopped" : `goes with ${goesWith}`;
  }
}

function sayTotals({ rows, totals, force }: EndReport): string {
  const running = rows.filter(({ outcome }) => outcome === "still_running").length;
  const hint = running === 0 ? "" : `; ${count(running, "still runs", "still run")}` +
    (force ? "" : " (--force kills after --grace)");
  if (!rows.some(hasEnded)) return `Nothing was stopped${hint}`;
  const held = totals.ended === 1 ? "it held" : `${totals.ended} processes held`;
  return `Reclaimed ${formatBytes(totals.reclaimedBytes)}: what ${held} just before${hint}`;
}

function sayBytes({ footprintBytes }: EndedRow): string {
  return footprintBytes === null ? "-" : formatBytes(footprintBytes);
}
