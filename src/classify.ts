/** Judges readings against limits. */

import type { Because, Level, Limits, Role, Sample, Thresholds, Verdict } from "./types.ts";

/** Limits of the original: warning above 2 GiB, critical above 4 GiB. */
export const DEFAULT_WARNING_BYTES = 2 * 1024 ** 3;
export const DEFAULT_CRITICAL_BYTES = 4 * 1024 ** 3;

/** Worst first, as monitoring plugins rank them: a known excess outranks what is not known. */
const BY_SEVERITY: readonly Level[] = ["critical", "warning", "unknown", "normal"];

/** The worst of these levels; `normal` of none. */
export function worst(levels: readonly Level[]): Level {
  return BY_SEVERITY.find((level) => levels.includes(level)) ?? "normal";
}

/** The limits of a role: its own, or the general ones. */
export function limitsOf(thresholds: Thresholds, role: Role): Limits {
  return thresholds.roles?.[role] ?? thresholds;
}

/** The verdict on one process. Without a reading it is `unknown`, never `normal`. */
export function judgeProcess(sample: Sample, limits: Limits): Verdict {
  if ("missing" in sample) {
    return { level: "unknown", because: { kind: "unread", missing: sample.missing } };
  }
  return judgeBytes(sample.reading.footprintBytes, limits);
}

/**
 * The verdict on an instance of this role: its worst process, or with scope `instance` its total. A process that
 * has ended (gone, or a zombie) holds nothing that could be over a limit, so it does not make an
 * instance unknown while another of its processes could be read.
 */
export function judgeInstance(
  members: readonly { readonly sample: Sample; readonly verdict: Verdict }[],
  thresholds: Thresholds,
  role: Role,
): Verdict {
  const alive = members.filter(({ sample }) => !hasEnded(sample));
  const judged = alive.length > 0 ? alive : members;
  return thresholds.scope === "process"
    ? judgeByWorst(judged)
    : judgeByTotal(judged, limitsOf(thresholds, role));
}

/** True if the process holds no memory any more. */
export function hasEnded(sample: Sample): boolean {
  return "missing" in sample && (sample.missing === "gone" || sample.missing === "zombie");
}

function judgeByWorst(
  members: readonly { readonly sample: Sample; readonly verdict: Verdict }[],
): Verdict {
  const level = worst(members.map((m) => m.verdict.level));
  const of = members.filter((m) => m.verdict.level === level);
  const decisive = of.reduce((a, b) => footprintOf(b.sample) > footprintOf(a.sample) ? b : a);
  const because: Because = {
    kind: "process",
    pid: decisive.sample.key.pid,
    because: decisive.verdict.because,
  };
  return { level, because };
}

/** A total that lacks a reading is a lower bound: it can be over a limit, but not surely within. */
function judgeByTotal(
  members: readonly { readonly sample: Sample }[],
  limits: Limits,
): Verdict {
  const footprintBytes = members.reduce((sum, m) => sum + footprintOf(m.sample), 0);
  const verdict = judgeBytes(footprintBytes, limits);
  const unread = members.filter((m) => "missing" in m.sample).length;
  if (unread === 0 || verdict.level !== "normal") return verdict;
  return { level: "unknown", because: { kind: "partly", unread, footprintBytes } };
}

function judgeBytes(footprintBytes: number, { warningBytes, criticalBytes }: Limits): Verdict {
  const limits = [["critical", criticalBytes], ["warning", warningBytes]] as const;
  for (const [limit, limitBytes] of limits) {
    if (footprintBytes <= limitBytes) continue;
    return { level: limit, because: { kind: "over", limit, limitBytes, footprintBytes } };
  }
  return { level: "normal", because: { kind: "within", limitBytes: warningBytes, footprintBytes } };
}

/** For sums and comparisons of what was read: a missing reading adds nothing. */
function footprintOf(sample: Sample): number {
  return "missing" in sample ? 0 : sample.reading.footprintBytes;
}
