/** The rows of an instance, of which those are left out that say the same again and again. */

import type { ReportInstance, ReportProcess, Style } from "./report.ts";
import { cut } from "./table.ts";
import { formatBytes } from "./units.ts";
import { count } from "./words.ts";

/** So many that are for the same are a flood, and so many of them stay. */
const MANY = 8;
const SHOWN = 3;
const INDENT = "       ";

/**
 * The rows of an instance's processes, without those of many that are for the same; then a line that
 * says how many there are. What is over a limit stays. As wide as it takes, all stay.
 */
export function foldedRows(
  rows: readonly string[],
  { processes }: ReportInstance,
  { width }: Style,
): string[] {
  if (!Number.isFinite(width)) return [...rows];
  const alike = Map.groupBy(processes.filter(isFoldable), likenessOf);
  const left = new Set<ReportProcess>();
  for (const group of alike.values()) {
    if (group.length >= MANY) group.slice(SHOWN).forEach((process) => left.add(process));
  }
  if (left.size === 0) return [...rows];
  const bytes = [...left].reduce((sum, { reading }) => sum + (reading?.footprintBytes ?? 0), 0);
  const more = `… and ${count(left.size, "process", "processes")} more that are for the same, ` +
    `${formatBytes(bytes)} (--wide shows them)`;
  return [
    ...rows.filter((_, i) => !left.has(processes[i]!)),
    cut(INDENT + more, width),
  ];
}

function isFoldable({ purpose, level }: ReportProcess): boolean {
  return purpose !== null && level !== "warning" && level !== "critical";
}

/** The same text for processes that are for the same, each in its place below the session. */
function likenessOf({ purpose, name, depth, commandLine }: ReportProcess): string {
  const { kind, name: known, command } = purpose!;
  const isNamed = known !== null && (kind === "mcp" || kind === "lsp" || kind === "formatter");
  return JSON.stringify([kind, known, command, depth, name, isNamed ? null : commandLine]);
}
