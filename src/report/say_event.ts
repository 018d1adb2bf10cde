/** Events in words. */

import { limitsOf } from "../classify.ts";
import type { Happening, Subject } from "../follow/event.ts";
import type { Gap } from "../schedule.ts";
import type { Level, Limits } from "../types.ts";
import type { EventRecord, Wording } from "./event.ts";
import { sayAhead } from "./ahead.ts";
import { formatBytes, formatChange, formatDuration, formatSlope } from "./units.ts";
import { apart, commandOf, count, shortDirectory } from "./words.ts";

const GAPS: Readonly<Record<Gap["kind"], string>> = {
  slept: "the machine slept, or its clock was set forward",
  late: "ocmem was stopped, or the machine was too busy",
};
/** A command in a sentence is cut to this many characters. */
const MOST_COMMAND = 80;

/** One sentence, such as `process 4242 (tui) in ~/web: footprint 4.2 GiB is over the critical limit …`. */
export function sayEvent(
  { subject, standing, detail }: Omit<EventRecord, "message">,
  wording: Wording,
): string {
  if (detail.kind === "gap") {
    return `no readings for ${formatDuration(detail.gap.ms)}: ${GAPS[detail.gap.kind]}; ` +
      "slopes start anew";
  }
  const { footprintBytes, level } = standing!;
  const limits = limitsOf(wording.thresholds, subject!.role);
  return `${who(subject!, wording.home)}${what(detail, footprintBytes, level, limits)}`;
}

function who(
  { kind, key, instanceId, role, name, directory }: Subject,
  home: string | null,
): string {
  const place = directory === null ? "" : ` in ${shortDirectory(directory, home)}`;
  if (kind === "instance") return `instance ${key.pid} (${role})${place}`;
  const [main] = instanceId.split("-");
  return main === String(key.pid)
    ? `process ${key.pid} (${role})${place}`
    : `process ${key.pid} (${role}: ${name}) of instance ${main}${place}`;
}

function what(
  detail: Happening,
  footprintBytes: number | null,
  level: Level,
  limits: Limits,
): string {
  const bytes = footprintBytes === null ? "unread" : formatBytes(footprintBytes);
  switch (detail.kind) {
    case "found":
      return `: ${bytes} in ${count(detail.processes, "process", "processes")}`;
    case "gone": {
      const peak = detail.peakBytes === null ? "" : `, peak ${formatBytes(detail.peakBytes)}`;
      return ` is gone after ${formatDuration(detail.lifetimeMs)}${peak}`;
    }
    case "level":
      return `: ${sayLevel(detail.from, level, footprintBytes, detail.limitBytes)}`;
    case "reminder": {
      const [now, limit] = apart(footprintBytes ?? 0, detail.limitBytes ?? 0);
      return ` is ${level} for ${formatDuration(detail.sinceMs)}: ` +
        (footprintBytes === null ? "its memory can't be read" : `footprint ${now}, limit ${limit}`);
    }
    case "growth": {
      const { growthBytes, overMs, trend } = detail;
      const ahead = sayAhead(detail, limits);
      return ` grows steadily: ${formatChange(growthBytes)} in ${formatDuration(overMs)} to ` +
        `${bytes}, ${formatSlope(trend.slope)}${ahead ? `; ${ahead}` : ""}`;
    }
    case "stopped":
      return `, critical: ${detail.said}` +
        (detail.processes === 0 ? "" : `; reclaimed ${formatBytes(detail.reclaimedBytes)} of ` +
          count(detail.processes, "process", "processes"));
    case "duplicates": {
      const command = commandOf({ commandLine: detail.command, name: "" }, MOST_COMMAND);
      const short = command.length > MOST_COMMAND ? `${command.slice(0, MOST_COMMAND)}…` : command;
      return ` runs ${detail.count} times (${bytes}): ${short}`;
    }
  }
}

function sayLevel(
  from: Level,
  to: Level,
  footprintBytes: number | null,
  limitBytes: number | null,
): string {
  if (to === "unknown") return `its memory can't be read, was ${from}`;
  if (footprintBytes === null || limitBytes === null) return `${to}, was ${from}`;
  const [footprint, limit] = apart(footprintBytes, limitBytes);
  const isUp = to === "critical" || (to === "warning" && from !== "critical");
  return isUp
    ? `footprint ${footprint} is over the ${to} limit of ${limit}, was ${from}`
    : `footprint ${footprint} is ${to} again, was ${from} (limit ${limit})`;
}
