/** What was measured of `watch` over time: a few lines, and its goals. */

import { goal } from "./report.ts";
import type { Soaked } from "./soak.ts";
import type { LookCost } from "./upkeep.ts";

/** All that was measured of `watch`. */
export interface Endured {
  readonly lines: Soaked;
  readonly screen: Soaked;
  readonly costs: readonly { readonly load: string; readonly cost: LookCost }[];
  /** CPU milliseconds of a minute of waiting. */
  readonly waitMs: number;
}

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 24 * 60;

export function soakSection({ lines, screen, costs, waitMs }: Endured): string {
  const notes = [
    `lines: ${saySpeed(lines)}; ${lines.events} events, ${(lines.written / MIB).toFixed(0)} MiB`,
    `screen of 120 × 40: ${saySpeed(screen)}`,
    `own memory: ${sayMemory(lines)}; with the screen ${sayMemory(screen)}`,
    ...costs.map(({ load, cost }) => `CPU, ${load}: ${sayCost(cost)}`),
    ...costs.map(({ load, cost }) =>
      `CPU a day at the default interval, ${load}: ${sayDay(cost, waitMs)}`
    ),
    `CPU of a minute of waiting in a pipe: ${waitMs.toFixed(1)} ms`,
  ];
  const growth = (lines.lastTenthBytes / lines.secondTenthBytes - 1) * 100;
  const goals = [
    goal(`% that own memory grows, last tenth against second tenth`, 5, growth),
    ...costs.map(({ load, cost }) =>
      goal(`% of a CPU at the default interval, ${load}`, 0.1, shareOf(cost, waitMs) * 100, 3)
    ),
  ];
  const title = `soak: watch on a scripted machine with 50 processes that come and go\n`;
  return title + notes.map((note) => `note: ${note}\n`).join("") + goals.join("");
}

/** One look and the rest of its minute. Of the first looks: later ones cost less. */
function shareOf({ firstMs, laterMs }: LookCost, waitMs: number): number {
  return (Math.max(firstMs, laterMs) + waitMs) / MINUTE_MS;
}

/** Few looks of a day are among its first. */
function sayDay({ laterMs }: LookCost, waitMs: number): string {
  const seconds = (laterMs + waitMs) * MINUTES_A_DAY / 1000;
  return `${seconds.toFixed(0)} s, ${laterMs.toFixed(1)} ms a look and ${
    waitMs.toFixed(1)
  } ms of waiting`;
}

function saySpeed({ looks, medianUs, meanUs, wallMs }: Soaked): string {
  return `${looks} looks in ${(wallMs / 1000).toFixed(1)} s, a look ${medianUs.toFixed(0)} µs in ` +
    `the median, ${meanUs.toFixed(0)} µs in the mean`;
}

function sayMemory({ secondTenthBytes, lastTenthBytes }: Soaked): string {
  const [second, last] = [secondTenthBytes, lastTenthBytes].map((b) => (b / MIB).toFixed(1));
  return `${second} MiB in the second tenth, ${last} MiB in the last`;
}

function sayCost({ startMs, firstMs, laterMs, peakBytes }: LookCost): string {
  return `starting with one look ${startMs.toFixed(0)} ms; each of the first 20 looks ` +
    `${firstMs.toFixed(1)} ms, of the 200 after them ${laterMs.toFixed(1)} ms; ` +
    `peak ${(peakBytes / MIB).toFixed(0)} MiB`;
}
