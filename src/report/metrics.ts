/** The Report as metrics: what each family is called and means, and its samples. No format of them knows more. */

import { worst } from "../classify.ts";
import type { Level, Reading, Role, Thresholds } from "../types.ts";
import {
  type Family,
  gauge,
  grouped,
  type Labels,
  type MetricSample,
  single,
} from "./metric_family.ts";
import { projectLabels } from "./project_label.ts";
import type { Report, Style } from "./report.ts";

/** The exit codes of `check`. Unknown is the highest number and not the worst level. */
const LEVEL_NUMBERS: Readonly<Record<Level, number>> = {
  normal: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

/** What is counted and added up: a process or an instance, and where it belongs. */
interface Placed {
  readonly role: Role;
  readonly project: string;
}

interface PlacedProcess extends Placed {
  readonly pid: number;
  readonly reading: Reading | null;
}

interface PlacedInstance extends Placed {
  readonly level: Level | null;
}

/** Every family that has a sample. What is not known is left out, and never 0. */
export function metricFamilies(
  report: Report,
  { home, pidLabel = false }: Pick<Style, "home" | "pidLabel">,
): Family[] {
  const projects = projectLabels(report.instances, home);
  const instances: PlacedInstance[] = report.instances.map(({ role, level }, i) => ({
    role,
    project: projects[i]!,
    level,
  }));
  const processes: PlacedProcess[] = report.instances.flatMap((instance, i) =>
    instance.processes.map(({ role, pid, reading }) => ({
      role,
      project: projects[i]!,
      pid,
      reading,
    }))
  );
  return [
    ...memoryFamilies(processes, pidLabel),
    ...countFamilies(processes, instances),
    ...levelFamilies(report, instances),
    ...limitFamilies(report.thresholds),
    ...runFamilies(report),
  ].filter(({ samples }) => samples.length > 0);
}

/** A figure of a reading, and what several of them are together. */
interface Measure {
  readonly name: string;
  readonly help: string;
  readonly of: (reading: Reading) => number | null;
  readonly together: (values: readonly number[]) => number;
}

const MEASURES: readonly Measure[] = [
  {
    name: "footprint",
    help: "What the processes that could be read make the machine hold.",
    of: (reading) => reading.footprintBytes,
    together: sum,
  },
  {
    name: "resident",
    help: "Pages of the processes in RAM now, shared ones included.",
    of: (reading) => reading.residentBytes,
    together: sum,
  },
  {
    name: "peak",
    help: "Highest so far of the one process with the highest, not a sum: " +
      "of its footprint on macOS, of its resident size on Linux.",
    of: (reading) => reading.peakBytes,
    together: (values) => Math.max(...values),
  },
  {
    name: "swapped",
    help: "Memory of the processes that is compressed or swapped out.",
    of: (reading) => reading.swappedBytes,
    together: sum,
  },
  {
    name: "pss",
    help: "Proportional set size: shared pages divided among their users (--exact, Linux).",
    of: (reading) => reading.pssBytes,
    together: sum,
  },
  {
    name: "uss",
    help: "Unique set size: pages that no other process shares (--exact, Linux).",
    of: (reading) => reading.ussBytes,
    together: sum,
  },
];

function memoryFamilies(processes: readonly PlacedProcess[], pidLabel: boolean): Family[] {
  return MEASURES.map(({ name, help, of, together }) => {
    const known = processes.flatMap(({ role, project, pid, reading }) => {
      const value = reading && of(reading);
      const labels: Labels = pidLabel ? { role, project, pid: String(pid) } : { role, project };
      return value === null ? [] : [{ labels, value }];
    });
    const samples = grouped(known, (one) => one.labels, (group) => together(group.map(valueOf)));
    return gauge(`opencode_memory_${name}_bytes`, help, samples);
  });
}

function countFamilies(
  processes: readonly Placed[],
  instances: readonly Placed[],
): Family[] {
  return [
    gauge("opencode_processes", "Processes that were found, read or not.", countsOf(processes)),
    gauge(
      "opencode_instances",
      "Instances: a session, an orphan or a process asked for, with all that it started.",
      countsOf(instances),
    ),
  ];
}

/**
 * Where there is nothing, one 0 with empty labels says so. The sum of no series is no answer in
 * PromQL, and an alert on `sum(opencode_instances) == 0` would never fire. Not while there is
 * something: `opencode_instances == 0` is then as true.
 */
function countsOf(placed: readonly Placed[]): MetricSample[] {
  if (placed.length === 0) return [{ labels: { role: "", project: "" }, value: 0 }];
  return grouped(placed, labelsOf, (group) => group.length);
}

function levelFamilies({ level }: Report, instances: readonly PlacedInstance[]): Family[] {
  const judged = instances.flatMap((one) =>
    one.level === null ? [] : [{ ...one, level: one.level }]
  );
  return [
    gauge(
      "opencode_level",
      "Verdict on all: 0 normal, 1 warning, 2 critical, 3 unknown.",
      level === null ? [] : single(LEVEL_NUMBERS[level]),
    ),
    gauge(
      "opencode_instance_level",
      "Worst verdict on these instances: 0 normal, 1 warning, 2 critical, " +
        "3 unknown, which outranks normal alone.",
      grouped(judged, labelsOf, (group) => LEVEL_NUMBERS[worst(group.map((one) => one.level))]),
    ),
  ];
}

function limitFamilies(thresholds: Thresholds | null): Family[] {
  if (thresholds === null) return [];
  const { scope, roles = {} } = thresholds;
  const samples = [["", thresholds] as const, ...Object.entries(roles)].flatMap(
    ([role, { warningBytes, criticalBytes }]) => [
      { labels: { level: "warning", scope, role }, value: warningBytes },
      { labels: { level: "critical", scope, role }, value: criticalBytes },
    ],
  );
  const help =
    "Footprint of a process or a whole instance (scope) above which it has this level; " +
    "without a role, of every role that has no limit of its own.";
  return [gauge("opencode_memory_limit_bytes", help, samples)];
}

function runFamilies({ totals, scan, host, takenAtMs, toolVersion }: Report): Family[] {
  const { os, arch } = host;
  return [
    gauge(
      "opencode_unread_processes",
      "Processes that were found and whose memory could not be read.",
      single(totals.unread),
    ),
    gauge(
      "opencode_unreadable_processes",
      "Processes of the machine that the system did not let be looked at, OpenCode or not.",
      single(scan.unreadable),
    ),
    gauge(
      "opencode_scanned_processes",
      "Processes of the machine that were looked at.",
      single(scan.processes),
    ),
    gauge(
      "opencode_scan_duration_seconds",
      "How long the look took.",
      single(seconds(scan.durationMs)),
    ),
    gauge(
      "opencode_last_run_timestamp_seconds",
      "When it was taken, since 1970: an old one means that nobody looks any more.",
      single(seconds(takenAtMs)),
    ),
    gauge("opencode_machine_memory_bytes", "Memory of the machine.", single(host.memoryBytes)),
    {
      name: "ocmem_build",
      type: "info",
      unit: null,
      help: "The ocmem that looked, and what it runs on.",
      samples: [{ labels: { version: toolVersion, os, arch }, value: 1 }],
    },
  ];
}

function labelsOf({ role, project }: Placed): Labels {
  return { role, project };
}

function valueOf({ value }: { readonly value: number }): number {
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** To the millisecond. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
