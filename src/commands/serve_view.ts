/** Watching, shown by a server. */

import { type Address, writeAddress } from "../address.ts";
import { DatabaseError, OutputError } from "../errors.ts";
import { patienceOf } from "../history/patience.ts";
import { jsonEvent } from "../report/event_json.ts";
import { visible } from "../report/harmless.ts";
import { withAdvice } from "../report/advice.ts";
import { logLines, type WatchPlan } from "../report/watch_lines.ts";
import { Lock } from "../serve/lock.ts";
import { type Plan as SitePlan, Site } from "../serve/site.ts";
import type { Machine } from "../types.ts";
import type { Server, World } from "../world.ts";
import { reportOf } from "./judging.ts";
import { jsonLook } from "./serve_look.ts";
import { plainStyle } from "./style.ts";
import type { Past, Shown, View, Wheel } from "./view.ts";

/** What is served, and how. */
export interface Serving {
  readonly address: Address;
  /** null: everybody who can reach it may ask. */
  readonly token: string | null;
  readonly showSecrets: boolean;
}

/** A stream shows that it lives when it had nothing else to show for so long. */
const PING_MS = 15_000;

export class ServeView implements View {
  readonly #world: World;
  readonly #plan: WatchPlan;
  readonly #serving: Serving;
  readonly #log = logLines({ colour: false });
  readonly #site: Site;
  #server: Server | null = null;
  #closing: PromiseLike<void> | null = null;
  /** When the streams got something last, on the clock that never goes back. */
  #toldMs: number;
  /** When the look before was taken, on the same clock. */
  #beforeMs: number | null = null;
  /** What was complained of since then. */
  readonly #complaints = new Set<string>();

  private constructor(world: World, plan: WatchPlan, serving: Serving, site: SitePlan) {
    this.#world = world;
    this.#plan = plan;
    this.#serving = serving;
    this.#site = new Site(site, world);
    this.#toldMs = world.elapsedMs();
  }

  /** Begins to serve. Throws an UnsupportedError if nobody can listen there. */
  static async open(
    world: World,
    plan: WatchPlan,
    wheel: Pick<Wheel, "stop">,
    past: Past | null,
    serving: Serving,
  ): Promise<ServeView> {
    const { address, token } = serving;
    const { machine } = plan;
    const view: ServeView = new ServeView(world, plan, serving, {
      naming: { listen: address.host, machine: machine.name },
      lock: token === null ? null : await Lock.of(token),
      intervalMs: plan.intervalMs,
      style: { ...plainStyle, home: world.env("HOME") || null },
      past: (query) => {
        if (past === null) throw new DatabaseError("missing", "Cannot read the past: none is kept");
        return past.read(query);
      },
      page: (document) => pageOf(document, machine),
      complain: (message) => view.#complain(message),
    });
    view.#server = await world.listen({
      ...address,
      answer: (request) => view.#site.answer(request),
      complain: (message) => view.#complain(message),
    });
    // Who waits for an answer or follows a stream is let go at once, whatever else takes its time.
    wheel.stop.cut.addEventListener("abort", () => view[Symbol.dispose]());
    return view;
  }

  /** Done when all connections have ended. */
  async closed(): Promise<void> {
    this[Symbol.dispose]();
    await this.#closing;
  }

  [Symbol.dispose](): void {
    this.#site.end();
    this.#closing ??= this.#server?.[Symbol.asyncDispose]() ?? null;
  }

  show({ tick: { atMs, elapsedMs }, look, lookMs, events }: Shown): void {
    const { showSecrets, token } = this.#serving;
    const { toolVersion, host, machine, thresholds, intervalMs } = this.#plan;
    const frame = { toolVersion, takenAtMs: atMs, host, thresholds, durationMs: lookMs };
    const report = withAdvice(reportOf(look, frame, "normal", { showSecrets }));
    const isGap = events.some(({ kind }) => kind === "gap") || this.#isAfterHole(elapsedMs);
    const live = jsonLook(look, {
      ...{ atMs, level: report.level!, intervalMs, isGap, machine, showSecrets },
      showsCommandLines: token !== null,
    });
    this.#site.show({ report, live, events: events.map(jsonEvent) });
    if (this.#beforeMs === null) this.#sayWhere();
    this.#toldMs = this.#world.elapsedMs();
    this.#beforeMs = elapsedMs;
    this.#complaints.clear();
  }

  trouble(atMs: number, message: string): void {
    try {
      this.#world.stderr.write(this.#log.trouble(atMs, visible(message)));
    } catch (error) {
      // Nobody can be told; who asks the server can still be answered.
      if (!(error instanceof OutputError)) throw error;
    }
  }

  end(): void {}

  /** Waits, and has the streams show that they live. */
  async sleep(ms: number, cut: AbortSignal): Promise<void> {
    const endMs = this.#world.elapsedMs() + ms;
    for (let leftMs = ms; leftMs > 0 && !cut.aborted; leftMs = endMs - this.#world.elapsedMs()) {
      const quietMs = this.#world.elapsedMs() - this.#toldMs;
      if (quietMs >= PING_MS) {
        this.#site.ping();
        this.#toldMs = this.#world.elapsedMs();
      } else {
        await this.#world.sleep(Math.min(leftMs, PING_MS - quietMs), cut);
      }
    }
  }

  /** Whoever asks again and again fills nobody's log: the same is said once a look. */
  #complain(message: string): void {
    if (!this.#complaints.has(message)) this.trouble(this.#world.nowMs(), message);
    this.#complaints.add(message);
  }

  /** Once there is something to see. Who has read it, or never will, is no reason to end. */
  #sayWhere(): void {
    const { host } = this.#serving.address;
    const place = writeAddress({ host, port: this.#server!.port });
    this.#world.stdout.write(`Serving on http://${place}/\n`);
  }

  /** Looks that failed leave a hole, too. */
  #isAfterHole(elapsedMs: number): boolean {
    return this.#beforeMs !== null &&
      elapsedMs - this.#beforeMs > patienceOf(this.#plan.intervalMs);
  }
}

const LIVE = { events: "events", history: "api/history", report: "api/report" } as const;

/** Loads what makes pages when the first one is asked for. */
async function pageOf(document: string, { name }: Machine): ReturnType<SitePlan["page"]> {
  const { pagePolicy, renderPage } = await import("../page/page.ts");
  const title = name === "" ? "OpenCode" : `OpenCode on ${visible(name)}`;
  const html = await renderPage(document, { title, live: LIVE });
  return { html, policy: `${await pagePolicy({ isLive: true })}; frame-ancestors 'none'` };
}
