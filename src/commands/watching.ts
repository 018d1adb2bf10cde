/** Looking again and again, and telling what happens: what `watch` and `serve` share. */

import { NativeError, UsageError } from "../errors.ts";
import type { WatchEvent } from "../follow/event.ts";
import { type IsAlive, Watcher, type WatchPolicy } from "../follow/watcher.ts";
import { fateOf } from "../follow/series.ts";
import { type Look, look, totalBytes } from "../look.ts";
import { RememberingProbe } from "../remember.ts";
import { type EventRecord, eventRecord, type Wording } from "../report/event.ts";
import type { WatchPlan, WatchSummary } from "../report/watch_lines.ts";
import { type Gap, Hurry, ticks } from "../schedule.ts";
import { wantsExport } from "../telemetry/wanted.ts";
import type { Thresholds } from "../types.ts";
import type { World } from "../world.ts";
import type { FollowFlags, WatchFlags } from "./flags.ts";
import type { Exporting } from "./exporting.ts";
import { requireHook } from "./hook_check.ts";
import { Hooks } from "./hooks.ts";
import { Held, requireSome } from "./held.ts";
import { type Memory, memoryFor } from "./memory.ts";
import { requireRecording } from "./recording.ts";
import { selectionOf } from "./selection.ts";
import { clockWith } from "./reader.ts";
import { Stop } from "./stop.ts";
import type { Stopper } from "./stopper.ts";
import { thresholdsOf } from "./thresholds.ts";
import type { Past, View, Wheel } from "./view.ts";

const DEFAULT_REMIND_MS = 600_000;
const DEFAULT_GROWTH_MS = 600_000;
const DEFAULT_CLEAR_SHARE = 0.9;
const DEFAULT_DUPLICATES = 8;

/** Opens what shows it. */
export type OpenView = (
  plan: WatchPlan,
  watcher: Watcher,
  wheel: Wheel,
  past: Past | null,
) => Promise<View>;

/** How watching is done for a command. */
export interface Manner {
  readonly command: "watch" | "serve";
  readonly intervalMs: number;
  readonly openView: OpenView;
}

/** Watches until it is asked to end, or has looked `count` times. */
export async function watching(
  flags: FollowFlags & Pick<WatchFlags, "count" | "on-critical">,
  world: World,
  { command, intervalMs, openView }: Manner,
): Promise<void> {
  requireExec(flags);
  if (command === "watch") requireRecording(flags);
  const held = new Held(await selectionOf(flags));
  await requireHook(world, flags);
  const bare = world.openProbe();
  using probe = new RememberingProbe(bare, world);
  const memoryBytes = probe.memoryBytes();
  const thresholds = thresholdsOf(flags, memoryBytes);
  const stopping = flags["on-critical"] === undefined ? null : await import("./stopper.ts");
  stopping?.requireProcesses(flags, thresholds.scope);
  const plan: WatchPlan = {
    toolVersion: world.version,
    startedAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    machine: probe.machine(),
    thresholds,
    intervalMs,
  };
  using stop = new Stop(world);
  const hurry = new Hurry(stop.cut);
  const watcher = new Watcher(policyOf(flags, intervalMs, thresholds));
  using memory = memoryFor(command, flags, world, plan);
  using exported = wantsExport((name) => world.env(name))
    ? (await import("./exporting.ts")).exporting(world, plan)
    : null;
  using view = await openView(plan, watcher, { stop, hurry }, memory?.past ?? null);
  const complain = (message: string | null) => {
    if (message !== null) view.trouble(world.nowMs(), message);
  };
  complain(exported?.trouble ?? null);
  complain(await memory?.open() ?? null);
  const hooks = new Hooks(world, probe.os, flags, complain);
  const stopper = stopping && new stopping.Stopper(world, bare, flags, stop.cut, complain);
  const summary = await follow({
    ...{ flags, world, probe, held, plan, stop, hurry, watcher, view, hooks, memory, exported },
    ...{ stopper, complain },
  });
  await hooks.end(stop.cut.aborted);
  complain(await memory?.end() ?? null);
  view.end(summary);
}

interface Job {
  readonly flags: FollowFlags & Pick<WatchFlags, "count">;
  readonly stopper: Stopper | null;
  readonly world: World;
  readonly probe: RememberingProbe;
  readonly held: Held;
  readonly plan: WatchPlan;
  readonly stop: Stop;
  readonly hurry: Hurry;
  readonly watcher: Watcher;
  readonly view: View;
  readonly hooks: Hooks;
  readonly memory: Memory | null;
  readonly exported: Exporting | null;
  readonly complain: (message: string | null) => void;
}

