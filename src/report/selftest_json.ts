/** The self-test as JSON. */

import {
  type Check,
  checkOfLevel,
  type CostFindings,
  type DiscoveryFindings,
  type ThresholdFinding,
  type TrackingFindings,
} from "../selftest/findings.ts";
import { isoTime, SCHEMA_VERSION } from "./json.ts";
import type { SelfTestReport } from "./selftest.ts";

/** One JSON document and a line break. */
export function jsonSelfTest(report: SelfTestReport): string {
  const { host, platform, discovery, tracking, cost } = report;
  const document = {
    schema_version: SCHEMA_VERSION,
    type: "selftest",
    tool: { name: "ocmem", version: report.toolVersion },
    host: host && { os: host.os, arch: host.arch, memory_bytes: host.memoryBytes },
    taken_at: isoTime(report.takenAtMs),
    passed: report.passed,
    interrupted: report.isInterrupted,
    exit_code: report.exitCode,
    platform: { checks: platform.map(jsonCheck) },
    discovery: discovery && jsonDiscovery(discovery),
    tracking: tracking && jsonTracking(tracking),
    thresholds: report.thresholds.map(jsonThreshold),
    cost: cost && jsonCost(cost),
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function jsonCheck({ name, passed, detail }: Check): unknown {
  return { name, passed, detail };
}

function jsonDiscovery({ scanned, unreadable, instances, checks }: DiscoveryFindings): unknown {
  return {
    scanned,
    unreadable,
    processes: instances.reduce((sum, one) => sum + one.processes, 0),
    instances: instances.map((one) => ({
      id: one.id,
      role: one.role,
      pid: one.pid,
      matched_by: one.matchedBy,
      cwd: one.directory,
      processes: one.processes,
      footprint_bytes: one.footprintBytes,
    })),
    checks: checks.map(jsonCheck),
  };
}

function jsonTracking(tracking: TrackingFindings): unknown {
  const { pid, role, statistics } = tracking;
  return {
    pid,
    role,
    interval_ms: tracking.intervalMs,
    planned: tracking.planned,
    ended: tracking.ended,
    samples: statistics?.count ?? 0,
    min_bytes: statistics?.min ?? null,
    max_bytes: statistics?.max ?? null,
    mean_bytes: statistics && Math.round(statistics.mean),
    readings: tracking.readings.map(({ atMs, footprintBytes, missing }) => ({
      at: isoTime(atMs),
      footprint_bytes: footprintBytes,
      missing,
    })),
    checks: tracking.checks.map(jsonCheck),
  };
}

function jsonThreshold(finding: ThresholdFinding): unknown {
  const { megabytes, footprintBytes, level, expected } = finding;
  const { passed } = checkOfLevel(finding);
  return { megabytes, footprint_bytes: footprintBytes, level, expected, passed };
}

function jsonCost(cost: CostFindings): unknown {
  return {
    enumeration_ms: rounded(cost.enumerationMs),
    processes: cost.processes,
    memory_reading_us: rounded(cost.memoryReadingUs),
    own_footprint_bytes: cost.ownFootprintBytes,
  };
}

/** To a thousandth: what lies below is noise. */
function rounded(value: number | null): number | null {
  return value && Math.round(value * 1000) / 1000;
}
