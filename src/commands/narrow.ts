/** Which of the instances that were found are judged (--role, --project), and which are shown (--sort, --top). */

import { UsageError } from "../errors.ts";
import type { Look } from "../look.ts";
import type { Report, ReportInstance } from "../report/report.ts";
import { ROLES } from "../types.ts";
import type { NarrowFlags, ScanFlags, ShowFlags, SortKey } from "./flags.ts";
import { absoluteFolders, type Finder } from "./folder.ts";

/** Metrics and menus have an order of their own, and are whole or wrong. */
const WHOLE: readonly unknown[] = ["nagios", "prometheus", "openmetrics", "swiftbar"];

/** Throws a UsageError for --sort and --top where they make no sense. */
export function requireShowable({ format, sort, top }: ScanFlags): void {
  const flag = top !== undefined ? "--top" : sort !== undefined ? "--sort" : null;
  if (flag === null || !WHOLE.includes(format)) return;
  throw new UsageError(
    `Cannot use ${flag} with --format ${format}: it tells of all instances, in its own order`,
  );
}

/** Whether the flags leave instances out. */
function isNarrowed({ role = [], project = [] }: NarrowFlags): boolean {
  return role.length + project.length > 0;
}

/** The look without the instances that are not asked for: a role is that of the main process. */
export function narrowed(seen: Look, flags: NarrowFlags, world: Finder): Look {
  if (!isNarrowed(flags)) return seen;
  const { role = [], project = [] } = flags;
  const folders = project.flatMap((path) => absoluteFolders(path, world));
  const found = seen.found.filter(({ instance: { main, directory } }) =>
    (role.length === 0 || role.includes(main.role)) &&
    (folders.length === 0 || folders.some((folder) => isWithin(directory, folder)))
  );
  return { ...seen, found };
}

function isWithin(directory: string | null, folder: string): boolean {
  return directory !== null &&
    (directory === folder || directory.startsWith(folder === "/" ? "/" : `${folder}/`));
}

/** The report with what of it is shown, in which order; all else of it stays. */
export function withView(all: Report, { sort, top, ...flags }: NarrowFlags & ShowFlags): Report {
  const report = { ...all, isNarrowed: isNarrowed(flags) };
  if (sort === undefined && top === undefined) return report;
  // Where two are equal, the larger comes first, as without an order.
  const ordered = report.instances.toSorted(ORDERS[sort ?? "footprint"]);
  return { ...report, shown: ordered.slice(0, top) };
}

type Order = (a: ReportInstance, b: ReportInstance) => number;

const ORDERS: Readonly<Record<SortKey, Order>> = {
  // They are in this order.
  footprint: () => 0,
  pid: (a, b) => mainOf(a).pid - mainOf(b).pid,
  uptime: (a, b) => mainOf(a).startedAtMs - mainOf(b).startedAtMs,
  role: (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role),
  project: (a, b) => compareText(a.directory, b.directory),
};

/** The process that an instance is named after; if it ended in between, the first that is left. */
function mainOf({ id, processes }: ReportInstance) {
  return processes.find(({ pid, started }) => `${pid}-${started}` === id) ?? processes[0]!;
}

/** By code units, the same everywhere; what is not known comes last. */
function compareText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
