/** Chance that falls out the same in every run, and the pids that it deals. */

const FIRST_PID = 1000;
/** So few that they come round again and again. */
const PIDS = 500;
/** The share of new processes that get the pid of one that has just ended. */
const AT_ONCE = 0.25;

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pids one after the other, round and round; at times that of a process that has just ended. */
export class Pids {
  readonly #random: () => number;
  readonly #freed: number[] = [];
  #last = FIRST_PID;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** From here on, who has ended has not just ended. */
  beginLook(): void {
    this.#freed.length = 0;
  }

  free(pid: number): void {
    this.#freed.push(pid);
  }

  take(isTaken: (pid: number) => boolean): number {
    const freed = this.#random() < AT_ONCE ? this.#freed.pop() : undefined;
    if (freed !== undefined) return freed;
    do {
      this.#last = FIRST_PID + (this.#last + 1 - FIRST_PID) % PIDS;
    } while (isTaken(this.#last) || this.#freed.includes(this.#last));
    return this.#last;
  }
}
