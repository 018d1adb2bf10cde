/** The sessions that the live screen shows: looked up now and then, while it goes on. */

import type { Report } from "../report/report.ts";
import { withSessions } from "../report/with_sessions.ts";
import type { World } from "../world.ts";
import { findSessions, type SessionsFound } from "./find_sessions.ts";
import type { Shown } from "./view.ts";

/** How often, if nothing is found meanwhile. */
const EVERY_MS = 60_000;

export class WatchedSessions {
  readonly #world: World;
  readonly #show: (notes: readonly string[]) => void;
  #found: SessionsFound | null = null;
  #lastMs = -Infinity;
  #isRunning = false;
  #isWanted = false;

  /** `show`: called when there is something new, with what could not be found out this time. */
  constructor(world: World, show: (notes: readonly string[]) => void) {
    this.#world = world;
    this.#show = show;
  }

  /** At the first look, when an instance is found, and once a minute. It does not wait for the answer. */
  take(shown: Shown): void {
    const isNew = shown.events.some(({ kind }) => kind === "found");
    const isDue = this.#world.elapsedMs() - this.#lastMs >= EVERY_MS;
    this.#isWanted ||= isNew || isDue;
    if (this.#isWanted && !this.#isRunning) void this.#find(shown);
  }

  /** The Report with what is known so far. */
  added(report: Report): Report {
    return this.#found ? withSessions(report, this.#found.held, this.#found.notes) : report;
  }

  async #find({ look, probe }: Shown): Promise<void> {
    this.#isRunning = true;
    this.#isWanted = false;
    this.#lastMs = this.#world.elapsedMs();
    try {
      const found = await findSessions(this.#world, look.found, probe);
      const isNews = wordsOf(found) !== wordsOf(this.#found);
      const told = new Set(this.#found?.notes);
      this.#found = found;
      if (isNews) this.#show(found.notes.filter((note) => !told.has(note)));
    } finally {
      this.#isRunning = false;
    }
  }
}

/** Another text if there is something else to show. */
function wordsOf(found: SessionsFound | null): string {
  const { held = new Map(), notes = [] } = found ?? {};
  const shown = [...held].filter(([, { project, sessions }]) => project || sessions.length > 0);
  return JSON.stringify([shown, notes]);
}
