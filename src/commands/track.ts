/** `ocmem track`: readings of every chosen process at even times, and what they say together. */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { Tracker } from "../follow/tracker.ts";
import { look } from "../look.ts";
import { RememberingProbe } from "../remember.ts";
import {
  buildTrackReport,
  rowsOf,
  TRACK_FORMATS,
  type TrackedSession,
  type TrackFormat,
  type TrackPlan,
} from "../report/track.ts";
import { ticks } from "../schedule.ts";
import type { World } from "../world.ts";
import type { TrackFlags } from "./flags.ts";
import { sayProgress, StatusLine } from "./progress.ts";
import { clockWith, sleepWhileRead } from "./reader.ts";
import { nameIn, refusal } from "./refusal.ts";
import { formatOf } from "./format.ts";
import { Held, requireSome } from "./held.ts";
import { type Memory, memoryFor } from "./memory.ts";
import { openPage, writePage } from "./page_file.ts";
import { requireRecording } from "./recording.ts";
import { Troubles } from "./troubles.ts";
import { selectionOf } from "./selection.ts";
import { Stop } from "./stop.ts";
import { plainStyle, styleOf } from "./style.ts";
import { thresholdsOf } from "./thresholds.ts";

const DEFAULT_DURATION_MS = 10_000;
const DEFAULT_INTERVAL_MS = 1000;
/** sysexits.h, EX_IOERR: not all could be recorded. */
const EXIT_NOT_RECORDED = 74;
/** More readings of each process than these are a mistake: they would fill the memory. */
const MOST_READINGS = 1_000_000;

/** Runs the command and returns its exit code: 0, or 128 + the number of the signal that cut it short. */
export async function track(flags: TrackFlags, world: World): Promise<number> {
  const name = formatOf(flags, "json", "text");
  const format = await TRACK_FORMATS[name]();
  const schedule = scheduleOf(flags);
  requireRecording(flags);
  requireOneChoice(flags);
  const selection = await selectionOf(flags);
  using page = openPage(world, flags.html);
  using probe = new RememberingProbe(world.openProbe(), world);
  const memoryBytes = probe.memoryBytes();
  const troubles = new Troubles(world, name !== "text");
  const session = await sessionFor(flags, world, probe);
  const held = new Held(selection, session && new Set(session.instances));
  const isTold = name === "json" || name === "ndjson";
  if (session?.certainty === "shared" && !isTold) troubles.say(await sayShared(session));
  const plan: TrackPlan = {
    toolVersion: world.version,
    startedAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    thresholds: thresholdsOf(flags, memoryBytes),
    ...schedule,
    session,
  };
  using stop = new Stop(world);
  const tracker = new Tracker();
  const machine = probe.machine();
  using memory = memoryFor("track", flags, world, { ...plan, machine });
  troubles.say(await memory?.open() ?? null);
  const looks = await follow({
    ...{ world, probe, held, plan, format, stop, tracker, memory, troubles },
  });
  troubles.say(await memory?.end() ?? null);
  if (stop.signal) tracker.end("interrupted");
  const ended = stop.signal ? "interrupted" : looks < plan.count ? "gone" : null;
  const report = buildTrackReport(
    { ...plan, endedAtMs: world.nowMs(), looks, ended },
    tracker,
    { showSecrets: flags["show-secrets"] ?? false },
  );
  world.stdout.write(format.end(report, name === "text" ? styleOf(world, flags) : plainStyle));
  if (page) {
    const { trackedHistory } = await import("../history/tracked.ts");
    await writePage(page, "OpenCode, tracked", trackedHistory(report, machine));
  }
  return stop.exitCode || (memory && !memory.isWhole ? EXIT_NOT_RECORDED : 0);
}

/** Throws a UsageError where a session is asked for and other processes too. */
function requireOneChoice({ session, pid, match }: TrackFlags): void {
  const other = pid !== undefined ? "--pid" : match !== undefined ? "--match" : null;
  if (session === undefined || other === null) return;
  throw new UsageError(
    `Cannot use --session with ${other}: --session itself says what is tracked, what holds it`,
  );
}

/** The session that is asked for, with what holds it; loaded if there is one. */
async function sessionFor(
  { session, names }: TrackFlags,
  world: World,
  probe: RememberingProbe,
): Promise<TrackedSession | null> {
  if (session === undefined) return null;
  const { trackedSession } = await import("./tracked_session.ts");
  return await trackedSession(session, names, world, probe);
}

async function sayShared(session: TrackedSession): Promise<string> {
  return (await import("../report/track_session.ts")).saySessionTracked(session);
}

interface Job {
  readonly world: World;
  readonly probe: RememberingProbe;
  readonly held: Held;
  readonly plan: TrackPlan;
  readonly format: TrackFormat;
  readonly stop: Stop;
  readonly tracker: Tracker;
  readonly memory: Memory | null;
  readonly troubles: Troubles;
}

/** Reads at every tick, and writes what a format writes at once. Returns how often. */
async function follow(job: Job): Promise<number> {
  const { world, probe, held, plan, format, stop, tracker, memory, troubles } = job;
  const { intervalMs, count } = plan;
  using status = new StatusLine(world, format.streams);
  let looks = 0;
  const clock = clockWith(world, (ms, cut) => sleepWhileRead(world, stop, ms, cut));
  for await (const tick of ticks({ intervalMs, count, skipsMissed: false }, clock, stop.cut)) {
    const all = look(probe, held.selection, world, { exact: false });
    const seen = held.narrow(all);
    if (looks === 0) requireSome(seen, held.selection, probe.ownPid);
    tracker.take(seen, tick, (pid) => probe.row(pid));
    const text = (looks === 0 ? format.begin(plan) : "") + format.look(rowsOf(seen));
    looks++;
    if (text !== "" && !world.stdout.write(text)) stop.leave();
    troubles.say(await memory?.take({ atMs: tick.atMs, look: seen, events: [] }) ?? null);
    status.show(sayProgress(plan, looks, seen));
    if (stop.isUnread || held.isOver(seen)) break;
  }
  return looks;
}

function scheduleOf(
  flags: TrackFlags,
): Pick<TrackPlan, "durationMs" | "intervalMs" | "count"> {
  const durationMs = flags.duration ?? DEFAULT_DURATION_MS;
  const intervalMs = flags.interval ?? Math.min(DEFAULT_INTERVAL_MS, durationMs);
  const refuse = (reason: string) => {
    const [interval, duration] = [nameIn(flags, "interval"), nameIn(flags, "duration")];
    const message = `Cannot use ${interval} ${writeDuration(intervalMs)} with ` +
      `${duration} ${writeDuration(durationMs)}: ${reason}`;
    return refusal(flags, "interval", message);
  };
  if (intervalMs > durationMs) {
    throw refuse("expected an interval that is not longer than the duration");
  }
  const count = Math.ceil(durationMs / intervalMs);
  if (count > MOST_READINGS) {
    throw refuse(
      `that makes ${count} readings of each process, and at most ${MOST_READINGS} are kept`,
    );
  }
  return { durationMs, intervalMs, count };
}
