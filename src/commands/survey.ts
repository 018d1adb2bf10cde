/** What `check` and `list` share: discover, sample, judge, report, write. */

import { hasEnded, judgeInstance, judgeProcess, limitsOf, worst } from "../classify.ts";
import { buildReport, FORMATS, type JudgedInstance, type Report } from "../report/report.ts";
import { look, type Looked } from "../look.ts";
import type { Level, Thresholds } from "../types.ts";
import type { World } from "../world.ts";
import type { ScanFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { absentError, selectionOf } from "./selection.ts";
import { formatStyle } from "./style.ts";

/** Exit codes of monitoring plugins. */
const EXIT_CODES: Readonly<Record<Level, number>> = {
  normal: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

/** How to judge: the limits on this machine, and the level when nothing is running. */
export interface Policy {
  thresholds(memoryBytes: number): Thresholds;
  readonly levelOfNone: Level;
}

/** Looks at the machine once. Without a policy nothing is judged. */
export async function survey(
  world: World,
  flags: ScanFlags,
  policy: Policy | null,
): Promise<Report> {
  const selection = await selectionOf(flags);
  const begin = world.elapsedMs();
  using probe = world.openProbe();
  const memoryBytes = probe.memoryBytes();
  const thresholds = policy?.thresholds(memoryBytes) ?? null;
  const seen = look(probe, selection, world, { exact: flags.exact ?? false });
  const [absent] = seen.absent;
  if (absent !== undefined) throw absentError(absent, probe.ownPid);
  const found = seen.found.map((one) => judge(one, thresholds))
    .filter((one) => one.judged.length > 0);
  const level = policy && thresholds ? levelOf(found, policy) : null;
  const frame = {
    toolVersion: world.version,
    takenAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    thresholds,
    level,
    exitCode: level === null ? 0 : EXIT_CODES[level],
    scan: {
      processes: seen.scanned,
      durationMs: Math.round(world.elapsedMs() - begin),
      unreadable: seen.unreadable,
    },
  };
  return buildReport(frame, found, { showSecrets: flags["show-secrets"] ?? false });
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
function levelOf(found: readonly JudgedInstance[], policy: Policy): Level {
  const decisive = found.filter(({ judged }) =>
    judged.some(({ member, sample }) => member.matchedBy === "pid" || !hasEnded(sample))
  );
  if (decisive.length === 0) return policy.levelOfNone;
  return worst(decisive.map((one) => one.verdict?.level ?? "unknown"));
}

/** Writes the Report in the format that the flags ask for. */
export async function writeReport(world: World, flags: ScanFlags, report: Report): Promise<void> {
  const name = formatOf(flags, "json", "text");
  const format = await FORMATS[name]();
  world.stdout.write(format(report, formatStyle(world, flags, name)));
}
