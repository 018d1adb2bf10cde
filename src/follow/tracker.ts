/** Follows processes by identity from look to look, and keeps every reading. */

import { hasEnded } from "../classify.ts";
import type { Look, Looked } from "../look.ts";
import type { Tick } from "../schedule.ts";
import type { Instance, Member, ProcessInfo, ProcessKey } from "../types.ts";
import {
  type Ended,
  fateOf,
  type InstanceSeries,
  nameOf,
  type ProcessSeries,
  Readings,
  totalOf,
} from "./series.ts";

/** A series that is still being written. */
type Open<S> = { -readonly [K in keyof S]: S[K] };

export class Tracker {
  readonly #processes = new Map<string, Open<ProcessSeries>>();
  readonly #instances = new Map<string, Open<InstanceSeries>>();

  /** In the order in which they were first seen. */
  get processes(): readonly ProcessSeries[] {
    return [...this.#processes.values()];
  }

  get instances(): readonly InstanceSeries[] {
    return [...this.#instances.values()];
  }

  /** Adds the readings of a look. `rowOf` tells who has a pid now. */
  take({ found }: Look, tick: Tick, rowOf: (pid: number) => ProcessInfo | undefined): void {
    const seen = { processes: new Set<string>(), instances: new Set<string>() };
    const ended = new Set<string>();
    for (const looked of found) {
      for (const [i, member] of looked.instance.members.entries()) {
        const isAlive = this.#takeProcess(looked, i, member, tick);
        (isAlive ? seen.processes : ended).add(nameOf(member.info.key));
      }
      if (this.#takeInstance(looked, tick)) seen.instances.add(looked.instance.id);
    }
    // A row may be older than the reading that found its process gone.
    const fate = (key: ProcessKey) => ended.has(nameOf(key)) ? "gone" : fateOf(key, rowOf(key.pid));
    for (const [name, series] of this.#processes) {
      if (!seen.processes.has(name)) series.ended ??= fate(series.member.info.key);
    }
    for (const [id, series] of this.#instances) {
      if (!seen.instances.has(id)) series.ended ??= fate(series.instance.main.info.key);
    }
  }

  /** Nothing more will be read. */
  end(why: Ended): void {
    for (const series of this.#processes.values()) series.ended ??= why;
    for (const series of this.#instances.values()) series.ended ??= why;
  }

  /** False if the process has ended: then there is nothing to keep. */
  #takeProcess({ instance, samples }: Looked, i: number, member: Member, tick: Tick): boolean {
    const sample = samples[i]!;
    if (hasEnded(sample)) return false;
    const name = nameOf(member.info.key);
    const series = this.#processes.get(name) ??
      { member, instanceId: instance.id, readings: new Readings(), ended: null };
    this.#processes.set(name, series);
    series.member = member;
    series.ended = null;
    series.readings.add({
      atMs: sample.atMs,
      elapsedMs: tick.elapsedMs,
      footprintBytes: "reading" in sample ? sample.reading.footprintBytes : null,
      missing: "missing" in sample ? sample.missing : null,
    });
    return true;
  }

  #takeInstance(looked: Looked, { atMs, elapsedMs }: Tick): boolean {
    const { instance } = looked;
    const total = totalOf(looked);
    if (total === null) return false;
    const series = this.#instances.get(instance.id) ?? this.#newInstance(instance);
    series.instance = instance;
    series.ended = null;
    series.readings.add({ atMs, elapsedMs, ...total });
    return true;
  }

  #newInstance(instance: Instance): Open<InstanceSeries> {
    const series = { instance, readings: new Readings(), ended: null };
    this.#instances.set(instance.id, series);
    return series;
  }
}
