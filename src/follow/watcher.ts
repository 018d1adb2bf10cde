/** Follows instances and processes by identity from look to look, and tells what happens to them. */

import { hasEnded, worst } from "../classify.ts";
import type { Look, Looked } from "../look.ts";
import type { Tick } from "../schedule.ts";
import type { ProcessKey, Sample } from "../types.ts";
import { copiesIn, Told } from "./duplicates.ts";
import { type Happening, type Standing, subjectOf, type WatchEvent } from "./event.ts";
import { Pulse, type PulsePolicy } from "./pulse.ts";
import { nameOf, totalOf } from "./series.ts";

export interface WatchPolicy extends PulsePolicy {
  /** How many copies of a helper under one instance are told of; 0: never. */
  readonly duplicates: number;
}

/** Whether this very process still runs. */
export type IsAlive = (key: ProcessKey) => boolean;

type Pulses = Map<string, Pulse>;

/**
 * A look may miss a process that ends or begins others in that very moment. It is let go only when it
 * is missed this often.
 */
const MOST_MISSES = 2;

export class Watcher {
  readonly #policy: WatchPolicy;
  readonly #told: Told;
  #processes: Pulses = new Map();
  #instances: Pulses = new Map();

  constructor(policy: WatchPolicy) {
    this.#policy = policy;
    this.#told = new Told(policy.duplicates);
  }

  /** What is remembered of a process of the last look. */
  pulseOf(key: ProcessKey): Pulse | undefined {
    return this.#processes.get(nameOf(key));
  }

  /** What is remembered of an instance of the last look. */
  pulseOfInstance(id: string): Pulse | undefined {
    return this.#instances.get(id);
  }

