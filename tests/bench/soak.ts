/**
 * The real `watch` on a scripted machine whose clock jumps, in a process of its own, for bench.ts:
 * `soak.ts ndjson|screen LOOKS`. Prints one line of JSON, a `Soaked`. Throws if a kind of event has
 * not occurred: then it has not been through what it is to last through.
 */

import { run } from "../../src/cli.ts";
import { openProbe } from "../../src/ffi/open.ts";
import type { EventKind } from "../../src/follow/event.ts";
import type { Watcher } from "./soak_machine.ts";
import { SoakWorld } from "./soak_world.ts";
import { quartiles } from "./statistics.ts";

export interface Soaked {
  readonly looks: number;
  /** Of a look with all that comes of it, the script's own work not counted. */
  readonly meanUs: number;
  readonly medianUs: number;
  readonly wallMs: number;
  /** Medians of this process's footprint in the second and the last tenth of the looks. */
  readonly secondTenthBytes: number;
  readonly lastTenthBytes: number;
  readonly events: number;
  readonly written: number;
}

/** Looks between two readings of this process's own memory. */
const LOOKS_A_READING = 20;
const KINDS: Readonly<Record<Exclude<EventKind, "stopped">, true>> = {
  found: true,
  gone: true,
  level: true,
  reminder: true,
  growth: true,
  duplicates: true,
  gap: true,
};

/** Takes the time of each look, and reads this process's memory between looks. */
class Ledger implements Watcher, Disposable {
  readonly us: Float64Array;
  readonly footprints: Float64Array;
  readonly #probe = openProbe();
  readonly #self = this.#probe.processTable().get(this.#probe.ownPid)!;
  #begin = NaN;
  #looks = 0;

  constructor(looks: number) {
    // Filled, so that their memory is there from the start.
    this.us = new Float64Array(looks).fill(NaN);
    this.footprints = new Float64Array(Math.floor(looks / LOOKS_A_READING)).fill(NaN);
  }

  [Symbol.dispose](): void {
    this.#probe[Symbol.dispose]();
  }

  lookEnds(): void {
    if (this.#looks === 0) return;
    this.us[this.#looks - 1] = (performance.now() - this.#begin) * 1000;
    if (this.#looks % LOOKS_A_READING > 0) return;
    const reading = this.#probe.memory(this.#self, { exact: false });
    if (typeof reading === "string") throw new Error(`Cannot read the soak's memory: ${reading}`);
    this.footprints[this.#looks / LOOKS_A_READING - 1] = reading.footprintBytes;
  }

  lookBegins(index: number): void {
    this.#looks = index + 1;
    this.#begin = performance.now();
  }
}

async function soak(format: string, looks: number): Promise<Soaked> {
  using ledger = new Ledger(looks);
  const isScreen = format === "screen";
  const world = new SoakWorld(ledger, isScreen);
  const args = ["watch", "--interval", "1m", "--count", String(looks), "--exec", "true"];
  const begin = performance.now();
  const code = await run(isScreen ? args : [...args, "--format", format], world);
  const wallMs = performance.now() - begin;
  ledger.lookEnds();
  if (code !== 0) throw new Error(`watch ended with ${code}: ${world.complaints}`);
  const missing = Object.keys(KINDS).filter((kind) => !world.events.has(kind));
  if (missing.length > 0) throw new Error(`The soak had no event ${missing.join(", ")}`);
  const tenth = (index: number) => {
    const { length } = ledger.footprints;
    const part = ledger.footprints.subarray(length * index / 10, length * (index + 1) / 10);
    return quartiles([...part]).median;
  };
  return {
    looks,
    meanUs: ledger.us.reduce((sum, us) => sum + us, 0) / looks,
    medianUs: quartiles([...ledger.us]).median,
    wallMs,
    secondTenthBytes: tenth(1),
    lastTenthBytes: tenth(9),
    events: [...world.events.values()].reduce((sum, count) => sum + count, 0),
    written: world.written,
  };
}

const [format = "ndjson", looks = "20000"] = Deno.args;
const soaked = await soak(format, Number(looks));
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(soaked)}\n`));
