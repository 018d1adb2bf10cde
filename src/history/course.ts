/** How a footprint went: readings in the order of time, to statistics and to points for a chart. Pure. */

import type { HistoryPoint, HistoryStatistics } from "../report/history.ts";
import type { Limits } from "../types.ts";

/** When something was read, and how long that may stand for. */
export interface ReadingTime {
  readonly atMs: number;
  /** Until the next reading was planned. */
  readonly intervalMs: number;
  /** The next one after more than so long means that there was a hole. */
  readonly patienceMs: number;
}

/** What is left of the readings of an hour. */
export interface Hour extends HistoryStatistics {
  readonly atMs: number;
  /** When it was looked at first and last. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export const HOUR_MS = 3_600_000;

/** Statistics of readings that come one after the other, and points: in memory, whatever their number. */
export class Course {
  readonly #limits: Limits;
  /** Milliseconds that a point stands for; null: each reading is one. */
  readonly #stepMs: number | null;
  /** In the order of time; of a step its number, else milliseconds. A step holds its highest value. */
  readonly #points: [at: number, bytes: number | null][] = [];
  /** The last reading, while it is not known how long it stands. */
  #time: ReadingTime | null = null;
  #bytes: number | null = null;
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

  /** Adds a reading. null: it could not be read. */
  add(time: ReadingTime, bytes: number | null): void {
    if (this.#time !== null) this.#settle(time.atMs, false);
    this.#time = time;
    this.#bytes = bytes;
    if (bytes === null) {
      this.#unread++;
      return;
    }
    this.#count++;
    this.#sum += bytes;
    this.#first ??= bytes;
    this.#last = bytes;
    if (this.#min === null || bytes < this.#min) this.#min = bytes;
    if (this.#max === null || bytes > this.#max) {
      this.#max = bytes;
      this.#maxAtMs = time.atMs;
    }
  }

  /** Adds what is left of an hour. Hours come before readings. */
  addHour(hour: Hour): void {
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
    const standsMs = Math.max(hour.coveredMs, hour.lastAtMs - hour.firstAtMs);
    this.#stand(hour.firstAtMs, standsMs, maxBytes);
  }

  /** The next reading came at this time, and is not to be added, or will be. */
  settle(atMs: number): void {
    this.#settle(atMs, false);
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
  #settle(atMs: number, isEnd: boolean): void {
    const time = this.#time;
    if (time === null) return;
    this.#time = null;
    const bytes = this.#bytes;
    const passedMs = Math.max(0, atMs - time.atMs);
    const isHole = passedMs > time.patienceMs;
    const standsMs = isHole || isEnd ? Math.min(passedMs, time.intervalMs) : passedMs;
    if (bytes !== null) {
      this.#coveredMs += standsMs;
      this.#weighted += bytes * standsMs;
      if (bytes > this.#limits.warningBytes) this.#overWarningMs += standsMs;
      if (bytes > this.#limits.criticalBytes) this.#overCriticalMs += standsMs;
      this.#stand(time.atMs, standsMs, bytes);
    }
    if (this.#stepMs !== null) return;
    if (bytes === null) this.#raise(time.atMs, null);
    else if (isHole && !isEnd) this.#raise(time.atMs + standsMs, null);
  }

  /** Raises the steps that a time touches. Where there is no step, there is a hole. */
  #stand(atMs: number, forMs: number, bytes: number): void {
    const step = this.#stepMs;
    if (step === null) return this.#raise(atMs, bytes);
    const first = Math.floor(atMs / step);
    const last = Math.max(first, Math.ceil((atMs + forMs) / step) - 1);
    for (let index = first; index <= last; index++) this.#raise(index, bytes);
  }

  /** Adds a point, or raises the one that is there. */
  #raise(at: number, bytes: number | null): void {
    const points = this.#points;
    let i = points.length;
    // Nearly always the last one: what is left of hours comes before readings that came late into one.
    while (i > 0 && points[i - 1]![0] > at) i--;
    const here = points[i - 1];
    if (here === undefined || here[0] < at) points.splice(i, 0, [at, bytes]);
    else if (bytes !== null && bytes > (here[1] ?? -1)) here[1] = bytes;
  }
}
