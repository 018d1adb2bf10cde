/** What the server answers: one look is one answer for all who ask for the same. */

import { DatabaseError } from "../errors.ts";
import { formatHistoryJson } from "../report/history_json.ts";
import type { HistoryReport, PastQuery } from "../report/history.ts";
import { formatJson, type JsonObject } from "../report/json.ts";
import { FORMATS, type Report, type Style } from "../report/report.ts";
import type { ServerAnswer, ServerRequest, World } from "../world.ts";
import { METRIC_TYPES, metricFormat } from "./accept.ts";
import { answerOf, HTML_TYPE, JSON_TYPE, refusalOf, SSE_TYPE } from "./answer.ts";
import { discreetEvent, discreetHistory, discreetReport } from "./discreet.ts";
import { enter, tokenNeeded } from "./entrance.ts";
import { frameOf } from "./frames.ts";
import { admit, type Asked } from "./guard.ts";
import { healthOf } from "./health.ts";
import { Hub } from "./hub.ts";
import { Busy, Kept } from "./kept.ts";
import type { Lock } from "./lock.ts";
import type { Naming } from "./names.ts";
import { lastDay, parseQuery } from "./query.ts";

/** A look as it is served. */
export interface Seen {
  readonly report: Report;
  /** For the stream of looks, its events aside. */
  readonly live: JsonObject;
  /** As lines of `watch --format ndjson`. */
  readonly events: readonly JsonObject[];
}

/** A page that is opened at the server, and its Content-Security-Policy. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** What a site is about, and where it gets it from. */
export interface Plan {
  readonly naming: Naming;
  /** null: everybody may ask, and command lines are told to nobody. */
  readonly lock: Lock | null;
  readonly intervalMs: number;
  readonly style: Style;
  /** A time of the past. Throws a DatabaseError. */
  readonly past: (query: PastQuery) => HistoryReport;
  /** The page of a history, which is given as JSON. */
  readonly page: (document: string) => Promise<Page>;
  readonly complain: (message: string) => void;
}

const PATHS = "/, /events, /api/report, /api/history, /metrics and /healthz";
/** Streams at a time, each of which is a connection that stays. */
const MOST_STREAMS = 256;
const LATER = { "Retry-After": "10" } as const;

export class Site {
  readonly #plan: Plan;
  readonly #world: Pick<World, "nowMs" | "sleep">;
  readonly #hub = new Hub(MOST_STREAMS);
  readonly #answers: Kept<ServerAnswer>;
  readonly #documents: Kept<string>;
  #report: Report | null = null;

  constructor(plan: Plan, world: Pick<World, "nowMs" | "sleep">) {
    this.#plan = plan;
    this.#world = world;
    const never = new AbortController().signal;
    const others = () => world.sleep(0, never);
    this.#answers = new Kept(others);
    this.#documents = new Kept(others);
  }

  /** Serves this look from now on. */
  show({ report, live, events }: Seen): void {
    const isOpen = this.#plan.lock === null;
    this.#report = isOpen ? discreetReport(report) : report;
    this.#answers.clear();
    this.#documents.clear();
    const told = isOpen ? events.map(discreetEvent) : events;
    const id = String(live.at);
    this.#hub.send({ id, text: frameOf("look", id, { ...live, events: told }) });
  }

  /** Shows all streams that they live. */
  ping(): void {
    this.#hub.ping();
  }

  /** Has nothing made any more: what answers come from is about to be closed. */
  end(): void {
    this.#documents.end();
  }

  async answer(request: ServerRequest): Promise<ServerAnswer> {
    const asked = admit(request, this.#plan.naming);
    if ("status" in asked) return asked;
    const { lock } = this.#plan;
    const entered = await enter(asked, lock);
    if (entered !== null) return entered;
    if (lock !== null && !await lock.opens(request, asked)) return tokenNeeded(asked);
    try {
      return await this.#answer(asked, request);
    } catch (error) {
      if (error instanceof Busy) return refusalOf(503, "Too many ask at once", LATER);
      if (!(error instanceof DatabaseError)) throw error;
      this.#plan.complain(error.message);
      return refusalOf(503, "The history can't be read: the server's own messages say why", LATER);
    }
  }

  #answer({ path, query }: Asked, request: ServerRequest): ServerAnswer | Promise<ServerAnswer> {
    switch (path) {
      case "/":
        return this.#made(path, (report) => this.#page(report));
      case "/events":
        return this.#events(request.header("last-event-id"));
      case "/api/report":
        return this.#made(path, (report) => answerOf(200, JSON_TYPE, formatJson(report)));
      case "/api/history":
        return this.#history(query);
      case "/metrics":
        return this.#metrics(metricFormat(request.header("accept")));
      case "/healthz":
        return this.#health();
    }
    return refusalOf(404, `There is nothing here. There are ${PATHS}`);
  }

  async #page(report: Report): Promise<ServerAnswer> {
    const { html, policy } = await this.#plan.page(await this.#document(lastDay(endOf(report))));
    return answerOf(200, HTML_TYPE, html, {}, policy);
  }

  #history(text: string): ServerAnswer | Promise<ServerAnswer> {
    const query = parseQuery(text, this.#report ? endOf(this.#report) : this.#world.nowMs());
    if (typeof query === "string") return refusalOf(400, query);
    const name = `history ${JSON.stringify(query)}`;
    return this.#made(name, async () => answerOf(200, JSON_TYPE, await this.#document(query)));
  }

  /** A history as JSON. It takes its time: one after the other. */
  #document(query: PastQuery): Promise<string> {
    return this.#documents.getInTurn(JSON.stringify(query), () => {
      const history = this.#plan.past(query);
      return formatHistoryJson(this.#plan.lock === null ? discreetHistory(history) : history);
    });
  }

  #metrics(name: keyof typeof METRIC_TYPES): Promise<ServerAnswer> | ServerAnswer {
    return this.#made(name, async (report) => {
      const format = await FORMATS[name]();
      return answerOf(200, METRIC_TYPES[name], format(report, this.#plan.style));
    });
  }

  #events(lastId: string | undefined): ServerAnswer {
    if (this.#hub.isFull) return refusalOf(503, "Too many follow the events already", LATER);
    return answerOf(200, SSE_TYPE, (stream) => this.#hub.join(stream, lastId));
  }

  #health(): ServerAnswer {
    const { intervalMs } = this.#plan;
    const report = this.#report;
    const standing = report && { level: report.level!, atMs: report.takenAtMs, intervalMs };
    const { isWell, json } = healthOf(standing, this.#world.nowMs());
    return answerOf(isWell ? 200 : 503, JSON_TYPE, `${JSON.stringify(json)}\n`);
  }

  /** What is made once of each look. */
  #made(name: string, make: Make): ServerAnswer | Promise<ServerAnswer> {
    const report = this.#report;
    return report === null ? NOTHING_YET : this.#answers.get(name, () => make(report));
  }
}

type Make = (report: Report) => ServerAnswer | Promise<ServerAnswer>;

const NOTHING_YET = refusalOf(503, "Nothing was looked at yet", { "Retry-After": "1" });

/** The end of a time that the last look is in. */
function endOf({ takenAtMs }: Report): number {
  return Math.round(takenAtMs) + 1;
}
