/** `ocmem stop`: ends processes of OpenCode on request, and says what was reclaimed. */

import { endAll, type Ended, type EndJob } from "../ending/end.ts";
import { planOf, type Target } from "../ending/plan.ts";
import { UnsupportedError, UsageError } from "../errors.ts";
import { look } from "../look.ts";
import {
  buildEndReport,
  END_FORMATS,
  type EndFrame,
  type EndReport,
  isLeft,
} from "../report/ending.ts";
import type { Ender } from "../ender.ts";
import type { Probe } from "../types.ts";
import type { World } from "../world.ts";
import type { StopFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { selectionOf } from "./selection.ts";
import { Stop } from "./stop.ts";
import { plainStyle, styleOf } from "./style.ts";

export const DEFAULT_GRACE_MS = 10_000;

/** Runs the command and returns its exit code: 0 all have ended, 1 something has not. */
export async function end(
  flags: StopFlags,
  words: readonly string[],
  world: World,
): Promise<number> {
  const format = formatOf(flags, "json", "text");
  const asks = requireConsent(flags, world, format);
  const selection = await selectionOf({ names: flags.names, patterns: flags.patterns });
  using probe = world.openProbe();
  const seen = look(probe, selection, world, { exact: false });
  const { targets, strangers } = planOf(seen, probe, words.map(Number), flags.only ?? false);
  if (strangers.length > 0) throw strangerError(strangers[0]!, probe.ownPid);
  const frame: Omit<EndFrame, "exitCode"> = {
    toolVersion: world.version,
    takenAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes: probe.memoryBytes() },
    graceMs: flags.grace ?? DEFAULT_GRACE_MS,
    force: flags.force ?? false,
  };
  const show = async (ended: readonly Ended[], exitCode: number) => {
    const report = buildEndReport(ended, { ...frame, exitCode });
    const write = await END_FORMATS[format]();
    world.stdout.write(write(report, format === "text" ? styleOf(world, {}) : plainStyle));
    return exitCode;
  };
  const plan = targets.map(untried);
  if (flags["dry-run"]) return await show(plan, 0);
  using stop = new Stop(world);
  if (asks && targets.some(({ refusal }) => refusal === null)) {
    const isYes = await ask(buildEndReport(plan, { ...frame, exitCode: 0 }), world, stop);
    if (!isYes) return stop.exitCode || 1;
  }
  const job = { world, probe, cut: stop.cut, ...frame };
  const ended = await endSafely(targets, job);
  return await show(ended, stop.exitCode || (ended.some(isLeft) ? 1 : 0));
}

/** Ends them. Throws an UnsupportedError where a pid may mean another process to who takes signals. */
export async function endSafely(
  targets: readonly Target[],
  job: Omit<EndJob, "world" | "ender"> & { readonly world: World },
): Promise<readonly Ended[]> {
  using ender = await job.world.openEnder();
  requireSameCount(ender, job.probe);
  return await endAll(targets, { ...job, ender });
}

/** In a container that shows the host's /proc, its pids are not those that signals go to. */
function requireSameCount(ender: Ender, probe: Probe): void {
  if (ender.ownPid === probe.ownPid) return;
  throw new UnsupportedError(
    "Cannot stop processes: /proc is that of another PID namespace, where this process is " +
      `${probe.ownPid} and not ${ender.ownPid}, so that a signal could reach another one. ` +
      "Run ocmem where the processes run",
  );
}

/** Whether the user is to be asked. Throws a UsageError where nobody can be, and no flag says yes. */
function requireConsent(flags: StopFlags, world: World, format: "text" | "json"): boolean {
  if (flags.yes || flags["dry-run"]) return false;
  const isAsked = format === "text" && world.stdin.isTerminal() && world.stdout.isTerminal();
  if (isAsked) return true;
  const why = format === "json" ? "with JSON nobody is asked" : "there is no terminal to ask on";
  throw new UsageError(
    `Cannot stop processes without --yes: ${why}. --dry-run shows what it would stop`,
  );
}

function strangerError(pid: number, ownPid: number): UsageError {
  return new UsageError(
    pid === ownPid
      ? `Cannot stop ${pid}: that is ocmem itself`
      : `Cannot stop ${pid}: it is no process of OpenCode, or has ended. ocmem list shows those that are`,
  );
}

/** What is planned, as if it had been tried. */
function untried(target: Target): Ended {
  const { refusal, footprintBytes } = target;
  const outcome = refusal === null ? "dry_run" : refusal === "zombie" ? "gone" : "refused";
  return { target, outcome, refusal, signals: [], by: null, waitedMs: 0, footprintBytes };
}

/** Shows the plan and asks. Anything but y and yes is no. */
async function ask({ rows }: EndReport, world: World, stop: Stop): Promise<boolean> {
  const { question, tableOf } = await import("../report/ending_text.ts");
  const table = tableOf(rows, styleOf(world, {})).join("\n");
  world.stdout.write(`${table}\n\n${question(rows.filter((row) => !isLeft(row)))}`);
  const answer = await world.stdin.line(stop.cut);
  if (/^\s*y(?:es)?\s*$/i.test(answer ?? "")) return true;
  world.stdout.write(`${answer === null ? "\n" : ""}Nothing was stopped\n`);
  return false;
}
