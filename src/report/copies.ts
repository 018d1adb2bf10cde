/** What runs many times around a session, or holds much of its memory: an MCP server above all. */

import { sayPurpose } from "./purpose_words.ts";
import type { ReportInstance, ReportProcess } from "./report.ts";
import { mainOf } from "./resume.ts";
import { cut } from "./table.ts";
import { commandOf } from "./words.ts";

/** Several of the same. */
export interface Copies {
  readonly count: number;
  /** What they are, as who they are copies of. */
  readonly what: string;
  /** Of them and of all below them that could be read; null if none could. */
  readonly footprintBytes: number | null;
  /** As OpenCode's configuration calls it, or null. */
  readonly mcpName: string | null;
}

/** So many are too many, whatever they hold. */
const MANY = 8;
/** Fewer count if they hold this share of their instance. */
const LARGE_SHARE = 0.25;
const MOST_COMMAND = 60;

/** Those copies that hold the most, if they are many or hold much; else null. */
export function largestCopies(instance: ReportInstance): Copies | null {
  const all = instance.children === null ? byCommand(instance) : byPurpose(instance.children);
  const notable = all.filter(({ count, footprintBytes }) =>
    count >= MANY || (count > 1 && shareOf(footprintBytes, instance) >= LARGE_SHARE)
  );
  const [largest] = notable.sort((a, b) => (b.footprintBytes ?? -1) - (a.footprintBytes ?? -1));
  return largest ?? null;
}

/** Which part of an instance this is, from 0 to 1. What could not be read is none. */
export function shareOf(bytes: number | null, { footprintBytes }: ReportInstance): number {
  return bytes === null || !footprintBytes ? 0 : bytes / footprintBytes;
}

/** Tools run as many shells and gits as they like. */
function byPurpose(children: NonNullable<ReportInstance["children"]>): Copies[] {
  return children.filter(({ purpose: { kind } }) => kind !== "shell" && kind !== "git")
    .map(({ purpose, count, footprintBytes }) => ({
      count,
      what: sayPurpose(purpose),
      footprintBytes,
      mcpName: purpose.kind === "mcp" ? purpose.name : null,
    }));
}

/** Where nobody asked what they are for: those direct children of the session that run the same command. */
function byCommand(instance: ReportInstance): Copies[] {
  const { processes } = instance;
  const main = mainOf(instance);
  if (main === undefined) return [];
  const groups = new Map<string, ReportProcess[][]>();
  let below: ReportProcess[] | null = null;
  // In tree order: what follows deeper belongs to the one before.
  for (const process of processes.slice(processes.indexOf(main) + 1)) {
    if (process.depth <= main.depth) break;
    const isDirect = process.depth === main.depth + 1;
    if (isDirect && process.commandLine !== null) {
      const name = process.commandLine.join("\0");
      groups.set(name, [...groups.get(name) ?? [], below = []]);
    } else if (isDirect) below = null;
    below?.push(process);
  }
  return [...groups.values()].map((copies) => ({
    count: copies.length,
    what: cut(commandOf(copies[0]![0]!, MOST_COMMAND), MOST_COMMAND),
    footprintBytes: totalOf(copies.flat()),
    mcpName: null,
  }));
}

function totalOf(processes: readonly ReportProcess[]): number | null {
  const read = processes.flatMap(({ reading }) => reading ?? []);
  return read.length === 0 ? null : read.reduce((sum, one) => sum + one.footprintBytes, 0);
}
