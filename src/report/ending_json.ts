/** What became of processes that were to be ended, as JSON. */

import type { EndedRow, EndReport } from "./ending.ts";
import { sayOutcome } from "./ending_text.ts";
import { isoTime, jsonFrame, type JsonObject } from "./json.ts";

/** One JSON document and a line break. */
export function jsonEnding(report: EndReport): string {
  const { rows, totals } = report;
  const document = {
    ...jsonFrame(report, "stop"),
    grace_ms: report.graceMs,
    force: report.force,
    exit_code: report.exitCode,
    totals: {
      processes: totals.processes,
      ended: totals.ended,
      reclaimed_bytes: totals.reclaimedBytes,
    },
    processes: rows.map(jsonRow),
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function jsonRow(row: EndedRow): JsonObject {
  return {
    pid: row.pid,
    started_at: isoTime(row.startedAtMs),
    instance: row.instanceId,
    role: row.role,
    name: row.name,
    executable: row.executable,
    cwd: row.directory,
    goes_with: row.goesWith,
    footprint_bytes: row.footprintBytes,
    outcome: row.outcome,
    refusal: row.refusal,
    message: sayOutcome(row),
    signals: row.signals,
    signalled_by: row.by,
    waited_ms: Math.round(row.waitedMs),
  };
}
