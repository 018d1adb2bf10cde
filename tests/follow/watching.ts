/** Watching, written down: looks, and what each of them told. */

import type { WatchEvent } from "../../src/follow/event.ts";
import { Watcher, type WatchPolicy } from "../../src/follow/watcher.ts";
import type { Gap } from "../../src/schedule.ts";
import { MIB } from "../fake.ts";
import { lookAt, looked, type Seen, tickAt } from "./looks.ts";

export const MINUTE = 60_000;

/** Limits of 100 and 200 MiB, which clear at 90 and 180. */
export const POLICY: WatchPolicy = {
  thresholds: { warningBytes: 100 * MIB, criticalBytes: 200 * MIB, scope: "process" },
  forReadings: 1,
  clearShare: 0.9,
  remindMs: 0,
  intervalMs: MINUTE,
  growthMs: 10 * MINUTE,
  duplicates: 8,
};
export const BY_INSTANCE: Partial<WatchPolicy> = {
  thresholds: { ...POLICY.thresholds, scope: "instance" },
};

/** A watcher that looks every minute at a machine of which it is told all that runs. */
export class Watch {
  readonly watcher: Watcher;
  #looks = 0;

  constructor(policy: Partial<WatchPolicy> = {}) {
    this.watcher = new Watcher({ ...POLICY, ...policy });
  }

  /** The events of a look at these instances. `others` run too, and are missed by it. */
  look(
    instances: readonly (readonly Seen[])[],
    others: readonly Seen[] = [],
    gap: Gap | null = null,
  ): WatchEvent[] {
    const running = new Set(
      [...instances.flat(), ...others].filter(({ memory }) => memory !== "zombie")
        .map(({ pid, started }) => `${pid}-${started}`),
    );
    const found = instances.map((processes) => looked(processes));
    const tick = tickAt(this.#looks++ * MINUTE, gap);
    return this.watcher.take(
      lookAt(...found),
      tick,
      ({ pid, started }) => running.has(`${pid}-${started}`),
    );
  }

  /** The events of a look, in short. */
  told(...look: Parameters<Watch["look"]>): string[] {
    return this.look(...look).map(short);
  }
}

/** Such as `i10 found 2`, `p11 level normal→warning 120`; sizes in MiB. */
function short(event: WatchEvent): string {
  if (event.kind === "gap") return `gap ${event.gap.kind}`;
  const mib = (bytes: number | null) => bytes === null ? "?" : String(bytes / MIB);
  const { subject: { kind, key }, footprintBytes } = event;
  const who = `${kind[0]}${key.pid} ${event.kind}`;
  switch (event.kind) {
    case "found":
      return `${who} ${event.processes}`;
    case "gone":
      return `${who} peak ${mib(event.peakBytes)} after ${event.lifetimeMs / 1000}s`;
    case "level":
      return `${who} ${event.from}→${event.level} ${mib(footprintBytes)}`;
    case "reminder":
      return `${who} ${event.level} ${mib(footprintBytes)}`;
    case "growth":
      return who;
    case "stopped":
      return `${who} ${event.outcome}`;
    case "duplicates":
      return `${who} ${event.count} ${mib(footprintBytes)}`;
  }
}
