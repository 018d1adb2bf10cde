/** What is remembered of one process or instance from look to look. */

import { limitsOf, worst } from "../classify.ts";
import { msUntil, type Trend, trendOf } from "../stats.ts";
import type { Level, Limits, Thresholds } from "../types.ts";
import { type AlertPolicy, type AlertState, CALM, step } from "./alert.ts";
import type { Happening, Standing, Subject } from "./event.ts";
import { growthIn, Window } from "./growth.ts";

export interface PulsePolicy extends AlertPolicy {
  readonly thresholds: Thresholds;
  readonly intervalMs: number;
  /** Steady growth for so long is told of; 0: never. */
  readonly growthMs: number;
}

/** Readings that are shown as a row of bars. */
const HISTORY = 60;
/** How far a trend reaches back where growth is not looked for. */
const TREND_MS = 600_000;

export class Pulse {
  /** As it was seen last. */
  subject: Subject;
  /** The highest footprint that was read, or null before the first. */
  peakBytes: number | null = null;
  lastBytes: number | null = null;
  levelOfParts: Level = "normal";
  /** Looks in a row that have missed it. */
  misses = 0;
  readonly #history: (number | null)[] = [];
  readonly #window: Window;
  readonly #policy: PulsePolicy;
  #alert: AlertState = CALM;
  #isGrowing = false;

  constructor(subject: Subject, policy: PulsePolicy) {
    this.subject = subject;
    this.#policy = policy;
    this.#window = new Window(policy.growthMs || TREND_MS, policy.intervalMs);
  }

  /** The level that was announced last; of an instance whose processes are judged, the worst of theirs. */
  get level(): Level {
    return worst([this.#alert.level, this.levelOfParts]);
  }

  /**
   * Whether nothing is known of it but that its first reading failed. Programs that run as another user
   * for a moment, such as sudo, are seen like that once: it is no news yet.
   */
  get isUnread(): boolean {
    return this.#history.length === 1 && this.lastBytes === null;
  }

  get isGrowing(): boolean {
    return this.#isGrowing;
  }

  /** Whether somebody was told of trouble that has not ended. */
  get isAlerting(): boolean {
    return this.level !== "normal" || this.#isGrowing;
  }

  /** The last readings, null where one is missing. */
  get history(): readonly (number | null)[] {
    return this.#history;
  }

  get trend(): Trend | null {
    return trendOf(this.#window.points);
  }

  /** What its footprint is compared with. */
  get limits(): Limits {
    return limitsOf(this.#policy.thresholds, this.subject.role);
  }

  get standing(): Standing {
    return { footprintBytes: this.lastBytes, level: this.level };
  }

  /** Adds a reading, or with null that there was none. */
  read(footprintBytes: number | null, elapsedMs: number): void {
    this.lastBytes = footprintBytes;
    this.misses = 0;
    this.#history.push(footprintBytes);
    if (this.#history.length > HISTORY) this.#history.shift();
    if (footprintBytes === null) return;
    this.peakBytes = Math.max(this.peakBytes ?? 0, footprintBytes);
    this.#window.add({ atMs: elapsedMs, value: footprintBytes });
  }

  /** What the last reading means for its level. `isPartial`: it is a lower bound. */
  judge(elapsedMs: number, isPartial: boolean): Happening | null {
    const { state, change } = step(
      this.#alert,
      { footprintBytes: this.lastBytes, isPartial },
      { ...this.#policy, thresholds: this.limits },
      elapsedMs,
    );
    this.#alert = state;
    return change;
  }

  /** Growth, if it has just begun to look like a leak. `isExplained`: what grows is told of elsewhere. */
  grow(isExplained: boolean): Happening | null {
    if (this.#policy.growthMs === 0 || this.lastBytes === null) return null;
    const wasGrowing = this.#isGrowing;
    const growth = growthIn(this.#window, wasGrowing);
    // What is explained now is told of when nothing explains it any more.
    this.#isGrowing = growth !== null && (wasGrowing || !isExplained);
    if (growth === null || wasGrowing || isExplained) return null;
    const { warningBytes, criticalBytes } = this.limits;
    return {
      kind: "growth",
      ...growth,
      msToWarning: msUntil(warningBytes, this.lastBytes, growth.trend),
      msToCritical: msUntil(criticalBytes, this.lastBytes, growth.trend),
    };
  }

  /** Readings before a hole say nothing about the slope after it. */
  startAnew(): void {
    this.#window.clear();
    this.#isGrowing = false;
  }
}
