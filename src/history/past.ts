/** The past as far as it is known to who watches: what is recorded, or what a file holds and what was seen since. */

import { DatabaseError } from "../errors.ts";
import type { HistoryReport, PastQuery } from "../report/history.ts";
import type { World } from "../world.ts";
import { type History, openHistory } from "./open.ts";
import type { Recorder } from "./recorder.ts";
import { type HistoryFrame, readHistory } from "./report.ts";

export class Past implements Disposable {
  readonly #world: Pick<World, "openDatabase" | "nowMs">;
  readonly #recorder: Pick<Recorder, "database">;
  /** A file that others record into, beside a recorder that keeps things in memory. */
  readonly #path: string | null;
  readonly #frame: Omit<HistoryFrame, "takenAtMs">;
  #file: History | null = null;
  #trouble: string | null = null;

  constructor(
    world: Pick<World, "openDatabase" | "nowMs">,
    recorder: Pick<Recorder, "database">,
    path: string | null,
    frame: Omit<HistoryFrame, "takenAtMs">,
  ) {
    this.#world = world;
    this.#recorder = recorder;
    this.#path = path;
    this.#frame = frame;
  }

  /** Looks whether the file has come, gone or been replaced. Returns a sentence if it can't be read. */
  async refresh(): Promise<string | null> {
    if (this.#file?.isInPlace() === false) this.#close();
    if (this.#file !== null || this.#path === null) return null;
    try {
      this.#file = await openHistory(this.#world, { kind: "read", path: this.#path });
      this.#trouble = null;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.trouble === "missing" || error.message === this.#trouble) return null;
      this.#trouble = error.message;
      return error.message;
    }
    return null;
  }

  /** A time of the past. Throws a DatabaseError. */
  read(query: PastQuery): HistoryReport {
    const histories = [this.#file, this.#recorder.database].filter((one) => one !== null);
    return readHistory(histories, query, { ...this.#frame, takenAtMs: this.#world.nowMs() });
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = null;
  }
}
