/** How a footprint went: readings in the order of time, to statistics and to points for a chart. Pure. */

import type { HistoryPoint, HistoryStatistics } from "../report/history.ts";
import type { Limits } from "../types.ts";

/** A reading, and how long it may stand for. */
export interface Reading {
  readonly atMs: number;
  /** null: it could not be read. */
  readonly bytes: number | null;
  /** Until the next one was planned. */
  readonly intervalMs: number;
  /** The next one after more than so long means that there was a hole. */
  readonly patienceMs: number;
}

/** What is left of the readings of an hour. */
export interface Hour extends HistoryStatistics {
  readonly atMs: number;
}

export const HOUR_MS = 3_600_000;

/** How long the next reading may take before the time until then was a hole: clocks and machines are not exact. */
export function patienceOf(intervalMs: number): number {
  return intervalMs * 1.5 + 2000;
}

/** Statistics of readings that come one after the other, and points: in memory, whatever their number. */
export class Course {
  readonly #limits: Limits;
  /** Milliseconds that a point stands for; null: each reading is one. */
  readonly #stepMs: number | null;
  /** In the order of time; of a step its number, else milliseconds. A step holds its highest value. */
  readonly #points: [at: number, bytes: number | null][] = [];
  #before: Reading | null = null;
  #count = 0;
  #unread = 0;
  #first: number | null = null;
  #last: number | null = null;
  #min: number | null = null;
  #max: number | null = null;
  #maxAtMs: number | null = null;
  #sum = 0;
  #weighted = 0;
  #coveredMs = 0;
  #overWarningMs = 0;
  #overCriticalMs = 0;

  constructor(limits: Limits, stepMs: number | null) {
    this.#limits = limits;
    this.#stepMs = stepMs;
  }

  add(reading: Reading): void {
    this.#settle(reading.atMs);
    const { atMs, bytes } = reading;
    this.#before = reading;
    if (bytes === null) {
      this.#unread++;
      return;
    }
    this.#count++;
    this.#sum += bytes;
    this.#first ??= bytes;
    this.#last = bytes;
    this.#min = Math.min(this.#min ?? bytes, bytes);
    if (this.#max === null || bytes > this.#max) [this.#max, this.#maxAtMs] = [bytes, atMs];
  }

  /** Adds what is left of an hour. To be called before its later readings. */
  addHour(hour: Hour): void {
    this.#settle(hour.atMs);
    this.#before = null;
    this.#count += hour.count;
    this.#unread += hour.unread;
    const { minBytes, maxBytes, meanBytes } = hour;
    if (minBytes === null || maxBytes === null || meanBytes === null) return;
    this.#first ??= hour.firstBytes;
    this.#last = hour.lastBytes;
    this.#min = Math.min(this.#min ?? minBytes, minBytes);
    if (this.#max === null || maxBytes > this.#max) {
      [this.#max, this.#maxAtMs] = [maxBytes, hour.maxAtMs];
    }
    this.#sum += meanBytes * hour.count;
    this.#weighted += meanBytes * hour.coveredMs;
    this.#coveredMs += hour.coveredMs;
    this.#overWarningMs += hour.overWarningMs;
    this.#overCriticalMs += hour.overCriticalMs;
    this.#stand(hour.atMs, HOUR_MS, maxBytes);
  }

  /** The statistics, once all is added. The last reading stands until `untilMs` at most. */
  statistics(untilMs = Infinity): HistoryStatistics {
    this.#settle(untilMs, true);
    const mean = this.#coveredMs > 0
      ? this.#weighted / this.#coveredMs
      : this.#sum / Math.max(1, this.#count);
    const isKnown = this.#first !== null && this.#last !== null;
    return {
      count: this.#count,
      unread: this.#unread,
      firstBytes: this.#first,
      lastBytes: this.#last,
      minBytes: this.#min,
      maxBytes: this.#max,
      maxAtMs: this.#maxAtMs,
      meanBytes: isKnown ? Math.round(mean) : null,
      growthBytes: isKnown ? this.#last! - this.#first! : null,
      coveredMs: Math.round(this.#coveredMs),
      overWarningMs: Math.round(this.#overWarningMs),
      overCriticalMs: Math.round(this.#overCriticalMs),
    };
  }

  /** The points, once the statistics are there. */
  points(): HistoryPoint[] {
    const step = this.#stepMs;
    if (step === null) return this.#points;
    return this.#points.flatMap(([index, bytes], i) => {
      const point: HistoryPoint = [index * step, bytes];
      const next = this.#points[i + 1]?.[0] ?? index + 1;
      return next === index + 1 ? [point] : [point, [(index + 1) * step, null] as const];
    });
  }

  /** The reading before this time stands until then, or for its interval if that is too long. */
  #settle(atMs: number, isEnd = false): void {
    const before = this.#before;
    this.#before = null;
    if (before === null) return;
    const { bytes, intervalMs, patienceMs } = before;
    const passedMs = Math.max(0, atMs - before.atMs);
    const isHole = passedMs > patienceMs;
    const standsMs = isHole || isEnd ? Math.min(passedMs, intervalMs) : passedMs;
    if (bytes !== null) {
      this.#coveredMs += standsMs;
      this.#weighted += bytes * standsMs;
      if (bytes > this.#limits.warningBytes) this.#overWarningMs += standsMs;
      if (bytes > this.#limits.criticalBytes) this.#overCriticalMs += standsMs;
    }
    if (this.#stepMs === null) {
      this.#stand(before.atMs, standsMs, bytes);
      if (isHole && !isEnd && bytes !== null) this.#points.push([before.atMs + standsMs, null]);
    } else if (bytes !== null) this.#stand(before.atMs, standsMs, bytes);
  }

  /** Raises the steps that a time touches. Where there is no step, there is a hole. */
  #stand(atMs: number, forMs: number, bytes: number | null): void {
    const step = this.#stepMs;
    if (step === null) return this.#raise(atMs, bytes);
    const first = Math.floor(atMs / step);
    const last = Math.max(first, Math.ceil((atMs + forMs) / step) - 1);
    for (let index = first; index <= last; index++) this.#raise(index, bytes);
  }

  /** Adds a point, or raises the last one if it is of the same time. */
  #raise(at: number, bytes: number | null): void {
    const last = this.#points.at(-1);
    if (last === undefined || last[0] < at) this.#points.push([at, bytes]);
    else if (last[0] === at && bytes !== null) last[1] = Math.max(last[1] ?? 0, bytes);
  }
}
