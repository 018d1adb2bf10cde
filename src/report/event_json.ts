/** An event as JSON: bytes, milliseconds and seconds as whole numbers, null for what is not known. */

import type { EventRecord } from "./event.ts";
import { isoTime, type JsonObject, perMinute, seconds } from "./json.ts";

/** One object: what every event has, then what this kind has. */
export function jsonEvent(event: EventRecord): JsonObject {
  const { atMs, kind, message, subject, standing, detail } = event;
  return {
    type: "event",
    event: kind,
    at: isoTime(atMs),
    message,
    subject: subject?.kind ?? null,
    instance: subject?.instanceId ?? null,
    pid: subject?.key.pid ?? null,
    started_at: subject && isoTime(subject.startedAtMs),
    role: subject?.role ?? null,
    name: subject?.name ?? null,
    cwd: subject?.directory ?? null,
    level: standing?.level ?? null,
    footprint_bytes: standing?.footprintBytes ?? null,
    ...jsonDetail(detail),
  };
}

function jsonDetail(detail: EventRecord["detail"]): JsonObject {
  switch (detail.kind) {
    case "found":
      return { processes: detail.processes };
    case "gone":
      return { peak_bytes: detail.peakBytes, lifetime_ms: Math.round(detail.lifetimeMs) };
    case "level":
      return { previous_level: detail.from, limit_bytes: detail.limitBytes };
    case "reminder":
      return { since_ms: Math.round(detail.sinceMs), limit_bytes: detail.limitBytes };
    case "growth":
      return {
        growth_bytes: detail.growthBytes,
        over_ms: Math.round(detail.overMs),
        slope_bytes_per_minute: perMinute(detail.trend.slope),
        slope_low_bytes_per_minute: perMinute(detail.trend.low),
        slope_high_bytes_per_minute: perMinute(detail.trend.high),
        seconds_to_warning: seconds(detail.msToWarning),
        seconds_to_critical: seconds(detail.msToCritical),
      };
    case "stopped":
      return {
        outcome: detail.outcome,
        processes: detail.processes,
        reclaimed_bytes: detail.reclaimedBytes,
      };
    case "duplicates":
      return { command_line: detail.command, count: detail.count };
    case "gap":
      return { reason: detail.gap.kind, gap_ms: detail.gap.ms };
  }
}
