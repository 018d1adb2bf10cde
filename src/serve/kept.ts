/** Answers that are made once for each look, however many ask. */

/** As many may wait while one is made. */
const MOST_WAITING = 32;
/** What is kept of one look. */
const MOST_KEPT = 32;

/** Too many different things are asked for at once, or nothing is made any more. */
export class Busy extends Error {
  override readonly name = "Busy";
}

type Make<T> = () => T | Promise<T>;

export class Kept<T> {
  #kept = new Map<string, Promise<T>>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isOver = false;
  readonly #others: () => Promise<void>;

  /** `others`: lets everything else have its turn. */
  constructor(others: () => Promise<void>) {
    this.#others = others;
  }

  /** What was made is of an earlier look from now on. */
  clear(): void {
    this.#kept = new Map();
  }

  /** What waits is not made any more: it fails with Busy. */
  end(): void {
    this.#isOver = true;
  }

  /** What was made under this name since the last look, or what `make` makes. */
  get(name: string, make: Make<T>): Promise<T> {
    return this.#kept.get(name) ?? this.#keep(name, (async () => await make())());
  }

  /** The same, one after the other. Throws Busy. */
  getInTurn(name: string, make: Make<T>): Promise<T> {
    const found = this.#kept.get(name);
    if (found) return found;
    if (this.#waiting >= MOST_WAITING) return Promise.reject(new Busy());
    return this.#keep(name, this.#inTurn(make));
  }

  #keep(name: string, made: Promise<T>): Promise<T> {
    const kept = this.#kept;
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT) kept.delete(oldest!);
    kept.set(name, made);
    // What failed may go well for the next one who asks.
    made.catch(() => kept.delete(name));
    return made;
  }

  async #inTurn(make: Make<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    this.#waiting++;
    try {
      await before;
      await this.#others();
      if (this.#isOver) throw new Busy();
      return await make();
    } finally {
      this.#waiting--;
      resolve();
    }
  }
}
