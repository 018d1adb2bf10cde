/** Whether a footprint grows like a leak: steadily, and enough to matter. */

import { type Point, thin, type Trend, trendOf } from "../stats.ts";

const MIB = 1024 * 1024;
/** Fewer readings say nothing about steadiness. */
export const LEAST_READINGS = 10;
/** What a window must have grown by, so that its noise is no leak: bytes, and a share of the footprint. */
const LEAST_GROWTH_BYTES = 32 * MIB;
const LEAST_GROWTH_SHARE = 0.05;
/** Mann–Kendall's z above which growth is steady: by chance in 1 of 1,000 windows; and below which it is not. */
const STEADY_Z = 3.09;
const UNSTEADY_Z = 1.64;
/** Each of so many parts of a window grows at this share of the whole's slope, or it jumped, or has stopped. */
const PARTS = 4;
const LEAST_SLOPE_SHARE = 0.5;
/** Readings that a window keeps: more would cost more and say no more. */
const MOST_READINGS = 60;

/** The readings of a time that moves on. */
export class Window {
  readonly #points: Point[] = [];
  readonly #lengthMs: number;

  /** Keeps at least `lengthMs`, and in any case the time of enough readings. */
  constructor(lengthMs: number, intervalMs: number) {
    this.#lengthMs = Math.max(lengthMs, (LEAST_READINGS - 1) * intervalMs);
  }

  get points(): readonly Point[] {
    return this.#points;
  }

  add(point: Point): void {
    const before = this.#points.at(-2);
    // The last one always stays the latest; those before keep their distance.
    const spacingMs = this.#lengthMs / MOST_READINGS;
    const last = this.#points.at(-1);
    if (before && last && last.atMs - before.atMs < spacingMs) this.#points.pop();
    this.#points.push(point);
    const oldest = point.atMs - this.#lengthMs;
    // One reading may lie just before the window: with it the window is full.
    while (this.#points.length > 1 && this.#points[1]!.atMs <= oldest) this.#points.shift();
  }

  clear(): void {
    this.#points.length = 0;
  }

  /** Whether its readings reach back over its whole time. */
  get isFull(): boolean {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    return first !== undefined && last !== undefined && this.#points.length >= LEAST_READINGS &&
      last.atMs - first.atMs >= this.#lengthMs;
  }
}

/** Growth that looks like a leak. */
export interface Growth {
  readonly growthBytes: number;
  readonly overMs: number;
  readonly trend: Trend;
}

/**
 * The growth in a window if a leak is to be suspected, or null. `wasGrowing`: it was suspected before,
 * and half as much evidence is enough to stay with it.
 */
export function growthIn(window: Window, wasGrowing: boolean): Growth | null {
  const { points } = window;
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || !window.isFull) return null;
  const share = wasGrowing ? 0.5 : 1;
  const least = share * Math.max(LEAST_GROWTH_BYTES, last.value * LEAST_GROWTH_SHARE);
  const growthBytes = last.value - first.value;
  // Nearly all windows end here, before anything is computed. What grows may dip for a moment.
  if (!wasGrowing && growthBytes < least) return null;
  const trend = trendOf(points);
  if (!trend || trend.z < (wasGrowing ? UNSTEADY_Z : STEADY_Z)) return null;
  const overMs = last.atMs - first.atMs;
  if (trend.slope * overMs < least) return null;
  return wasGrowing || growsThroughout(points, trend) ? { growthBytes, overMs, trend } : null;
}

function growsThroughout(points: readonly Point[], { slope }: Trend): boolean {
  const parts = thin(points, PARTS);
  return parts.slice(1).every(({ atMs, value }, i) => {
    const before = parts[i]!;
    return value - before.value >= LEAST_SLOPE_SHARE * slope * (atMs - before.atMs);
  });
}