/** Looks at every tick, until it is told to end or what was named is gone. */
async function follow(job: Job): Promise<WatchSummary> {
  const { flags, world, held, plan, stop, hurry, view, memory, complain } = job;
  const schedule = { intervalMs: plan.intervalMs, count: flags.count ?? null, skipsMissed: true };
  const beginMs = world.elapsedMs();
  let [looks, instances, events] = [0, 0, 0];
  let peakBytes: number | null = null;
  const clock = clockWith(world, (ms, cut) => view.sleep(ms, cut));
  let gap: Gap | null = null;
  for await (const tick of ticks(schedule, clock, stop.cut, hurry)) {
    gap ??= tick.gap;
    const lookedAtMs = world.elapsedMs();
    const seen = lookAgain(job, looks === 0);
    if (seen === null) continue;
    const lookMs = world.elapsedMs() - lookedAtMs;
    looks++;
    const stopped = job.stopper?.take() ?? [];
    const news = [...stopped, ...job.watcher.take(seen, { ...tick, gap }, isAliveIn(job))];
    const happened = tell(job, news);
    gap = null;
    complain(await memory?.take({ atMs: tick.atMs, look: seen, events: news }) ?? null);
    events += happened.length;
    instances += happened.filter((event) => event.kind === "found").length;
    peakBytes = Math.max(peakBytes ?? 0, totalBytes(seen)) || null;
    job.exported?.show(seen, tick.atMs, lookMs);
    view.show({ tick, look: seen, lookMs, events: happened, probe: job.probe });
    // What is critical is told before it is stopped.
    for (const event of news) job.stopper?.handle(event);
    if (stop.cut.aborted || held.isOver(seen)) break;
  }
  events += await tellLast(job);
  const durationMs = world.elapsedMs() - beginMs;
  return {
    endedAtMs: world.nowMs(),
    durationMs,
    looks,
    instances,
    events,
    peakBytes,
  };
}

/** One look; null if it fails where others went well before: the next may go well again. */
function lookAgain({ world, probe, held, view }: Job, isFirst: boolean): Look | null {
  try {
    const seen = look(probe, held.selection, world, { exact: false });
    // OpenCode, or what matches, may come later; who has a pid now is known now.
    if (isFirst && held.selection.pids.length > 0) requireSome(seen, held.selection, probe.ownPid);
    return held.narrow(seen);
  } catch (error) {
    if (isFirst || !(error instanceof NativeError)) throw error;
    view.trouble(world.nowMs(), `${error.message}; it is tried again at the next look`);
    return null;
  }
}

/** Waits for what is being stopped, and tells what came of it. Returns how much there was to tell. */
async function tellLast(job: Job): Promise<number> {
  await job.stopper?.end();
  const news = job.stopper?.take() ?? [];
  if (news.length === 0) return 0;
  const last = tell(job, news);
  job.view.tell?.(last);
  const taken = { atMs: job.world.nowMs(), look: null, events: news };
  job.complain(await job.memory?.take(taken) ?? null);
  return last.length;
}

/** Whether a process still runs. */
function isAliveIn({ probe }: Job): IsAlive {
  return (key) => fateOf(key, probe.row(key.pid)) === "left";
}

/** What has happened, in words, handed to the hooks. */
function tell({ plan, world, flags, hooks }: Job, news: readonly WatchEvent[]): EventRecord[] {
  const wording: Wording = {
    thresholds: plan.thresholds,
    home: world.env("HOME") || null,
    showSecrets: flags["show-secrets"] ?? false,
  };
  const events = news.map((event) => eventRecord(event, wording));
  for (const event of events) hooks.handle(event);
  return events;
}

function policyOf(flags: FollowFlags, intervalMs: number, thresholds: Thresholds): WatchPolicy {
  return {
    thresholds,
    intervalMs,
    forReadings: flags.for ?? 1,
    clearShare: flags.clear ?? DEFAULT_CLEAR_SHARE,
    remindMs: flags.remind ?? DEFAULT_REMIND_MS,
    growthMs: flags.growth ?? DEFAULT_GROWTH_MS,
    duplicates: flags.duplicates ?? DEFAULT_DUPLICATES,
  };
}

/** Throws a UsageError for a time-out of nothing. */
function requireExec(flags: FollowFlags): void {
  const isHere = flags["exec-timeout"] !== undefined && !flags.places?.["exec-timeout"];
  // In the options file it waits for a command that may come.
  if (isHere && flags.exec === undefined) {
    throw new UsageError("Cannot use --exec-timeout without --exec");
  }
}
