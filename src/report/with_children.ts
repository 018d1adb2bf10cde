/** What the processes around sessions are for: put into a Report, and as lines below its table. */

import type { Purpose, PurposeGroup } from "../detail.ts";
import { redact, visible } from "./harmless.ts";
import { sayPurpose } from "./purpose_words.ts";
import type { Report, ReportInstance, Style } from "./report.ts";
import { cut } from "./table.ts";
import { formatBytes } from "./units.ts";
import { count, shorten } from "./words.ts";

/** What a child of a session is for, with its texts as they are. */
export interface RawPurpose extends Omit<Purpose, "command"> {
  /** How it was started. */
  readonly argv: readonly string[] | null;
}

/** What is known of an instance. */
export interface RawChildren {
  /** By pid. */
  readonly children: ReadonlyMap<number, RawPurpose>;
  /** The most first. */
  readonly groups: readonly (Omit<PurposeGroup, "purpose"> & { readonly child: RawPurpose })[];
}

/** Longer ones are cut: the whole command line stands with the process. */
const LONGEST_COMMAND = 500;
const LONGEST_NAME = 200;
/** Lines below an instance, the last of which says how many more there are. */
const MOST_LINES = 9;
const INDENT = "       ";

/** The Report with what was found out. Text of others is made harmless here. */
export function withChildren(
  report: Report,
  explained: ReadonlyMap<string, RawChildren>,
  notes: readonly string[],
  options: { readonly showSecrets: boolean },
): Report {
  const made = new Map<RawPurpose, Purpose>();
  const purposeOf = (raw: RawPurpose): Purpose => {
    const purpose = made.get(raw) ?? safe(raw, options.showSecrets);
    made.set(raw, purpose);
    return purpose;
  };
  const instances = report.instances.map((instance): ReportInstance => {
    const { children, groups } = explained.get(instance.id) ?? { children: new Map(), groups: [] };
    return {
      ...instance,
      children: groups.map(({ child, ...rest }) => ({ ...rest, purpose: purposeOf(child) })),
      processes: instance.processes.map((process) => {
        const raw = children.get(process.pid);
        return raw ? { ...process, purpose: ofProcess(purposeOf(raw)) } : process;
      }),
    };
  });
  return { ...report, instances, notes: [...report.notes, ...notes.map(visible)] };
}

/** How a process was started stands with it already, but what the shell above it was told. */
function ofProcess(purpose: Purpose): Purpose {
  return purpose.kind === "shell" ? purpose : { ...purpose, command: null };
}

function safe({ kind, name, language, argv }: RawPurpose, showSecrets: boolean): Purpose {
  // An argument that is cut could lose what says that it is a secret: it is hidden before.
  const words = argv && (showSecrets ? argv : redact(argv));
  return {
    kind,
    name: name ? visible(shorten(name, LONGEST_NAME)) : null,
    language,
    command: words && visible(shorten(joined(words), LONGEST_COMMAND)),
  };
}

/** The arguments as one text; those beyond the cut are not even joined. */
function joined(words: readonly string[]): string {
  return words.slice(0, LONGEST_COMMAND).map((word) => word === "" ? "''" : word).join(" ");
}

/** What runs around a session: a line for each group, the most first. */
export function childLines({ children }: ReportInstance, { width }: Style): string[] {
  const told = (children ?? []).filter(isNews);
  const isAll = told.length <= MOST_LINES;
  const shown = isAll ? told : told.slice(0, MOST_LINES - 1);
  const lines = shown.map((group) => sayGroup(group, width));
  if (!isAll) lines.push(`and ${count(told.length - shown.length, "other", "others")}`);
  return lines.map((line) => cut(INDENT + line, width));
}

/** Of a single one whose purpose nobody knows, its row says as much. */
export function isNews({ purpose, count }: PurposeGroup): boolean {
  return purpose.kind !== "other" || count > 1;
}

/** `66 × MCP server "github", 4.1 GiB: npx -y @x/server`. */
export function sayGroup({ purpose, count, footprintBytes }: PurposeGroup, width: number): string {
  const { kind, command } = purpose;
  const copies = count > 1 ? `${count} × ` : "";
  const memory = footprintBytes === null ? "" : `, ${formatBytes(footprintBytes)}`;
  // What a language server is called says how it is started.
  const how = kind === "lsp" || command === null ? "" : `: ${shortCommand(command, width)}`;
  return copies + sayPurpose(purpose) + memory + how;
}

/** Where it must fit, without the folder of its program. */
function shortCommand(command: string, width: number): string {
  return Number.isFinite(width) ? command.replace(/^\/(?:[^/ ]*\/)*(?=[^/ ])/, "") : command;
}
