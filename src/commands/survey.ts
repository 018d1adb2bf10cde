/** What `check` and `list` share: discover, sample, judge, report, write. */

import { type Format, FORMATS, type Report } from "../report/report.ts";
import { type Look, look } from "../look.ts";
import type { Level, Probe, Thresholds } from "../types.ts";
import type { World } from "../world.ts";
import type { ScanFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { reportOf } from "./judging.ts";
import { absentError, selectionOf } from "./selection.ts";
import { formatStyle } from "./style.ts";

/** How to judge: the limits on this machine, and the level when nothing is running. */
export interface Policy {
  thresholds(memoryBytes: number): Thresholds;
  readonly levelOfNone: Level;
  /** Whether it is told what to do about what is over a limit. */
  readonly advises?: boolean;
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
  const all = look(probe, selection, world, { exact: flags.exact ?? false });
  const [absent] = all.absent;
  if (absent !== undefined) throw absentError(absent, probe.ownPid);
  const frame = {
    toolVersion: world.version,
    takenAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    thresholds,
    durationMs: world.elapsedMs() - begin,
  };
  const narrow = await narrowFor(flags);
  const seen = narrow?.narrowed(all, flags, world) ?? all;
  const showSecrets = flags["show-secrets"] ?? false;
  const report = reportOf(seen, frame, policy?.levelOfNone ?? "normal", { showSecrets });
  const known = await withMore(seen, report, world, flags, policy, probe);
  const isOver = known.level === "warning" || known.level === "critical";
  const whole = policy?.advises && isOver
    ? (await import("../report/advice.ts")).withAdvice(known)
    : known;
  return narrow?.withView(whole, flags) ?? whole;
}

/** What chooses among instances, loaded if the flags ask for it: a check every minute does not. */
async function narrowFor({ role, project, sort, top }: ScanFlags) {
  const isAsked = [role, project, sort, top].some((flag) => flag !== undefined);
  return isAsked ? await import("./narrow.ts") : null;
}

/**
 * The Report with sessions and what runs around them, if they are asked for; with what processes alone
 * tell where nothing is judged and sessions are turned off; as it is where nobody said anything.
 */
async function withMore(
  seen: Look,
  report: Report,
  world: World,
  flags: ScanFlags,
  policy: Policy | null,
  probe: Probe,
): Promise<Report> {
  const { sessions } = flags;
  if (!sessions && (sessions === undefined || policy !== null)) return report;
  const around = await import("./around.ts");
  const options = { showSecrets: flags["show-secrets"] ?? false };
  return sessions
    ? await around.withSessionsOf(seen, report, world, probe, options)
    : around.withChildrenOf(seen, report, options);
}

/** Writes the Report in the format that the flags ask for. */
export async function writeReport(world: World, flags: ScanFlags, report: Report): Promise<void> {
  const name = formatOf(flags, "json", "text");
  const format = name === "text" ? await textFor(report) : await FORMATS[name]();
  world.stdout.write(format(report, formatStyle(world, flags, name)));
}

/** Text, and what it takes to show what else a Report may have. */
async function textFor({ instances }: Report): Promise<Format> {
  const format = instances.some(({ sessions, children }) => sessions ?? children)
    ? (await import("../report/session_text.ts")).formatTextWithSessions
    : await FORMATS.text();
  if (!instances.some(({ advice }) => advice)) return format;
  const { adviceLines } = await import("../report/advice_text.ts");
  return (report, style) => format(report, style, { below: adviceLines(report) });
}
