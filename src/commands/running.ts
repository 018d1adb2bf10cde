/** OpenCode's processes as who must choose one of them wants to see them. */

import { shortDirectory } from "../report/words.ts";
import { formatBytes } from "../report/units.ts";
import type { ReportInstance, ReportProcess } from "../report/report.ts";
import type { World } from "../world.ts";
import type { FileOnly } from "./flags.ts";
import { survey } from "./survey.ts";

/** A process, and what tells it from others: one line, harmless to show. */
export interface Running {
  readonly pid: number;
  readonly label: string;
}

/** A session, and what tells it from others: one line, harmless to show. */
export interface HeldSessionLabel {
  readonly id: string;
  readonly label: string;
}

/** The sessions that instances may hold, each once, in the order of `list`. Throws as that does. */
export async function heldSessions(
  { names }: FileOnly,
  world: World,
): Promise<readonly HeldSessionLabel[]> {
  const { instances } = await survey(world, { names, sessions: true }, null);
  const home = world.env("HOME") || null;
  const labels = new Map<string, string>();
  for (const { role, sessions } of instances) {
    for (const { id, certainty, title, directory } of sessions ?? []) {
      const parts = [certainty, role, title && `"${title}"`, shortDirectory(directory, home)];
      if (!labels.has(id)) labels.set(id, parts.filter((part) => part !== null).join(" "));
    }
  }
  return [...labels].map(([id, label]) => ({ id, label }));
}

/** All that can be measured, in the order of `list`. Throws as that does. */
export async function runningProcesses(
  { names, patterns }: FileOnly,
  world: World,
): Promise<readonly Running[]> {
  const { instances } = await survey(world, { names, patterns }, null);
  const home = world.env("HOME") || null;
  return instances.flatMap((instance) =>
    instance.processes.filter((process) => process.missing !== "zombie")
      .map((process) => ({ pid: process.pid, label: labelOf(process, instance, home) }))
  );
}

/** `tui 624 MiB ~/work/web`: the directory last, as it may be as long as it likes. */
function labelOf(
  { pid, role, name, reading, missing }: ReportProcess,
  { id, directory }: ReportInstance,
  home: string | null,
): string {
  const isMain = id.startsWith(`${pid}-`);
  const size = reading ? formatBytes(reading.footprintBytes) : missing;
  // A session is known by its role; of a child it says little.
  return [role, isMain ? null : name, size, shortDirectory(directory, home)]
    .filter((part) => part !== null).join(" ");
}
