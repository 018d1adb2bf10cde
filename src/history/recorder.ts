/** Records looks into a history, whatever happens to it: watching goes on, and nothing is lost for a while. */

import { DatabaseError } from "../errors.ts";
import { count } from "../report/words.ts";
import type { Database, DatabasePlace, World } from "../world.ts";
import { HOUR_MS } from "./course.ts";
import { explained, type History, openHistory } from "./open.ts";
import { type Keep, thin, within } from "./thin.ts";
import { type Run, type Taken, Writer } from "./writer.ts";

/** Looks that are kept in memory while they can't be written: an hour of them, one a minute. */
const MOST_WAITING = 60;

export class Recorder implements Disposable {
  readonly #world: Pick<World, "openDatabase">;
  readonly #place: DatabasePlace;
  readonly #run: Run;
  readonly #keep: Keep;
  readonly #waiting: Taken[] = [];
  #database: History | null = null;
  #writer: Writer | null = null;
  /** Looks that had to be given up. */
  #lost = 0;
  /** What was said since recording went well last, and what went wrong last. */
  readonly #said = new Set<string>();
  #reason = "";
  /** Whether the file was found whole since it was opened first. */
  #isChecked = false;
  #thinnedHour = -1;

  constructor(
    world: Pick<World, "openDatabase">,
    place: DatabasePlace,
    run: Run,
    keep: Keep,
  ) {
    this.#world = world;
    this.#place = place;
    this.#run = run;
    this.#keep = keep;
  }

  /** The open history, or null while there is none. */
  get database(): History | null {
    return this.#database;
  }

  /** Whether all that was taken is written. */
  get isWhole(): boolean {
    return this.#waiting.length === 0 && this.#lost === 0;
  }

  /** Opens the history before the first look. Returns a sentence if it can't be used. Never throws. */
  async open(): Promise<string | null> {
    return await this.#attempt(() => {});
  }

  /** Writes a look. Returns a sentence when something has gone wrong, or is well again. Never throws. */
  async take(taken: Taken): Promise<string | null> {
    this.#waiting.push(taken);
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#lost++;
    }
    return await this.#attempt((database) => {
      this.#write(database);
      this.#thin(database, taken.atMs);
    });
  }

  /** Tries once more to write what waits. Returns a sentence if some of it is lost. Never throws. */
  async end(): Promise<string | null> {
    const said = this.#waiting.length > 0
      ? await this.#attempt((database) => this.#write(database))
      : null;
    const lost = this.#lost + this.#waiting.length;
    if (lost === 0) return said;
    const sentence = `${count(lost, "look was", "looks were")} not recorded`;
    const isKnown = this.#waiting.length === 0 || this.#said.has(this.#reason);
    return isKnown && said === null ? sentence : `${sentence}: ${this.#reason}`;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  async #attempt(act: (database: Database) => void): Promise<string | null> {
    try {
      act(await this.#open());
    } catch (error) {
      this.#close();
      const said = explained(this.#place, error);
      if (!(said instanceof DatabaseError)) throw said;
      return this.#fail(said);
    }
    if (this.#said.size === 0) return null;
    this.#said.clear();
    const lost = this.#lost === 0 ? "nothing is" : count(this.#lost, "look is", "looks are");
    return `Recording goes on; ${lost} lost`;
  }

  /** The sentence, unless it was said before. */
  #fail({ trouble, message }: DatabaseError): string | null {
    this.#reason = message;
    if (trouble === "damaged") this.#isChecked = false;
    // Another process that writes for long is no news: this look is written with the next one.
    if (trouble === "busy" && this.#waiting.length < MOST_WAITING) return null;
    if (this.#said.has(message)) return null;
    this.#said.add(message);
    return message;
  }

  async #open(): Promise<History> {
    // Somebody has moved the file away: what is written into it would be lost.
    if (this.#database?.isInPlace() === false) {
      this.#close();
      this.#isChecked = false;
    }
    this.#database ??= await openHistory(this.#world, this.#place, { checks: !this.#isChecked });
    this.#isChecked = true;
    return this.#database;
  }

  #close(): void {
    this.#writer = null;
    this.#database?.[Symbol.dispose]();
    this.#database = null;
  }

  /** All that waits, in one transaction. */
  #write(database: Database): void {
    within(database, () => {
      const writer = this.#writer ??= new Writer(database, this.#run);
      for (const taken of this.#waiting) writer.write(taken);
    });
    this.#waiting.length = 0;
  }

  #thin(database: Database, nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour === this.#thinnedHour) return;
    // What is left is done at the next look.
    if (!thin(database, this.#keep, nowMs)) this.#thinnedHour = hour;
  }
}
