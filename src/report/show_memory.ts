/** The memory of one process: each figure, then by kind. */

import type { MemoryPart } from "../detail.ts";
import type { Missing, Os, Reading } from "../types.ts";
import type { HistoryStyle } from "./history_formats.ts";
import type { ShowReport } from "./show.ts";
import { entry, INDENT } from "./show_entry.ts";
import { renderTable, wrap } from "./table.ts";
import { formatBytes } from "./units.ts";

const BAR_WIDTH = 20;
const UNTOLD: Readonly<Record<Missing, string>> = {
  gone: "not known: it has ended",
  denied: "not known: it belongs to another user",
  zombie: "nothing: it has ended",
  unsupported: "not known: this system does not tell",
};

export function memoryLines(report: ShowReport, style: HistoryStyle): string[] {
  const { process: { reading, missing }, parts, partsMissing, host } = report;
  if (reading === null) return wrap(UNTOLD[missing ?? "unsupported"], style.width, INDENT);
  const figures = figuresOf(reading, host.os).flatMap(([label, bytes]) =>
    entry(label, bytes === null ? "not known" : formatBytes(bytes), style)
  );
  const kinds = parts === null
    ? entry("by kind", UNTOLD[partsMissing ?? "unsupported"], style)
    : partLines(parts, reading.footprintBytes, style);
  return [...figures, ...kinds];
}

function figuresOf(reading: Reading, os: Os): (readonly [label: string, bytes: number | null])[] {
  return [
    ["footprint", reading.footprintBytes],
    ["resident", reading.residentBytes],
    ["peak", reading.peakBytes],
    ["swapped", reading.swappedBytes],
    // No other system has them.
    ...os === "linux" ? [["PSS", reading.pssBytes], ["USS", reading.ussBytes]] as const : [],
  ];
}

/** Kinds as a table, with their shares of the footprint. */
function partLines(
  parts: readonly MemoryPart[],
  footprintBytes: number,
  { width, isAscii }: HistoryStyle,
): string[] {
  const shares = parts.map(({ bytes, inFootprint }) =>
    inFootprint && footprintBytes > 0 ? bytes / footprintBytes : null
  );
  const cellOf = (share: number | null, i: number) =>
    share !== null ? `${Math.round(share * 100)}%` : parts[i]!.inFootprint ? "-" : "not in it";
  const ink = isAscii ? "#" : "█";
  const barOf = (share: number | null) =>
    ink.repeat(Math.ceil(Math.min(1, share ?? 0) * BAR_WIDTH));
  const table = renderTable([
    { title: "KIND", cells: parts.map(({ kind }) => kind.replace("_", " ")), align: "left" },
    { title: "SIZE", cells: parts.map(({ bytes }) => formatBytes(bytes)), align: "right" },
    { title: "OF FOOTPRINT", cells: shares.map(cellOf), align: "right" },
    { title: "", cells: shares.map(barOf), align: "left", dropOrder: 1 },
  ], width - INDENT);
  return table.map((line) => " ".repeat(INDENT) + line);
}
