/** Looks to Reports: each process and each instance judged, and all together. */

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

/** What a Report does not take from the look. */
export type LookFrame = Pick<Frame, "toolVersion" | "takenAtMs" | "host" | "thresholds"> & {
  /** How long the look took. */
  readonly durationMs: number;
};

/** The Report of a look. Without limits nothing is judged. `levelOfNone`: the level where nothing runs. */
export function reportOf(
  seen: Look,
  { durationMs, ...frame }: LookFrame,
  levelOfNone: Level,
  options: { readonly showSecrets: boolean },
): Report {
  const { thresholds } = frame;
  const found = seen.found.map((one) => judge(one, thresholds))
    .filter((one) => one.judged.length > 0);
  const level = thresholds && levelOf(found, levelOfNone);
  const scan = {
    processes: seen.scanned,
    durationMs: Math.round(durationMs),
    unreadable: seen.unreadable,
  };
  const exitCode = level === null ? 0 : EXIT_CODES[level];
  return buildReport({ ...frame, level, exitCode, scan }, found, options);
}

/** Judges an instance. A process that ended in between is left out, unless it was named. */
function judge({ instance, samples }: Looked, thresholds: Thresholds | null): JudgedInstance {
  const judged = instance.members
    .map((member, i) => {
      const sample = samples[i]!;
      const verdict = thresholds && judgeProcess(sample, limitsOf(thresholds, member.role));
      return { member, sample, verdict };
    })
    .filter(({ member, sample }) =>
      member.matchedBy === "pid" || !("missing" in sample && sample.missing === "gone")
    );
  if (!thresholds || judged.length === 0) return { instance, judged, verdict: null };
  const verdicts = judged.map(({ sample, verdict }) => ({ sample, verdict: verdict! }));
  const verdict = judgeInstance(verdicts, thresholds, instance.main.role);
  return { instance, judged, verdict };
}

/**
 * The worst level of what is running. An instance that has ended but for its zombies holds no memory:
 * it is reported, and decides nothing unless the user named it.
 */
function levelOf(found: readonly JudgedInstance[], levelOfNone: Level): Level {
  const decisive = found.filter(({ judged }) =>
    judged.some(({ member, sample }) => member.matchedBy === "pid" || !hasEnded(sample))
  );
  if (decisive.length === 0) return levelOfNone;
  return worst(decisive.map((one) => one.verdict?.level ?? "unknown"));
}
