/** A look that was taken while watching, as the Report that `check` makes of its own. */

import { hasEnded, judgeInstance, judgeProcess, limitsOf, worst } from "../classify.ts";
import type { Look, Looked } from "../look.ts";
import { buildReport, type Frame, type JudgedInstance, type Report } from "../report/report.ts";
import type { Level, Thresholds } from "../types.ts";

/** Exit codes of monitoring plugins. */
const EXIT_CODES: Readonly<Record<Level, number>> = {
  normal: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

/** What does not come from the look. */
export type ReportFrame = Pick<Frame, "toolVersion" | "takenAtMs" | "host"> & {
  readonly thresholds: Thresholds;
  readonly durationMs: number;
};

/** Judges all that was seen. Where nothing runs, that is normal. */
export function reportOf(
  seen: Look,
  { durationMs, ...frame }: ReportFrame,
  options: { readonly showSecrets: boolean },
): Report {
  const found = seen.found.map((one) => judge(one, frame.thresholds))
    .filter(({ judged }) => judged.length > 0);
  const level = worst(found.filter(isDecisive).map(({ verdict }) => verdict?.level ?? "unknown"));
  const scan = {
    processes: seen.scanned,
    durationMs: Math.round(durationMs),
    unreadable: seen.unreadable,
  };
  return buildReport({ ...frame, level, exitCode: EXIT_CODES[level], scan }, found, options);
}

/** Judges an instance. A process that ended in between is left out, unless it was named. */
function judge({ instance, samples }: Looked, thresholds: Thresholds): JudgedInstance {
  const judged = instance.members
    .map((member, i) => {
      const sample = samples[i]!;
      return { member, sample, verdict: judgeProcess(sample, limitsOf(thresholds, member.role)) };
    })
    .filter(({ member, sample }) =>
      member.matchedBy === "pid" || !("missing" in sample && sample.missing === "gone")
    );
  if (judged.length === 0) return { instance, judged, verdict: null };
  return { instance, judged, verdict: judgeInstance(judged, thresholds, instance.main.role) };
}

/** An instance that has ended but for its zombies holds no memory: it decides nothing, unless it was named. */
function isDecisive({ judged }: JudgedInstance): boolean {
  return judged.some(({ member, sample }) => member.matchedBy === "pid" || !hasEnded(sample));
}
