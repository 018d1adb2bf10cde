/** What watching hands to Deno's OpenTelemetry exporter, if the environment turns it on. */

import type { Look } from "../look.ts";
import { metricFamilies } from "../report/metrics.ts";
import type { WatchPlan } from "../report/watch_lines.ts";
import { openExport, whyNotExported } from "../telemetry/metrics.ts";
import type { World } from "../world.ts";
import { reportOf } from "./judging.ts";

export interface Exporting extends Disposable {
  /** Why nothing is exported, or null. */
  readonly trouble: string | null;
  /** From now on this look is exported, and no other. */
  show(seen: Look, atMs: number, durationMs: number): void;
}

/** Exports until it is disposed. Loaded when it is asked for. */
export function exporting(world: World, plan: WatchPlan): Exporting {
  const metrics = openExport(world.version);
  const { toolVersion, host, thresholds } = plan;
  return {
    trouble: whyNotExported(),
    show(seen, atMs, durationMs) {
      const frame = { toolVersion, takenAtMs: atMs, host, thresholds, durationMs };
      const report = reportOf(seen, frame, "normal", { showSecrets: false });
      metrics.show(metricFamilies(report, { home: world.env("HOME") || null }));
    },
    [Symbol.dispose]: () => metrics[Symbol.dispose](),
  };
}
