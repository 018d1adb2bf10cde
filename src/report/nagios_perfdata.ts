/**
 * Performance data of a monitoring plugin: what is graphed, and judged once more by readers that go by
 * its ranges. They come to the verdict of the Report: the entry that has limits holds what was
 * compared with them, and no value where the verdict is that it is not known.
 */

import { limitsOf } from "../classify.ts";
import type { Limits, Role, Thresholds } from "../types.ts";
import type { Report, ReportInstance } from "./report.ts";
import { pidOf } from "./text.ts";

/**
 * An entry, `label=value[UOM];[warn];[crit];[min];[max]` by the Monitoring Plugins' guidelines, all of
 * whose values are at least 0.
 */
interface Entry {
  /** Letters, digits and `_`: bare, for Checkmk's MRPE takes quotes for a part of the name. */
  readonly label: string;
  /** null: not known, which is written `U`. */
  readonly value: number | null;
  readonly unit: "B" | "s" | "";
  readonly limits?: Limits | null;
  readonly max?: number;
}

/** Characters of a label that RRD tells apart, by the guidelines. */
const LABEL_LENGTH = 19;

/** The entries that are always there, at their places: PNP4Nagios goes by these. Then the instances'. */
export function perfdata(report: Report, instances: readonly ReportInstance[]): string {
  const { totals, scan, host } = report;
  const total = isUnread(report) ? null : totals.footprintBytes;
  const entries: Entry[] = [
    { label: "total", value: total, unit: "B", max: host.memoryBytes },
    { label: "instances", value: totals.instances, unit: "" },
    { label: "processes", value: totals.processes, unit: "" },
    { label: "unread", value: totals.unread, unit: "" },
    { label: "scan_time", value: scan.durationMs / 1000, unit: "s" },
    ...instances.filter(isJudged).flatMap((one) => entriesOf(one, report.thresholds)),
  ];
  return entries.map(writeEntry).join(" ");
}

/** What was compared with limits: the instance's total, or its process that decided. */
function entriesOf(instance: ReportInstance, thresholds: Thresholds | null): Entry[] {
  const { role, level, footprintBytes, because, processes } = instance;
  const pid = pidOf(instance.id);
  const total = { label: label("", role, pid), value: footprintBytes, unit: "B" } as const;
  if (thresholds?.scope === "instance") {
    // What lacks a reading is a lower bound, and within the limits it says nothing.
    const value = level === "unknown" ? null : footprintBytes;
    return [{ ...total, value, limits: limitsOf(thresholds, role) }];
  }
  const decisive = because?.kind === "process" && processes.find((p) => p.pid === because.pid);
  if (!thresholds || !decisive) return [total];
  return [total, {
    label: label("max_", role, pid),
    value: decisive.reading?.footprintBytes ?? null,
    unit: "B",
    limits: limitsOf(thresholds, decisive.role),
  }];
}

/** The role is cut where the pid needs the room: no other instance has that. */
function label(prefix: string, role: Role, pid: string): string {
  return `${prefix}${role.slice(0, LABEL_LENGTH - prefix.length - pid.length - 1)}_${pid}`;
}

/** A value equal to a limit is not over it, and neither is it outside the range `0..limit`. */
function writeEntry({ label, value, unit, limits, max }: Entry): string {
  const shown = value === null ? "U" : `${value}${unit}`;
  const ends = [limits?.warningBytes, limits?.criticalBytes, 0, max].map((end) => end ?? "");
  return `${label}=${[shown, ...ends].join(";").replace(/;$/, "")}`;
}

/** Something holds memory, and not one reading says how much. */
function isUnread({ totals, instances }: Report): boolean {
  return totals.unread === totals.processes && instances.some(isJudged);
}

/** False of an instance that has ended but for its zombies, which decides nothing unless it was named. */
export function isJudged({ processes }: ReportInstance): boolean {
  return processes.some((p) => p.matchedBy === "pid" || p.missing !== "zombie");
}
