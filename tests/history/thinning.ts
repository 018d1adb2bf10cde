/** Thinning out, until nothing is left to do. */

import { thin } from "../../src/history/thin.ts";
import type { Database } from "../../src/world.ts";
import { BEGIN_MS, DAY } from "./recording.ts";

/** Thins out at so many milliseconds after the beginning. Returns how many times that took. */
export function thinAll(
  database: Database,
  afterMs: number,
  { allMs = DAY, hourlyMs = 365 * DAY }: { allMs?: number; hourlyMs?: number } = {},
): number {
  let times = 1;
  while (thin(database, { allMs, hourlyMs }, BEGIN_MS + afterMs)) times++;
  return times;
}
