/** What `check` and `list` share: discover, sample, judge, report, write. */

import { hasEnded, judgeInstance, judgeProcess, worst } from "../classify.ts";
import { UsageError } from "../errors.ts";
import { type ColourChoice, wantsColour } from "../report/colour.ts";
import {
  buildReport,
  type FormatName,
  FORMATS,
  type JudgedInstance,
  type Report,
  type Style,
} from "../report/report.ts";
import { look, type Looked } from "../look.ts";
import type { Selection } from "../select.ts";
import type { Level, Thresholds, World } from "../types.ts";
import type { ScanFlags } from "./flags.ts";
import { compileMatch } from "./match.ts";

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

/** What the flags select. Throws a UsageError if the pattern makes no sense. */
export async function selectionOf(flags: Pick<ScanFlags, "match" | "pid">): Promise<Selection> {
  const match = flags.match === undefined ? null : await compileMatch(flags.match);
  return { match, pids: flags.pid ?? [] };
}

/** Why a pid of the selection can't be looked at. */
export function absentError(pid: number, ownPid: number): UsageError {
  return new UsageError(
    pid === ownPid
      ? `Cannot use --pid ${pid}: that is ocmem itself, which never counts itself`
      : `Cannot use --pid ${pid}: no such process, or the system hides it. ocmem list shows those of OpenCode`,
  );
}

/** Judges an instance. A process that ended in between is left out, unless it was named. */
function judge({ instance, samples }: Looked, limits: Thresholds | null): JudgedInstance {
  const judged = instance.members
    .map((member, i) => {
      const sample = samples[i]!;
      return { member, sample, verdict: limits && judgeProcess(sample, limits) };
    })
    .filter(({ member, sample }) =>
      member.matchedBy === "pid" || !("missing" in sample && sample.missing === "gone")
    );
  if (!limits || judged.length === 0) return { instance, judged, verdict: null };
  const verdicts = judged.map(({ sample, verdict }) => ({ sample, verdict: verdict! }));
  const verdict = judgeInstance(verdicts, limits);
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
  const format = await FORMATS[formatOf(flags)]();
  world.stdout.write(format(report, styleOf(world, flags)));
}

/** `--json` is short for `--format json`. */
export function formatOf(flags: Pick<ScanFlags, "format" | "json">): FormatName {
  if (flags.json && flags.format === "text") {
    throw new UsageError("Cannot use --json with --format text: --json is short for --format json");
  }
  return flags.json ? "json" : flags.format ?? "text";
}

function styleOf(world: World, flags: ScanFlags): Style {
  if (formatOf(flags) === "json") return { width: Infinity, colour: false, home: null };
  const choice: ColourChoice = flags.color ?? "auto";
  const width = flags.wide ? Infinity : world.size()?.columns ?? 80;
  return { width, colour: wantsColour(choice, world), home: world.env("HOME") || null };
}
