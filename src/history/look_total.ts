/** What all processes are together at a look, also where several commands look at different ones. Pure. */

import type { LookRow } from "./read.ts";
import type { SeriesRow } from "./series.ts";
import type { RunRow } from "./source.ts";

/** Whether a process is a part of the total. */
export type IsWanted = (series: SeriesRow) => boolean;

/** What a command has seen so far. */
interface Seen {
  /** Its last look. */
  look: LookRow;
  /** Every process that it ever saw, and the lists of series that these came from. */
  readonly processes: Set<string>;
  readonly lists: Set<readonly SeriesRow[]>;
}

/** Totals of the looks of all commands, one after the other. */
export class LookTotals {
  readonly #isWanted: IsWanted;
  /** Commands that go on. */
  readonly #going = new Map<RunRow, Seen>();

  constructor(isWanted: IsWanted) {
    this.#isWanted = isWanted;
  }

  /** The total at a look: null if nothing is known of what is wanted, 0 if there was nothing at all. */
  add(look: LookRow): number | null {
    this.#remember(look);
    let total = look.series.length === 0 ? 0 : null;
    const counted = this.#going.size > 1 ? new Set<string>() : null;
    for (let i = 0; i < look.series.length; i++) {
      const bytes = look.bytes[i]!;
      if (!this.#counts(look.series[i]!, counted) || bytes === null) continue;
      total = (total ?? 0) + bytes;
    }
    if (counted !== null) total = this.#withOthers(look, counted, total);
    if (look.isLast) this.#going.delete(look.run);
    return total;
  }

  /** Adds what other commands saw last, and this one never looks at. */
  #withOthers(look: LookRow, counted: Set<string>, own: number | null): number | null {
    let total = own;
    const { processes } = this.#going.get(look.run)!;
    for (const [run, { look: last }] of this.#going) {
      const isOther = run !== look.run && run.host === look.run.host;
      if (!isOther || look.atMs - last.atMs > last.patienceMs) continue;
      for (const [i, series] of last.series.entries()) {
        const bytes = last.bytes[i] ?? null;
        if (bytes === null || processes.has(series.who)) continue;
        if (this.#counts(series, counted)) total = (total ?? 0) + bytes;
      }
    }
    return total;
  }

  /** Whether it is a part of the total, and, where that may be, not counted yet. */
  #counts(series: SeriesRow, counted: Set<string> | null): boolean {
    if (series.isInstance || !this.#isWanted(series)) return false;
    if (counted === null) return true;
    return counted.size < counted.add(series.who).size;
  }

  #remember(look: LookRow): void {
    const seen = this.#going.get(look.run) ?? { look, processes: new Set(), lists: new Set() };
    this.#going.set(look.run, seen);
    seen.look = look;
    if (seen.lists.has(look.series)) return;
    seen.lists.add(look.series);
    for (const series of look.series) if (!series.isInstance) seen.processes.add(series.who);
  }
}
