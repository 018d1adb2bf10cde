/** What `check` and `list` share: discover, sample, judge, report, write. */

import { FORMATS, type Report } from "../report/report.ts";
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
  const whole = flags.sessions ? await withSessionsOf(seen, report, world, probe) : report;
  return narrow?.withView(whole, flags) ?? whole;
}

/** What chooses among instances, loaded if the flags ask for it: a check every minute does not. */
async function narrowFor({ role, project, sort, top }: ScanFlags) {
  const isAsked = [role, project, sort, top].some((flag) => flag !== undefined);
  return isAsked ? await import("./narrow.ts") : null;
}

/** The Report with the sessions of its instances. */
async function withSessionsOf(
  seen: Look,
  report: Report,
  world: World,
  probe: Probe,
): Promise<Report> {
  const { findSessions } = await import("./find_sessions.ts");
  const { withSessions } = await import("../report/with_sessions.ts");
  const { held, notes } = await findSessions(world, seen.found, probe);
  return withSessions(report, held, notes);
}

/** Writes the Report in the format that the flags ask for. */
export async function writeReport(world: World, flags: ScanFlags, report: Report): Promise<void> {
  const name = formatOf(flags, "json", "text");
  const hasSessions = name === "text" && report.instances.some(({ sessions }) => sessions);
  const format = hasSessions
    ? (await import("../report/session_text.ts")).formatTextWithSessions
    : await FORMATS[name]();
  world.stdout.write(format(report, formatStyle(world, flags, name)));
}
