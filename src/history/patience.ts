/** How long a reading may stand for while several commands look. Pure. */

/** A command that looked again and again. Times are milliseconds since 1970. */
export interface Looking {
  /** Which machine at. */
  readonly host: string;
  readonly fromMs: number;
  /** Its last look. */
  readonly toMs: number;
  readonly intervalMs: number;
}

/** How long the next reading may take before the time until then was a hole: clocks and machines are not exact. */
export function patienceOf(intervalMs: number): number {
  return intervalMs * 1.5 + 2000;
}

/** The commands at one machine. */
interface Machine {
  /** The next ones to begin are the last. */
  readonly coming: Looking[];
  going: Looking[];
  /** Until then, they are the same if none begins. */
  sameUntilMs: number;
  patienceMs: number;
}

/** The patience at one time after the other: where several commands look, the slowest tells what a hole is. */
export class Patience {
  readonly #machines: ReadonlyMap<string, Machine>;

  constructor(all: Iterable<Looking>) {
    const byHost = Map.groupBy(all, ({ host }) => host);
    this.#machines = new Map(
      [...byHost].map(([host, of]) => [host, {
        coming: of.sort((a, b) => b.fromMs - a.fromMs),
        ...{ going: [], sameUntilMs: Infinity, patienceMs: patienceOf(0) },
      }]),
    );
  }

  /** In milliseconds, of a machine at a time that is not before the one that was asked for last. */
  at(host: string, atMs: number): number {
    const machine = this.#machines.get(host);
    if (machine === undefined) return patienceOf(0);
    const { coming, going: { length } } = machine;
    while ((coming.at(-1)?.fromMs ?? Infinity) <= atMs) machine.going.push(coming.pop()!);
    if (length < machine.going.length || atMs > machine.sameUntilMs) {
      const going = machine.going.filter(({ toMs }) => toMs >= atMs);
      const slowest = going.reduce((most, { intervalMs }) => Math.max(most, intervalMs), 0);
      machine.going = going;
      machine.sameUntilMs = going.reduce((least, { toMs }) => Math.min(least, toMs), Infinity);
      machine.patienceMs = patienceOf(slowest);
    }
    return machine.patienceMs;
  }
}
