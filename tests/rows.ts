/** A whole process table, for tests that look at all of it. */

import type { Probe, ProcessInfo } from "../src/types.ts";

/** Every row that can be read, and how many can't. */
export function wholeTable(
  probe: Probe,
): { readonly processes: readonly ProcessInfo[]; readonly unreadable: number } {
  const table = probe.processTable();
  const processes = table.pids.flatMap((pid) => table.get(pid) ?? []);
  return { processes, unreadable: table.unreadable };
}
