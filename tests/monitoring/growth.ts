/** Machines whose sessions grow, minute by minute. */

import type { Report, Style } from "../../src/report/report.ts";
import type { Role, Thresholds } from "../../src/types.ts";
import { GIB, reading } from "../fake.ts";
import { FRAME, reportOf, type Sketch, STYLE } from "../report/metric_reports.ts";
import type { Timeline } from "./timeline.ts";

export const GROWS = ["OpenCodeGrowsToCriticalLimit"];

/** Bytes in each minute. */
export type Curve = (minute: number) => number;

export const flat = (bytes: number): Curve => () => bytes;
export const growing = (from: number, perMinute: number): Curve => (minute) =>
  from + minute * perMinute;

/** How metrics are made, and what is compared. */
export interface Manner {
  readonly style: Style;
  readonly scope: Thresholds["scope"];
}

export const PLAIN: Manner = { style: STYLE, scope: "process" };

/** A session of processes in one project. */
export function running(role: Role, ...processes: readonly (readonly [Role, number])[]): Sketch {
  return {
    role,
    directory: "/srv/x",
    processes: processes.map(([role, bytes]) => ({ role, reading: reading(bytes) })),
  };
}

/** What runs, judged. Critical is 4 GiB if nothing else is said. */
export function seen(
  minute: number,
  sketches: readonly Sketch[],
  { scope = "process", roles = {}, criticalBytes = 4 * GIB }: Partial<Thresholds>,
): Report {
  const thresholds: Thresholds = { ...FRAME.thresholds!, scope, roles, criticalBytes };
  return reportOf(sketches, { takenAtMs: minute * 60_000, thresholds });
}

/** A machine with sessions of one process, each with its own curve. */
export function sessions(minutes: number, curves: readonly Curve[], manner: Manner): Timeline {
  const box = (minute: number) =>
    seen(minute, curves.map((curve) => running("tui", ["tui", curve(minute)])), manner);
  return { minutes, machines: { box }, style: manner.style };
}
