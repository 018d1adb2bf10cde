/** A process table whose rows are all there: one call fetched them. */

import type { Hint, ProcessInfo, ProcessTable } from "../types.ts";

export class RowTable implements ProcessTable {
  readonly pids: readonly number[];
  readonly #rows = new Map<number, ProcessInfo>();
  #children: Map<number, number[]> | null = null;

  constructor(rows: readonly ProcessInfo[], readonly unreadable = 0) {
    for (const row of rows) this.#rows.set(row.key.pid, row);
    this.pids = [...this.#rows.keys()];
  }

  get(pid: number): ProcessInfo | undefined {
    return this.#rows.get(pid);
  }

  hint(pid: number): Hint | null {
    return this.#rows.get(pid) ?? null;
  }

  children(pid: number): readonly number[] {
    this.#children ??= childrenByParent(this.#rows.values());
    return this.#children.get(pid) ?? [];
  }
}

/** The children of every process that has any. */
export function childrenByParent(rows: Iterable<ProcessInfo>): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const { key, ppid } of rows) {
    const siblings = children.get(ppid);
    if (siblings) siblings.push(key.pid);
    else children.set(ppid, [key.pid]);
  }
  return children;
}
