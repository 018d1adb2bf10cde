/**
 * The process table of Linux, row by row. The link to an executable costs the kernel a quarter of what
 * a row of /proc/PID/stat does, and says more surely who a process is: so links are read of all, and
 * rows only of those that matter.
 */

import type { Hint, Missing, ProcessInfo, ProcessTable } from "../types.ts";
import { childrenByParent } from "./row_table.ts";

/** The parent of the kernel's threads (kernel/kthread.c): always the second process. */
const KTHREADD = 2;

/** What the table reads from. */
export interface Rows {
  row(pid: number): ProcessInfo | Missing;
  executable(pid: number): string | null;
  /** The threads of a process; empty if it is gone or hidden. */
  threads(pid: number): readonly number[];
  /** The processes that a thread has started, or why that can't be told. */
  childrenOfThread(pid: number, thread: number): readonly number[] | Missing;
}

export class LinuxTable implements ProcessTable {
  readonly #known: ReadonlySet<number>;
  readonly #rows = new Map<number, ProcessInfo | null>();
  readonly #source: Rows;
  /** Whether the kernel lists children (CONFIG_PROC_CHILDREN); ours are there to ask for. */
  readonly #listsChildren: boolean;
  #kernelThreads: ReadonlySet<number> | null = null;
  #unreadable = 0;
  #reads = 0;
  #children: Map<number, number[]> | null = null;

  constructor(readonly pids: readonly number[], source: Rows, ownPid: number) {
    this.#known = new Set(pids);
    this.#source = source;
    this.#listsChildren = typeof source.childrenOfThread(ownPid, ownPid) !== "string";
  }

  get unreadable(): number {
    return this.#unreadable;
  }

  get(pid: number): ProcessInfo | undefined {
    let row = this.#rows.get(pid);
    if (row === undefined) {
      row = this.#known.has(pid) ? this.#read(pid) : null;
      this.#rows.set(pid, row);
    }
    return row ?? undefined;
  }

  hint(pid: number): Hint | null {
    const path = this.#source.executable(pid);
    if (path !== null) return { path };
    // Left are zombies, and processes of others, which hide their path.
    return this.#isKernelThread(pid) ? null : this.get(pid) ?? null;
  }

  /** Threads of the kernel have no executable and are no process's concern: one read tells them all. */
  #isKernelThread(pid: number): boolean {
    this.#kernelThreads ??= this.#readKernelThreads();
    return this.#kernelThreads.has(pid);
  }

  #readKernelThreads(): Set<number> {
    const daemon = this.get(KTHREADD);
    // In a container this pid is a process like any other.
    const isDaemon = daemon?.name === "kthreadd" && daemon.ppid === 0 &&
      this.#source.executable(KTHREADD) === null;
    const children = isDaemon ? this.#source.childrenOfThread(KTHREADD, KTHREADD) : [];
    return new Set(typeof children === "string" ? [] : children);
  }

  /**
   * Children from the kernel's own lists, a read for each thread; or, once that has come to more reads
   * than there are processes, from the rows of all. A list may lack the sibling of a process that ends
   * in the very moment of reading: the next look has it.
   */
  children(pid: number): readonly number[] {
    if (this.#children === null && this.#listsChildren && this.#reads < this.pids.length) {
      const threads = this.#source.threads(pid);
      this.#reads += threads.length;
      return threads.flatMap((thread) => {
        const children = this.#source.childrenOfThread(pid, thread);
        return typeof children === "string"
          ? []
          : children.filter((child) => this.#known.has(child));
      });
    }
    this.#children ??= childrenByParent(this.pids.flatMap((one) => this.get(one) ?? []));
    return this.#children.get(pid) ?? [];
  }

  #read(pid: number): ProcessInfo | null {
    const row = this.#source.row(pid);
    if (typeof row !== "string") return row;
    if (row !== "gone") this.#unreadable++;
    return null;
  }
}
