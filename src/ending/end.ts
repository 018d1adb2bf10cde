/**
 * Ends processes: asks each (SIGTERM), waits, and kills what is left if that is wanted. Just before every
 * signal it is looked again whether this is still the same process, and one that may be ended.
 */

import { fateOf } from "../follow/series.ts";
import type { Ender, EndOutcome, EndSignal, Hold } from "../ender.ts";
import type { Missing, Probe } from "../types.ts";
import type { World } from "../world.ts";
import { callerOf, type Refusal, refusalOf } from "./guard.ts";
import type { Target } from "./plan.ts";

/** How long what was killed may take to be gone: the kernel gives back its memory first. */
const KILLED_MS = 5000;
/** From one look at who has ended to the next: no event of the system tells. */
const STEP_MS = { least: 10, most: 100 } as const;

export type Outcome = EndOutcome;

/** A process, and what has become of it. */
export interface Ended {
  readonly target: Target;
  readonly outcome: Outcome;
  readonly refusal: Refusal | null;
  readonly signals: readonly EndSignal[];
  /** What the signals went to, or null if there were none. */
  readonly by: Hold["by"] | null;
  /** From the first signal until it was seen to have ended, or was given up. */
  readonly waitedMs: number;
  /** What it held just before, or null if that can't be told. */
  readonly footprintBytes: number | null;
}

export interface EndJob {
  readonly world: Pick<World, "elapsedMs" | "sleep">;
  readonly probe: Probe;
  readonly ender: Ender;
  /** Ends the waiting: what then still runs is left as it is. */
  readonly cut: AbortSignal;
  readonly graceMs: number;
  readonly force: boolean;
}

/** Ends what is planned: the named first, so that they can end what is theirs; then what is left. */
export async function endAll(targets: readonly Target[], job: EndJob): Promise<readonly Ended[]> {
  const all = targets.map((target) => new Ending(target, job));
  try {
    const named = all.filter(({ target }) => target.member.info.key.pid === target.top);
    await end(named, job);
    const over = new Set(named.filter((one) => one.isOver).map(({ target }) => target.top));
    const rest = all.filter((one) => !named.includes(one));
    await end(rest.filter(({ target }) => over.has(target.top)), job);
    for (const one of rest) one.settle("still_running");
    return all.map((one) => one.result);
  } finally {
    for (const one of all) one[Symbol.dispose]();
  }
}

async function end(endings: readonly Ending[], job: EndJob): Promise<void> {
  await signal(endings, "SIGTERM", job.graceMs, job);
  if (job.force) await signal(endings, "SIGKILL", KILLED_MS, job);
  for (const one of endings) one.settle("still_running");
}

async function signal(
  endings: readonly Ending[],
  signal: EndSignal,
  waitMs: number,
  job: EndJob,
): Promise<void> {
  const { world, cut, probe } = job;
  if (cut.aborted) return;
  for (const one of endings) one.send(signal);
  const deadlineMs = world.elapsedMs() + waitMs;
  for (let stepMs: number = STEP_MS.least;; stepMs = Math.min(stepMs * 2, STEP_MS.most)) {
    const open = endings.filter((one) => !one.isSettled);
    if (open.length === 0) return;
    const table = probe.processTable();
    for (const one of open) one.look(table);
    const restMs = deadlineMs - world.elapsedMs();
    if (open.every((one) => one.isSettled) || restMs <= 0 || cut.aborted) return;
    await world.sleep(Math.min(stepMs, restMs), cut);
  }
}

/** One process on its way. */
class Ending implements Disposable {
  readonly #job: EndJob;
  readonly #signals: EndSignal[] = [];
  #hold: Hold | null = null;
  #outcome: Outcome | null = null;
  #refusal: Refusal | null;
  #footprintBytes: number | null;
  #sentAtMs: number | null = null;
  #waitedMs = 0;

  constructor(readonly target: Target, job: EndJob) {
    this.#job = job;
    this.#refusal = target.refusal;
    this.#footprintBytes = target.footprintBytes;
    if (target.refusal !== null) {
      // A zombie is there, and there is nothing left of it to end.
      this.#outcome = target.refusal === "zombie" ? "gone" : "refused";
    }
  }

  get isSettled(): boolean {
    return this.#outcome !== null;
  }

  /** Whether it no longer runs. */
  get isOver(): boolean {
    return this.#outcome === "ended" || this.#outcome === "killed" || this.#outcome === "gone";
  }

  get result(): Ended {
    return {
      target: this.target,
      outcome: this.#outcome ?? "still_running",
      refusal: this.#refusal,
      signals: this.#signals,
      by: this.#signals.length > 0 ? this.#hold?.by ?? null : null,
      waitedMs: this.#waitedMs,
      footprintBytes: this.#footprintBytes,
    };
  }

  /** Sends a signal if it is still the same process, and one that may be ended. */
  send(signal: EndSignal): void {
    if (this.isSettled) return;
    // The hold comes first: what is verified after it can't become another process unseen.
    const why = this.#take() ?? this.#verify() ?? this.#hold!.send(signal);
    if (why === "gone") return this.#goes();
    if (why === "changed") return this.settle("changed");
    if (why !== null) {
      this.#refusal = why === "denied" || why === "unsupported" ? "system" : why;
      return this.settle("refused");
    }
    this.#signals.push(signal);
    this.#sentAtMs ??= this.#job.world.elapsedMs();
  }

  /** Looks whether it has ended. */
  look(table: ReturnType<Probe["processTable"]>): void {
    const { key } = this.target.member.info;
    if (fateOf(key, table.get(key.pid)) !== "left") this.#goes();
  }

  settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.#outcome = outcome;
    if (this.#sentAtMs !== null) this.#waitedMs = this.#job.world.elapsedMs() - this.#sentAtMs;
  }

  [Symbol.dispose](): void {
    this.#hold?.[Symbol.dispose]();
  }

  #goes(): void {
    const { member, top } = this.target;
    const isNamed = member.info.key.pid === top;
    if (this.#signals.includes("SIGKILL")) this.settle("killed");
    // What was below another has ended with it.
    else this.settle(this.#signals.length === 0 && isNamed ? "gone" : "ended");
  }

  #take(): Exclude<Missing, "zombie"> | null {
    if (this.#hold !== null) return null;
    const hold = this.#job.ender.hold(this.target.member.info.key.pid);
    if (typeof hold === "string") return hold === "zombie" ? "gone" : hold;
    this.#hold = hold;
    return null;
  }

  #verify(): Refusal | "gone" | "changed" | null {
    const { probe } = this.#job;
    const { info: { key }, executable: expected } = this.target.member;
    const table = probe.processTable();
    const info = table.get(key.pid);
    const fate = fateOf(key, info);
    if (info === undefined || fate === "gone") return "gone";
    if (fate === "reused") return "changed";
    const executable = probe.executable(key.pid);
    if (executable !== null && executable !== expected) return "changed";
    const reading = probe.memory(info, { exact: false });
    if (reading === "gone" || reading === "zombie") return "gone";
    const { uid = null, footprintBytes = null } = typeof reading === "string" ? {} : reading;
    const refusal = refusalOf(
      { info, uid: info.uid ?? uid, executable },
      callerOf(probe, table),
    );
    if (refusal === null) this.#footprintBytes = footprintBytes ?? this.#footprintBytes;
    return refusal;
  }
}