  /** Takes a look, and returns what has happened since the one before. */
  take({ found }: Look, tick: Tick, isAlive: IsAlive): WatchEvent[] {
    const happened = new Happened(tick.atMs);
    if (tick.gap) this.#startAnew(tick, happened);
    const before = { processes: this.#processes, instances: this.#instances };
    this.#processes = new Map();
    this.#instances = new Map();
    const alive = found.filter((looked) => totalOf(looked) !== null);
    const readings = alive.map((looked) => this.#read(looked, before, tick));
    const ended = new Set(
      found.flatMap(({ samples }) => samples).filter(hasEnded).map(({ key }) => nameOf(key)),
    );
    // Who is gone comes first: what begins may be its successor.
    this.#letGo(before, (key) => !ended.has(nameOf(key)) && isAlive(key), happened);
    for (const one of readings) this.#judge(one, tick, happened);
    return happened.events;
  }

  #startAnew({ atMs, gap }: Tick, happened: Happened): void {
    happened.events.push({ atMs, kind: "gap", gap: gap! });
    for (const pulse of this.#processes.values()) pulse.startAnew();
    for (const pulse of this.#instances.values()) pulse.startAnew();
  }

  /** Adds the readings of an instance and its processes. */
  #read(
    looked: Looked,
    before: { readonly processes: Pulses; readonly instances: Pulses },
    { elapsedMs }: Tick,
  ): Reading {
    const { instance: { id, main, directory, members }, samples } = looked;
    const isNew = !before.instances.has(id);
    const whole = before.instances.get(id) ??
      new Pulse(subjectOf("instance", main, id, directory), this.#policy);
    whole.subject = subjectOf("instance", main, id, directory);
    whole.read(totalOf(looked)!.footprintBytes, elapsedMs);
    this.#instances.set(id, whole);
    const parts: Pulse[] = [];
    for (const [i, member] of members.entries()) {
      if (hasEnded(samples[i]!)) continue;
      const name = nameOf(member.info.key);
      const subject = subjectOf("process", member, id, directory);
      const pulse = before.processes.get(name) ?? new Pulse(subject, this.#policy);
      pulse.subject = subject;
      pulse.read(bytesOf(samples[i]!), elapsedMs);
      this.#processes.set(name, pulse);
      parts.push(pulse);
    }
    return { looked, isNew, whole, parts };
  }

  /** What the readings of an instance mean. */
  #judge({ looked, isNew, whole, parts }: Reading, tick: Tick, happened: Happened): void {
    const { elapsedMs } = tick;
    if (isNew) happened.to(whole, { kind: "found", processes: parts.length });
    if (this.#policy.thresholds.scope === "instance") {
      const isMissing = this.#misses(looked);
      const isPartial = isMissing || parts.some((one) => one.lastBytes === null);
      // What one look missed the next one reads or lets go of: it makes nothing unknown.
      if (!isMissing || (whole.lastBytes ?? 0) > whole.limits.warningBytes) {
        happened.to(whole, whole.judge(elapsedMs, isPartial));
      }
    } else {
      const known = parts.filter((one) => !one.isUnread);
      for (const one of known) happened.to(one, one.judge(elapsedMs, false));
      whole.levelOfParts = worst(parts.map((one) => one.level));
    }
    for (const one of parts) happened.to(one, one.grow(false));
    // A total grows with each of its processes: it is told of where none of them explains it.
    happened.to(whole, whole.grow(parts.some((one) => one.isGrowing)));
    const { id } = looked.instance;
    for (const { footprintBytes, ...copies } of this.#told.news(id, copiesIn(looked))) {
      const standing = { footprintBytes, level: whole.level };
      happened.to(whole, { kind: "duplicates", ...copies }, standing);
    }
  }

  /** Whether this look missed a process of the instance that may come back. */
  #misses({ instance: { id } }: Looked): boolean {
    const pulses = [...this.#processes.values()];
    return pulses.some(({ misses, subject }) => misses > 0 && subject.instanceId === id);
  }

  /** Lets go of what was not in this look: it is gone, or was missed. */
  #letGo(
    before: { readonly processes: Pulses; readonly instances: Pulses },
    isAlive: IsAlive,
    happened: Happened,
  ): void {
    for (const [id, pulse] of before.instances) {
      if (!this.#instances.has(id) && mayComeBack(pulse, isAlive)) this.#instances.set(id, pulse);
    }
    for (const [name, pulse] of before.processes) {
      if (this.#processes.has(name)) continue;
      const { instanceId } = pulse.subject;
      if (mayComeBack(pulse, isAlive)) this.#processes.set(name, pulse);
      // With its instance it is gone too, and that is told once: a main process ends its instance.
      else if (pulse.isAlerting && name !== instanceId && this.#instances.has(instanceId)) {
        happened.gone(pulse);
      }
    }
    for (const [id, pulse] of before.instances) {
      if (this.#instances.has(id)) continue;
      this.#told.forget(id);
      happened.gone(pulse);
    }
  }
}

/** An instance that was read, with what is remembered of it and of its processes. */
interface Reading {
  readonly looked: Looked;
  readonly isNew: boolean;
  readonly whole: Pulse;
  readonly parts: readonly Pulse[];
}

function bytesOf(sample: Sample): number | null {
  return "reading" in sample ? sample.reading.footprintBytes : null;
}

function mayComeBack(pulse: Pulse, isAlive: IsAlive): boolean {
  pulse.misses++;
  return pulse.misses < MOST_MISSES && isAlive(pulse.subject.key);
}

/** The events of one look. */
class Happened {
  readonly events: WatchEvent[] = [];
  readonly #atMs: number;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  to(pulse: Pulse, happening: Happening | null, standing: Standing = pulse.standing): void {
    if (!happening) return;
    this.events.push({ atMs: this.#atMs, subject: pulse.subject, ...standing, ...happening });
  }

  gone(pulse: Pulse): void {
    const lifetimeMs = Math.max(0, this.#atMs - pulse.subject.startedAtMs);
    this.to(pulse, { kind: "gone", peakBytes: pulse.peakBytes, lifetimeMs });
  }
}
