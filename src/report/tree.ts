/** Trees, drawn. */

import type { Role } from "../types.ts";

/** The roles of an instance's processes, in tree order, with the branches of its tree before them. */
export function drawBranches(
  processes: readonly { readonly depth: number; readonly role: Role }[],
): string[] {
  const open: boolean[] = [];
  const cells: string[] = [];
  // From the end: whether a branch goes on below is known before it is drawn.
  for (let i = processes.length - 1; i >= 0; i--) {
    const { depth, role } = processes[i]!;
    open.length = Math.min(open.length, depth + 1);
    let branch = "";
    for (let level = 1; level < depth; level++) branch += open[level] ? "│ " : "  ";
    if (depth > 0) branch += open[depth] ? "├ " : "└ ";
    open[depth] = true;
    cells.unshift(branch + role);
  }
  return cells;
}
