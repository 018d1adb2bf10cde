/** Reports for tests of metrics, by what matters to them. */

import fc from "fast-check";
import { buildReport, type Frame, type Report, type Style } from "../../src/report/report.ts";
import type { Level, Member, Reading, Role, Sample, Verdict } from "../../src/types.ts";
import { GIB, NOW_MS, reading } from "../fake.ts";

/** An instance: what it is, where it runs, and its processes, of which null could not be read. */
export interface Sketch {
  readonly role: Role;
  readonly directory: string | null;
  readonly level?: Level;
  readonly processes: readonly { readonly role: Role; readonly reading: Reading | null }[];
}

export const STYLE: Style = { width: Infinity, colour: false, home: "/home/ann" };

export const FRAME: Frame = {
  toolVersion: "1.2.3",
  takenAtMs: NOW_MS,
  host: { os: "linux", arch: "x86_64", memoryBytes: 16 * GIB },
  thresholds: { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" },
  level: "normal",
  exitCode: 0,
  scan: { processes: 321, durationMs: 12, unreadable: 4 },
};

/** A session of one process. */
export function session(
  directory: string | null,
  footprintBytes: number,
  role: Role = "tui",
): Sketch {
  return { role, directory, processes: [{ role, reading: reading(footprintBytes) }] };
}

/** The Report of such instances; their processes' pids count up from 100. */
export function reportOf(sketches: readonly Sketch[], frame: Partial<Frame> = {}): Report {
  let pid = 100;
  const found = sketches.map(({ directory, level, processes, role }) => {
    const verdict: Verdict | null = level === undefined
      ? null
      : { level, because: { kind: "unread", missing: "denied" } };
    const judged = processes.map((process) => {
      const member = memberOf(pid++, process.role);
      const key = member.info.key;
      const sample: Sample = process.reading
        ? { key, atMs: NOW_MS, reading: process.reading }
        : { key, atMs: NOW_MS, missing: "denied" };
      return { member, sample, verdict };
    });
    const members = judged.map(({ member }) => member);
    const main = { ...members[0]!, role };
    return { instance: { id: `${main.info.key.pid}`, main, directory, members }, judged, verdict };
  });
  return buildReport({ ...FRAME, ...frame }, found, { showSecrets: false });
}

function memberOf(pid: number, role: Role): Member {
  return {
    info: {
      key: { pid, started: "s" },
      ppid: 1,
      name: "opencode",
      uid: 1,
      startedAtMs: NOW_MS,
      zombie: false,
    },
    role,
    matchedBy: "name",
    depth: 0,
    executable: null,
    commandLine: null,
  };
}

const ROLES: readonly Role[] = ["tui", "server", "child", "orphan"];
/** What means something to a parser of metrics, to a shell or to PromQL, or to nobody. */
const TRICKY = [
  ..."\\\"{}=,# \n\r\t'`|%$()~…🦊é\u0301\u2028\u202e\ud800",
  "\\n",
  '\\"',
  '"} 1',
  " # ",
  "# EOF",
  "(others)",
  "/home/ann",
  "=cmd",
  "<b>",
];

/** Any directory: few enough names that instances meet in one, and any printable text. */
const directories = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.constantFrom("/home/ann", "/home/ann/x", "/srv/x", "(others)") },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...TRICKY), { maxLength: 12 }).map((parts) =>
      `/${parts.join("")}`
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(40).map((n) => `/home/ann/${"🦊long".repeat(40)}${n}${"/x".repeat(n * 5)}`),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
);

const bytes = fc.nat(2 ** 40);
const maybe = fc.option(bytes);
const readings = fc.record({
  footprintBytes: bytes,
  residentBytes: bytes,
  peakBytes: maybe,
  swappedBytes: maybe,
  pssBytes: maybe,
  ussBytes: maybe,
}).map((some): Reading => ({ ...some, source: "proc_status", uid: null }));

/** Any Report, of up to 120 instances in any directories. */
export const reports = fc.record({
  sketches: fc.array(
    fc.record({
      role: fc.constantFrom(...ROLES),
      directory: directories,
      level: fc.constantFrom<Level>("normal", "warning", "critical", "unknown"),
      processes: fc.array(
        fc.record({ role: fc.constantFrom(...ROLES), reading: fc.option(readings) }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { maxLength: 120, size: "max" },
  ),
  scope: fc.constantFrom("process" as const, "instance" as const),
}).map(({ sketches, scope }) =>
  reportOf(sketches, { thresholds: { ...FRAME.thresholds!, scope }, level: "warning" })
);
