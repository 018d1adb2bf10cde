/** The report of `orphans` as one JSON document. */

import { isoTime, jsonFrame, jsonSession } from "./json.ts";
import { type Orphan, type OrphansReport, reclaimableBytes } from "./orphans.ts";

export function orphansAsJson(report: OrphansReport, exitCode: number): string {
  const { scan, instances, orphans, notes } = report;
  const document = {
    ...jsonFrame(report, "orphans"),
    exit_code: exitCode,
    scan: { processes: scan.processes, duration_ms: scan.durationMs, unreadable: scan.unreadable },
    totals: {
      instances,
      suspects: orphans.length,
      reclaimable_bytes: reclaimableBytes(report),
    },
    notes,
    orphans: orphans.map(jsonOrphan),
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function jsonOrphan(orphan: Orphan) {
  return {
    id: orphan.id,
    pid: orphan.pid,
    role: orphan.role,
    conclusion: orphan.conclusion,
    evidence: orphan.evidence.map(({ kind, detail }) => ({ kind, detail })),
    footprint_bytes: orphan.footprintBytes,
    processes: orphan.processes,
    started_at: isoTime(orphan.startedAtMs),
    uptime_ms: orphan.uptimeMs,
    cwd: orphan.directory,
    command_line: orphan.commandLine,
    sessions: orphan.sessions && orphan.sessions.map(jsonSession),
  };
}
