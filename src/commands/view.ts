/** What watching shows itself on: a log, a screen, a server. */

import type { Look } from "../look.ts";
import type { EventRecord } from "../report/event.ts";
import type { HistoryReport, PastQuery } from "../report/history.ts";
import type { WatchSummary } from "../report/watch_lines.ts";
import type { Hurry, Tick } from "../schedule.ts";
import type { Probe } from "../types.ts";
import type { Stop } from "./stop.ts";

/** A look with what it brought. */
export interface Shown {
  readonly tick: Tick;
  readonly look: Look;
  /** How long that took. */
  readonly lookMs: number;
  readonly events: readonly EventRecord[];
  /** The machine that was looked at, to be asked at once or never: it may be closed afterwards. */
  readonly probe: Pick<Probe, "ports">;
}

export interface View extends Disposable {
  show(shown: Shown): void;
  /** What is told after the last look. */
  tell?(events: readonly EventRecord[]): void;
  /** Something went wrong that does not end watching. */
  trouble(atMs: number, message: string): void;
  end(summary: WatchSummary): void;
  /** Waits for the next look. */
  sleep(ms: number, cut: AbortSignal): Promise<void>;
}

/** How a view has a say in what happens next. */
export interface Wheel {
  readonly stop: Stop;
  readonly hurry: Hurry;
}

/** Where a view finds what was before. */
export interface Past {
  /** A time of the past, as far as it is kept. Throws a DatabaseError. */
  read(query: PastQuery): HistoryReport;
}
