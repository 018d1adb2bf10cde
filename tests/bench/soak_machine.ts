/**
 * A scripted machine for the soak: always 50 processes, of which some come and go at every look.
 * Instances of OpenCode are replaced, pids recur, footprints move. The same in every run.
 */

import type {
  Machine,
  Marks,
  Missing,
  ProcessInfo,
  ProcessTable,
  Reading,
} from "../../src/types.ts";
import { ScriptedMachine } from "./scripted_machine.ts";
import { Pids, randomFrom } from "./soak_chance.ts";
import { type Being, type Plan, planInstance, planTool, rest } from "./soak_life.ts";

export const POPULATION = 50;
const INSTANCES = 6;
const SEED = 20_000;
/** The share of processes that end between the table and their reading. */
const VANISHING = 0.002;

/** Told of the moments between which ocmem is at work, and not the script. */
export interface Watcher {
  lookEnds(): void;
  lookBegins(index: number): void;
}

export class SoakMachine extends ScriptedMachine<Being> {
  readonly os = "darwin";
  readonly arch = "aarch64";
  readonly source = "task_info";
  /** Looks so far. */
  looks = 0;
  readonly #mains: number[] = [];
  readonly #pids: Pids;
  readonly #nowMs: () => number;
  readonly #watcher: Watcher;
  readonly #random = randomFrom(SEED);
  #births = 0;

  constructor(nowMs: () => number, watcher: Watcher) {
    super();
    this.#nowMs = nowMs;
    this.#watcher = watcher;
    this.#pids = new Pids(this.#random);
    for (const plan of rest()) this.#bear(plan);
  }

  machine(): Machine {
    return { name: "soak", boot: "" };
  }

  processTable(): ProcessTable {
    this.#watcher.lookEnds();
    this.#goOn();
    this.#watcher.lookBegins(this.looks++);
    return this.table();
  }

  directory(pid: number): string | null {
    return this.beings.get(pid)?.directory ?? null;
  }

  marks(pid: number): Marks | null {
    return this.beings.get(pid)?.marks ?? null;
  }

  memory({ key: { pid }, startedAtMs }: ProcessInfo): Reading | Missing {
    const being = this.beings.get(pid);
    if (!being || this.#random() < VANISHING) return "gone";
    const bytes = being.footprint((this.#nowMs() - startedAtMs) / 60_000, this.#random());
    if (bytes === null) return "denied";
    being.peakBytes = Math.max(being.peakBytes, bytes);
    return {
      footprintBytes: bytes,
      residentBytes: bytes,
      peakBytes: being.peakBytes,
      swappedBytes: null,
      pssBytes: null,
      ussBytes: null,
      source: this.source,
      uid: null,
    };
  }

  /** What has happened since the look before: some have ended, and as many have begun. */
  #goOn(): void {
    this.#pids.beginLook();
    for (const [pid, being] of this.beings) {
      if (being.endsAt > this.looks) continue;
      this.#end(pid);
      if (being.isMain) this.#endInstance(being.slot);
    }
    for (let slot = 0; slot < INSTANCES; slot++) {
      if (!this.beings.has(this.#mains[slot] ?? -1)) this.#found(slot);
    }
    let parent: number | null = null;
    while (this.beings.size < POPULATION) {
      const slot = Math.floor(this.#random() * INSTANCES);
      const { being: plan, isNested } = planTool(this.looks, slot, this.#random);
      const above: number = isNested && parent !== null ? parent : this.#mains[plan.slot]!;
      const slotOfParent = this.beings.get(above)!.slot;
      parent = this.#bear({ ...plan, slot: slotOfParent }, above, this.#mains[slotOfParent]!);
    }
  }

  /** Begins the instance of a place: a launcher, a session, its helpers. */
  #found(slot: number): void {
    const { launcher, session, helpers } = planInstance(this.looks, slot, this.#random);
    const top = this.#bear(launcher);
    const main = this.#bear(session, top);
    this.#mains[slot] = main;
    for (const helper of helpers) this.#bear(helper, main, main);
  }

  #endInstance(slot: number): void {
    for (const [pid, being] of this.beings) if (being.slot === slot) this.#end(pid);
  }

  /** Ends a process. As on any machine, init inherits its children. */
  #end(pid: number): void {
    this.beings.delete(pid);
    this.#pids.free(pid);
    for (const being of this.beings.values()) {
      if (being.info.ppid === pid) being.info = { ...being.info, ppid: 1 };
    }
  }

  #bear(plan: Plan, ppid = 1, openCodePid: number | null = null): number {
    const pid = this.#pids.take((pid) => this.beings.has(pid));
    const key = { pid, started: `s${++this.#births}` };
    const { name, uid = 501 } = plan;
    const info = { key, ppid, name, uid, startedAtMs: this.#nowMs(), zombie: false };
    const marks = { openCodePid, runsAsBun: plan.runsAsBun ?? false };
    this.beings.set(pid, { ...plan, info, marks, peakBytes: 0 });
    return pid;
  }
}
