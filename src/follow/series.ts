/** Readings of one process or of one instance, in the order they were taken. */

import type { Looked } from "../look.ts";
import { msUntil, type Statistics, summarize, type Trend, trendOf } from "../stats.ts";
import type { Instance, Limits, Member, Missing, ProcessInfo, ProcessKey } from "../types.ts";

/**
 * Why there are no more readings: the process ended (`gone`), another one has its pid (`reused`), it
 * runs on but is no longer what is followed (`left`), or the user asked to end (`interrupted`).
 */
export type Ended = "gone" | "reused" | "left" | "interrupted";

/** One reading of a series. */
export interface Entry {
  readonly atMs: number;
  /** On the clock that stands while the machine sleeps: slopes are by this one. */
  readonly elapsedMs: number;
  /** null: it could not be read. */
  readonly footprintBytes: number | null;
  readonly missing: Missing | null;
}

/** Many readings at the cost of three numbers each. */
export class Readings implements Iterable<Entry> {
  readonly #at: number[] = [];
  readonly #elapsed: number[] = [];
  /** NaN: missing. */
  readonly #bytes: number[] = [];
  readonly #missing = new Map<number, Missing>();

  get length(): number {
    return this.#at.length;
  }

  add({ atMs, elapsedMs, footprintBytes, missing }: Entry): void {
    if (missing) this.#missing.set(this.#at.length, missing);
    this.#at.push(atMs);
    this.#elapsed.push(elapsedMs);
    this.#bytes.push(footprintBytes ?? NaN);
  }

  *[Symbol.iterator](): Iterator<Entry> {
    for (let i = 0; i < this.#at.length; i++) {
      const bytes = this.#bytes[i]!;
      yield {
        atMs: this.#at[i]!,
        elapsedMs: this.#elapsed[i]!,
        footprintBytes: Number.isNaN(bytes) ? null : bytes,
        missing: this.#missing.get(i) ?? null,
      };
    }
  }

  /** What was read, without what was not. */
  *known(): Generator<Entry & { readonly footprintBytes: number }> {
    for (const { footprintBytes, ...rest } of this) {
      if (footprintBytes !== null) yield { footprintBytes, ...rest };
    }
  }
}

export interface ProcessSeries {
  /** As it was seen last. */
  readonly member: Member;
  /** The instance in which it was seen first. */
  readonly instanceId: string;
  readonly readings: Readings;
  readonly ended: Ended | null;
}

export interface InstanceSeries {
  /** As it was seen last. */
  readonly instance: Instance;
  /** Totals of what could be read. */
  readonly readings: Readings;
  readonly ended: Ended | null;
}

/** What a series shows. Bytes; null where there are too few readings to say. */
export interface SeriesStatistics {
  readonly values: Statistics;
  /** Last minus first. */
  readonly growthBytes: number;
  /** In bytes per millisecond. */
  readonly trend: Trend | null;
  /** Until it is over the limit if it goes on so; 0 if it is, null if it is not sure to grow. */
  readonly msToWarning: number | null;
  readonly msToCritical: number | null;
}

/** The statistics of a series, or null if nothing could be read. What has ended has nothing ahead. */
export function statisticsOf(
  readings: Readings,
  limits: Limits,
  ended: Ended | null = null,
): SeriesStatistics | null {
  const known = [...readings.known()];
  const values = summarize(known.map((entry) => entry.footprintBytes));
  if (values === null) return null;
  const trend = trendOf(known.map((e) => ({ atMs: e.elapsedMs, value: e.footprintBytes })));
  const isOver = ended === "gone" || ended === "reused";
  const until = (limit: number) => isOver ? null : msUntil(limit, values.last, trend);
  return {
    values,
    growthBytes: values.last - values.first,
    trend,
    msToWarning: until(limits.warningBytes),
    msToCritical: until(limits.criticalBytes),
  };
}

/** Names a process for as long as the machine is up. */
export function nameOf({ pid, started }: ProcessKey): string {
  return `${pid}-${started}`;
}

/** What became of a process, by the row that has its pid now. */
export function fateOf(key: ProcessKey, row: ProcessInfo | undefined): Ended {
  if (!row) return "gone";
  if (row.key.started !== key.started) return "reused";
  return row.zombie ? "gone" : "left";
}

/** The total of what could be read of an instance, or why nothing could; null if all of it has ended. */
export function totalOf(
  { samples }: Looked,
): { readonly footprintBytes: number | null; readonly missing: Missing | null } | null {
  let footprintBytes: number | null = null;
  let missing: Missing | null = null;
  for (const sample of samples) {
    if ("reading" in sample) footprintBytes = (footprintBytes ?? 0) + sample.reading.footprintBytes;
    else if (sample.missing !== "gone" && sample.missing !== "zombie") missing = sample.missing;
  }
  if (footprintBytes !== null) return { footprintBytes, missing: null };
  return missing && { footprintBytes, missing };
}
