/** The sessions that the live screen shows, and what runs around them: looked up now and then, while it goes on. */

import type { Report } from "../report/report.ts";
import { withSessions } from "../report/with_sessions.ts";
import type { World } from "../world.ts";
import { explainAll } from "./explain_children.ts";
import { findServers, type ServersFound } from "./find_servers.ts";
import { findSessions, type SessionsFound } from "./find_sessions.ts";
import type { Shown } from "./view.ts";

/** How often, if nothing is found meanwhile. */
const EVERY_MS = 60_000;

export class WatchedSessions {
  readonly #world: World;
  readonly #show: (notes: readonly string[]) => void;
  #found: SessionsFound | null = null;
  #servers: ServersFound | null = null;
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

  /** The Report of a look with what is known so far. */
  added(report: Report, { look }: Shown, options: { readonly showSecrets: boolean }): Report {
    if (this.#found === null) return report;
    const whole = withSessions(report, this.#found.held, this.#found.notes);
    return explainAll(whole, look.found, this.#servers, options);
  }

  async #find({ look, probe }: Shown): Promise<void> {
    this.#isRunning = true;
    this.#isWanted = false;
    this.#lastMs = this.#world.elapsedMs();
    try {
      const found = await findSessions(this.#world, look.found, probe);
      const servers = await findServers(this.#world, look.found, found);
      const isNews = wordsOf(found, servers) !== wordsOf(this.#found, this.#servers);
      const told = new Set(notesOf(this.#found, this.#servers));
      this.#found = found;
      this.#servers = servers;
      if (isNews) this.#show(notesOf(found, servers).filter((note) => !told.has(note)));
    } finally {
      this.#isRunning = false;
    }
  }
}

/** Another text if there is something else to show. What is new of children shows with the next look. */
function wordsOf(found: SessionsFound | null, servers: ServersFound | null): string {
  const shown = [...found?.held ?? []].filter(([, { project, sessions }]) =>
    project || sessions.length > 0
  );
  return JSON.stringify([shown, notesOf(found, servers)]);
}

function notesOf(found: SessionsFound | null, servers: ServersFound | null): readonly string[] {
  return [...found?.notes ?? [], ...servers?.notes ?? []];
}
