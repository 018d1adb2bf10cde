/** Reads a time of a history, from one file or several, in the order of time. */

import type { ReadingTime } from "./course.ts";
import type { History } from "./open.ts";
import { Patience } from "./patience.ts";
import {
  type EventRow,
  type Head,
  type HourRow,
  type PeakRow,
  type RunRow,
  type Samples,
  Source,
} from "./source.ts";

/** A time at which all was read. */
export interface LookRow extends ReadingTime, Samples {
  readonly run: RunRow;
  /** Whether its run has no later one in this time. */
  readonly isLast: boolean;
}

/** Looks that are read at once. */
const LOOKS_A_PIECE = 2000;

/** A time of all these histories together. Times are milliseconds since 1970. Throws DatabaseErrors. */
export class Reader {
  readonly #sources: readonly Source[];
  readonly #sinceMs: number;
  readonly #untilMs: number;
  readonly #heads: readonly Head[];
  /** Of series of which nothing else is left of that time, in its order. */
  readonly peaks: readonly PeakRow[];

  constructor(histories: readonly History[], sinceMs: number, untilMs: number) {
    this.#sources = histories.map((history) => new Source(history));
    this.#sinceMs = sinceMs;
    this.#untilMs = untilMs;
    const heads = this.#sources.flatMap((source) => source.heads(sinceMs, untilMs));
    this.#heads = histories.length === 1 ? heads : heads.sort((a, b) => a.atMs - b.atMs);
    this.peaks = this.#sources.flatMap((source) => source.peaks(sinceMs, untilMs))
      .sort((a, b) => a.atMs - b.atMs);
  }

  /** How many looks there are. */
  get length(): number {
    return this.#heads.length;
  }

  /** From the first look to the last one, in milliseconds. */
  get extentMs(): number {
    return (this.#heads.at(-1)?.atMs ?? 0) - (this.#heads[0]?.atMs ?? 0);
  }

  /** When the first of those times begins of which no looks are left, or null if there is none. */
  get firstHourMs(): number | null {
    const first = this.#sources.map((one) => one.firstHourMs(this.#sinceMs, this.#untilMs))
      .concat(this.peaks[0]?.atMs ?? [])
      .filter((ms) => ms !== null);
    return first.length > 0 ? Math.min(...first) : null;
  }

  /** What is left of hours, in their order. */
  *hours(): Generator<HourRow> {
    const hours = this.#sources.flatMap((source) => source.hours(this.#sinceMs, this.#untilMs));
    if (this.#sources.length > 1) hours.sort((a, b) => a.hour - b.hour);
    for (const { read } of hours) yield* read();
  }

  events(): EventRow[] {
    const rows = this.#sources.flatMap((source) => source.events(this.#sinceMs, this.#untilMs));
    return this.#sources.length === 1 ? rows : rows.sort((a, b) => a.atMs - b.atMs);
  }

  /** In the order of time, some at a time: a year of them would fill the memory. */
  *looks(): Generator<LookRow> {
    const last = new Map<RunRow, Head>();
    for (const head of this.#heads) last.set(head.run, head);
    const patience = new Patience(this.#runs(last));
    for (let from = 0; from < this.#heads.length; from += LOOKS_A_PIECE) {
      const heads = this.#heads.slice(from, from + LOOKS_A_PIECE);
      const samples = new Map(this.#sources.map((source) => [source, source.samples(heads)]));
      for (const head of heads) {
        const { atMs, run, source } = head;
        const { series, bytes } = samples.get(source)!(head);
        yield {
          ...{ atMs, intervalMs: run.intervalMs, patienceMs: patience.at(run.host, atMs) },
          ...{ run, isLast: last.get(run) === head, series, bytes },
        };
      }
    }
  }

  #runs(last: ReadonlyMap<RunRow, Head>) {
    const first = new Map<RunRow, Head>();
    for (const head of this.#heads) if (!first.has(head.run)) first.set(head.run, head);
    return [...last].map(([run, { atMs }]) => ({
      host: run.host,
      // A clock may have been set back after it began.
      fromMs: Math.min(run.startedAtMs, first.get(run)!.atMs),
      toMs: atMs,
      intervalMs: run.intervalMs,
    }));
  }
}
