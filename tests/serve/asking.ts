/** Asking a site that nobody listens to: requests as plain data, and what it serves. */

import assert from "node:assert/strict";
import type { HistoryReport } from "../../src/report/history.ts";
import type { Report } from "../../src/report/report.ts";
import { Lock } from "../../src/serve/lock.ts";
import type { Naming } from "../../src/serve/names.ts";
import type { PastQuery } from "../../src/report/history.ts";
import { type Plan, type Seen, Site } from "../../src/serve/site.ts";
import type { ServerAnswer, ServerRequest, ServerStream } from "../../src/world.ts";
import { MIB, NOW_MS } from "../fake.ts";
import { FRAME, reportOf, session, STYLE } from "../report/metric_reports.ts";

export const AT_HOME: Naming = { listen: "127.0.0.1", machine: "mybox.example.org" };
export const TOKEN = "correct-horse-battery";

/** A request with these headers; by default from who is on this machine. */
export function request(
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): ServerRequest {
  const all: Readonly<Record<string, string>> = { host: "127.0.0.1:4097", ...headers };
  return { method, target, header: (name) => Object.hasOwn(all, name) ? all[name] : undefined };
}

/** A request without a Host header. */
export function nameless(target: string): ServerRequest {
  return { method: "GET", target, header: () => undefined };
}

export function text({ body }: ServerAnswer): string {
  assert.ok(typeof body === "string");
  return body;
}

// deno-lint-ignore no-explicit-any -- what a program reads of JSON
export function json(answer: ServerAnswer): any {
  assert.equal(answer.headers["Content-Type"], "application/json");
  return JSON.parse(text(answer));
}

/** A reader of a stream, who reads everything, or after so many writes nothing more. */
export class Reader implements ServerStream {
  heard = "";
  isGone = false;
  #left: number;
  #heed: (() => void)[] = [];

  constructor(writes = Infinity) {
    this.#left = writes;
  }

  write(text: string): boolean {
    if (!this.isGone && this.#left-- > 0) this.heard += text;
    else this.isGone = true;
    return !this.isGone;
  }

  onEnd(heed: () => void): void {
    this.#heed.push(heed);
  }

  /** Goes away. */
  end(): void {
    this.isGone = true;
    for (const heed of this.#heed) heed();
  }
}

/** An instance whose process was started with this command line. */
export function reportWith(commandLine: readonly string[]): Report {
  const report = reportOf([{ ...session("/home/ann/web", 100 * MIB), level: "normal" }]);
  return {
    ...report,
    instances: report.instances.map((instance) => ({
      ...instance,
      processes: instance.processes.map((process) => ({ ...process, commandLine })),
    })),
  };
}

export function historyOf(
  query: PastQuery,
  rest: Partial<HistoryReport> = {},
): HistoryReport {
  return {
    ...{ toolVersion: "1.2.3", takenAtMs: NOW_MS, host: FRAME.host, looks: 0, stepMs: null },
    thresholds: FRAME.thresholds!,
    ...{ sinceMs: query.sinceMs, untilMs: query.untilMs },
    total: { maxBytes: null, maxAtMs: null, points: [] },
    ...{ instances: [], events: [] },
    ...rest,
  };
}

/** A site, and what was asked of what stands behind it. */
export class Stand {
  readonly queries: PastQuery[] = [];
  readonly complaints: string[] = [];
  pages = 0;
  nowMs = NOW_MS;
  readonly site: Site;

  private constructor(plan: Partial<Plan>) {
    const world = { nowMs: () => this.nowMs, sleep: () => Promise.resolve() };
    this.site = new Site({
      naming: AT_HOME,
      lock: null,
      intervalMs: 10_000,
      style: STYLE,
      past: (query) => {
        this.queries.push(query);
        return historyOf(query);
      },
      page: (document) => {
        this.pages++;
        return Promise.resolve({ html: `<p>${document}`, policy: "default-src 'none'; x" });
      },
      complain: (message) => void this.complaints.push(message),
      ...plan,
    }, world);
  }

  /** Without `isLocked` everybody may ask. */
  static async of(plan: Partial<Plan> = {}, isLocked = false): Promise<Stand> {
    return new Stand({ lock: isLocked ? await Lock.of(TOKEN) : null, ...plan });
  }

  /** One that has looked once. */
  static async seen(
    plan: Partial<Plan> = {},
    report: Report = reportWith(["opencode"]),
    isLocked = false,
  ): Promise<Stand> {
    const stand = await Stand.of(plan, isLocked);
    stand.show({ report });
    return stand;
  }

  show({ report = reportWith(["opencode"]), events = [], live }: Partial<Seen>): void {
    const at = report.takenAtMs;
    this.site.show({ report, events, live: live ?? { at, level: report.level, instances: [] } });
  }

  get(target: string, headers: Readonly<Record<string, string>> = {}): Promise<ServerAnswer> {
    return this.site.answer(request(target, headers));
  }

  /** Follows the events. */
  async follow(
    headers: Readonly<Record<string, string>> = {},
    reader = new Reader(),
  ): Promise<Reader> {
    const { status, body } = await this.get("/events", headers);
    assert.equal(status, 200);
    assert.ok(typeof body === "function");
    body(reader);
    return reader;
  }
}
