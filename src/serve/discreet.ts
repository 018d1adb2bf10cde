/** What is told to who has no token: all but command lines, which may hold what is nobody's business. */

import type { HistoryEvent, HistoryReport } from "../report/history.ts";
import type { JsonObject } from "../report/json.ts";
import type { Report } from "../report/report.ts";
import { formatBytes } from "../report/units.ts";

export function discreetReport(report: Report): Report {
  return {
    ...report,
    instances: report.instances.map((instance) => ({
      ...instance,
      // It tells of sessions that arguments name, and of commands that run many times.
      advice: null,
      processes: instance.processes.map((process) => ({ ...process, commandLine: null })),
    })),
  };
}

export function discreetHistory(report: HistoryReport): HistoryReport {
  return {
    ...report,
    instances: report.instances.map((instance) => ({
      ...instance,
      processes: instance.processes.map((process) => ({ ...process, commandLine: null })),
    })),
    events: report.events.map((event): HistoryEvent => {
      const json = discreetEvent(event.json);
      return json === event.json ? event : { ...event, json, message: String(json.message) };
    }),
  };
}

/** An event as JSON. What tells of a command line is said anew without it: no part of that can be left. */
export function discreetEvent(event: JsonObject): JsonObject {
  if (!("command_line" in event)) return event;
  const { pid, role, count, footprint_bytes: bytes } = event;
  const size = typeof bytes === "number" ? ` (${formatBytes(bytes)})` : "";
  const message = `instance ${pid} (${role}) runs a helper ${count} times${size}; ` +
    "which one, the server tells with a token";
  return { ...event, command_line: null, message };
}
