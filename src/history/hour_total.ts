/** What all processes were together in an hour of which only a row for each is left. Pure. */

import type { Hour } from "./course.ts";
import type { SeriesRow } from "./series.ts";

/** A total over an hour. Times are milliseconds since 1970. */
export interface HourTotal {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly coveredMs: number;
  readonly meanBytes: number;
  /** When one was highest, what all others were on average was there as well. */
  readonly maxBytes: number;
  readonly maxAtMs: number;
}

/** A row of which something could be read. */
interface Part {
  readonly series: SeriesRow;
  readonly coveredMs: number;
  readonly meanBytes: number;
  readonly maxBytes: number;
  readonly maxAtMs: number;
}

/** What one machine was in an hour. */
interface Machine {
  readonly all: Hour[];
  readonly wanted: Part[];
}

/** The totals of all machines in one hour after the other. */
export class HourTotals {
  readonly #machines = new Map<string, Machine>();
  #atMs: number | null = null;

  /** Which hour it is now, if there is one. */
  get atMs(): number | null {
    return this.#atMs;
  }

  /** Adds a row of this hour; `isWanted`: it is a part of the total, or an instance all of which is. */
  add(series: SeriesRow, hour: Hour, isWanted: boolean): void {
    this.#atMs = hour.atMs;
    const machine = this.#machines.get(series.host) ?? { all: [], wanted: [] };
    this.#machines.set(series.host, machine);
    machine.all.push(hour);
    const { coveredMs, meanBytes, maxBytes, maxAtMs } = hour;
    // An instance that is one process, asked for by its pid, is counted as that.
    if (!isWanted || (series.isInstance && series.isAlone)) return;
    if (meanBytes === null || maxBytes === null || maxAtMs === null) return;
    machine.wanted.push({ series, coveredMs, meanBytes, maxBytes, maxAtMs });
  }

  /** The totals of those machines of which something was wanted, by name. The next hour is another one. */
  take(): [host: string, total: HourTotal][] {
    const totals = [...this.#machines].filter(([, { wanted }]) => wanted.length > 0)
      .map(([host, { all, wanted }]): [string, HourTotal] => [host, totalOf(all, wanted)]);
    this.#machines.clear();
    this.#atMs = null;
    return totals;
  }
}

function totalOf(all: readonly Hour[], wanted: readonly Part[]): HourTotal {
  // Somebody looked for so long; who was there for less of it counts less.
  const coveredMs = Math.max(...all.map((hour) => hour.coveredMs));
  const weigh = (part: Part) =>
    coveredMs > 0 ? part.meanBytes * part.coveredMs / coveredMs : part.meanBytes;
  const processes = new Map<string, Part>();
  const instances = new Map<string, { readonly whole: Part; meanBytes: number }>();
  for (const part of wanted) {
    const { isInstance, who } = part.series;
    if (isInstance) instances.set(who, { whole: part, meanBytes: 0 });
    // A process that was asked for by its pid may be in its instance as well.
    else if ((processes.get(who)?.coveredMs ?? -1) < part.coveredMs) processes.set(who, part);
  }
  let meanBytes = 0;
  const peaks: { readonly of: Part; readonly meanBytes: number }[] = [];
  for (const part of processes.values()) {
    const instance = instances.get(part.series.instance?.who ?? "");
    meanBytes += weigh(part);
    if (instance) instance.meanBytes += weigh(part);
    else peaks.push({ of: part, meanBytes: weigh(part) });
  }
  // Of an instance it is known how much all of it was when it was highest.
  for (const { whole, meanBytes } of instances.values()) peaks.push({ of: whole, meanBytes });
  let [maxBytes, maxAtMs] = [-1, 0];
  for (const { of, meanBytes: own } of peaks) {
    const bytes = meanBytes - own + of.maxBytes;
    if (bytes > maxBytes) [maxBytes, maxAtMs] = [bytes, of.maxAtMs];
  }
  return {
    firstAtMs: Math.min(...all.map((hour) => hour.firstAtMs)),
    lastAtMs: Math.max(...all.map((hour) => hour.lastAtMs)),
    ...{ coveredMs, meanBytes: Math.round(meanBytes), maxBytes: Math.round(maxBytes), maxAtMs },
  };
}
