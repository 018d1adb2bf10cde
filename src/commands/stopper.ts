/** `watch --on-critical stop`: ends each process that becomes critical, once, as `ocmem stop` would. */

import { planOf } from "../ending/plan.ts";
import { UsageError } from "../errors.ts";
import type { WatchEvent } from "../follow/event.ts";
import { nameOf } from "../follow/series.ts";
import { look } from "../look.ts";
import { buildEndReport } from "../report/ending.ts";
import { sayOutcome } from "../report/ending_text.ts";
import type { Probe, Scope } from "../types.ts";
import type { World } from "../world.ts";
import { DEFAULT_GRACE_MS, endSafely } from "./end.ts";
import type { WatchFlags } from "./flags.ts";
import { selectionOf } from "./selection.ts";

/** An event about a process or an instance. */
type About = Exclude<WatchEvent, { readonly kind: "gap" }>;

/** Throws a UsageError where no process can become critical. */
export function requireProcesses(flags: Pick<WatchFlags, "on-critical">, scope: Scope): void {
  if (flags["on-critical"] === undefined || scope === "process") return;
  throw new UsageError(
    "Cannot use --on-critical stop with --scope instance: it stops processes, and there totals are compared",
  );
}

export class Stopper {
  readonly #world: World;
  readonly #probe: Probe;
  readonly #flags: WatchFlags;
  readonly #cut: AbortSignal;
  readonly #complain: (message: string) => void;
  /** Processes that were dealt with, whatever came of it: none is stopped twice. */
  readonly #known = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #done: WatchEvent[] = [];

  constructor(
    world: World,
    probe: Probe,
    flags: WatchFlags,
    cut: AbortSignal,
    complain: (message: string) => void,
  ) {
    this.#world = world;
    this.#probe = probe;
    this.#flags = flags;
    this.#cut = cut;
    this.#complain = complain;
  }

  /** Begins to stop the process that an event makes critical. Does not wait for its end. */
  handle(event: WatchEvent): void {
    const isCritical = event.kind === "level" && event.level === "critical" &&
      event.subject.kind === "process";
    if (!isCritical || this.#known.has(nameOf(event.subject.key))) return;
    this.#known.add(nameOf(event.subject.key));
    const running = this.#stop(event).catch((error) =>
      this.#complain(`Cannot stop ${event.subject.key.pid}: ${error.message}`)
    ).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** What has come of it since it was asked last. */
  take(): readonly WatchEvent[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  /** Waits for what was begun. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #stop({ subject, footprintBytes, level }: About): Promise<void> {
    const { names, patterns } = this.#flags;
    const selection = await selectionOf({ names, patterns });
    const { pid } = subject.key;
    const seen = look(this.#probe, selection, this.#world, { exact: false });
    const { targets } = planOf(seen, this.#probe, [pid], false);
    const target = targets.find(({ member }) => member.info.key.pid === pid);
    // Not OpenCode's (--match, --pid), or gone, or another process by now.
    if (target === undefined) {
      return this.#complain(`${pid} is not stopped: it is no process of OpenCode, or has ended`);
    }
    if (target.member.info.key.started !== subject.key.started) return;
    const ended = await endSafely(targets, {
      ...{ world: this.#world, probe: this.#probe, cut: this.#cut },
      ...{ graceMs: DEFAULT_GRACE_MS, force: false },
    });
    const { rows, totals } = buildEndReport(ended, {
      ...{ toolVersion: "", takenAtMs: 0, graceMs: 0, force: false, exitCode: 0 },
      host: { os: this.#probe.os, arch: this.#probe.arch, memoryBytes: 0 },
    });
    const row = rows.find((one) => one.pid === pid)!;
    this.#done.push({
      ...{ atMs: this.#world.nowMs(), subject, footprintBytes, level, kind: "stopped" },
      ...{ outcome: row.outcome, said: sayOutcome(row) },
      ...{ processes: totals.ended, reclaimedBytes: totals.reclaimedBytes },
    });
  }
}
