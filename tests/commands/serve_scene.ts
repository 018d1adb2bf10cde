/** `ocmem serve` in a scripted world, whose server nobody but the test can reach. */

import assert from "node:assert/strict";
import { ServeView, type Serving } from "../../src/commands/serve_view.ts";
import { Stop } from "../../src/commands/stop.ts";
import { worldWith } from "../../src/commands/world_with.ts";
import { look } from "../../src/look.ts";
import type { EventRecord } from "../../src/report/event.ts";
import type { WatchPlan } from "../../src/report/watch_lines.ts";
import type { Gap } from "../../src/schedule.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { type Controls, FakeWorld, type Ran, runFake, type Scene } from "../fake_world.ts";
import { eventsIn } from "../serve/event_source.ts";
import { Reader, request } from "../serve/asking.ts";
import type { Listening, Server, ServerAnswer } from "../../src/world.ts";
import { openCode } from "./watching.ts";

export const SECOND = 1000;

/** What these tests read of a look in the stream, and of an instance of a history. */
export interface LookDocument {
  readonly at: number;
  readonly level: string;
  readonly is_gap: boolean;
  readonly instances:
    readonly (SeriesDocument & { readonly processes: readonly SeriesDocument[] })[];
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Of a history. */
  readonly totals?: { readonly points: unknown };
}

export interface SeriesDocument {
  readonly key: string;
  readonly pid: number;
  readonly role: string;
  readonly name: string;
  readonly started_at: string;
  /** Of an instance. */
  readonly id?: string;
  readonly host?: string;
  readonly cwd?: string | null;
  /** Of a process. */
  readonly ppid?: number;
  readonly command_line?: readonly string[] | null;
  readonly bytes?: number | null;
  /** Of a history. */
  readonly points?: unknown;
}

/** A helper whose command line is nobody's business. */
export const HELPER = ["node", "/srv/hush.js", "--api-key", "sesame"];

export function helper(pid: number): FakeProcess {
  return { pid, ppid: 10, name: "node", argv: HELPER, memory: 40 * MIB };
}

export function session(bytes: FakeProcess["memory"]): FakeProcess {
  return openCode(bytes, { argv: ["opencode", "--for", "hush"] });
}

/** What it listens with, and whether that has ended. */
export class Door {
  isOpen = false;
  place: Pick<Listening, "host" | "port"> | null = null;
  readonly readers: Reader[] = [];
  #listening: Listening | null = null;

  readonly listen = (listening: Listening): Promise<Server> => {
    const { host, port } = listening;
    this.#listening = listening;
    this.place = { host, port };
    this.isOpen = true;
    return Promise.resolve({
      port: port || 4242,
      [Symbol.asyncDispose]: () => {
        this.isOpen = false;
        for (const reader of this.readers) reader.end();
        return Promise.resolve();
      },
    });
  };

  async ask(target: string, headers: Readonly<Record<string, string>> = {}): Promise<ServerAnswer> {
    return await this.#listening!.answer(request(target, headers));
  }

  /** What answers to GET, as JSON. */
  // deno-lint-ignore no-explicit-any -- what a program reads of JSON
  async json(target: string, headers: Readonly<Record<string, string>> = {}): Promise<any> {
    const { status, body } = await this.ask(target, headers);
    assert.deepEqual([status, typeof body], [200, "string"], target);
    return JSON.parse(String(body));
  }

  async follow(headers: Readonly<Record<string, string>> = {}): Promise<Reader> {
    const { body } = await this.ask("/events", headers);
    assert.ok(typeof body === "function");
    const reader = new Reader();
    body(reader);
    this.readers.push(reader);
    return reader;
  }

  /** The looks that a reader heard of. */
  static looksIn({ heard }: Reader): LookDocument[] {
    return eventsIn(heard).filter(({ type }) => type === "look").map(({ data }) =>
      JSON.parse(data)
    );
  }
}

/** A view that is shown looks by hand, on a machine of its own, where time goes on by hand. */
export class ViewStand {
  readonly probe: FakeProbe;
  readonly door: Door;
  readonly view: ServeView;
  /** What was said on standard error. */
  errors = "";
  say = (text: string): void => void (this.errors += text);
  elapsedMs = 0;
  #looks = 0;

  private constructor(
    probe: FakeProbe,
    view: ServeView,
    door: Door,
    clock: { of: ViewStand | null },
  ) {
    this.probe = probe;
    this.view = view;
    this.door = door;
    clock.of = this;
  }

  static async open(
    machine: readonly FakeProcess[],
    { token = null, showSecrets = false }: Partial<Pick<Serving, "token" | "showSecrets">> = {},
  ): Promise<ViewStand> {
    const clock: { of: ViewStand | null } = { of: null };
    const elapsedMs = () => clock.of?.elapsedMs ?? 0;
    const door = new Door();
    const probe = new FakeProbe(machine);
    const say = (text: string) => clock.of!.say(text);
    const fake = new FakeWorld({ listen: door.listen }, () => {}, say);
    const world = worldWith(fake, {
      elapsedMs,
      nowMs: () => NOW_MS + elapsedMs(),
      sleep: (ms, cut) => {
        if (!cut.aborted && clock.of) clock.of.elapsedMs += ms;
        return Promise.resolve();
      },
    });
    const serving = { address: { host: "127.0.0.1", port: 0 }, token, showSecrets };
    using stop = new Stop(world);
    const view = await ServeView.open(world, PLAN, { stop }, null, serving);
    return new ViewStand(probe, view, door, clock);
  }

  /** Looks, and shows what is seen. */
  show(events: readonly EventRecord[] = [], gap: Gap | null = null): void {
    const now = { atMs: NOW_MS + this.elapsedMs, elapsedMs: this.elapsedMs };
    const selection = { match: null, pids: [] };
    const seen = look(this.probe, selection, { nowMs: () => now.atMs }, { exact: false });
    const tick = { index: this.#looks++, gap, ...now };
    this.view.show({ tick, look: seen, lookMs: 0, events, probe: this.probe });
  }
}

const PLAN: WatchPlan = {
  ...{ toolVersion: "1.2.3", startedAtMs: NOW_MS, intervalMs: 60 * SECOND },
  host: { os: "linux", arch: "x86_64", memoryBytes: 16 * GIB },
  machine: new FakeProbe([]).machine(),
  thresholds: { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" },
};

/** Serves until SIGTERM comes after so many milliseconds. */
export async function serveOn(
  probe: FakeProbe,
  args: string,
  endMs: number,
  scene: Scene = {},
  door = new Door(),
): Promise<Ran> {
  const script = { ...scene.script, [endMs]: (c: Controls) => c.signal("SIGTERM") };
  const words = args.split(" ").filter((word) => word !== "");
  const ran = await runFake(["serve", ...words], { listen: door.listen, probe, ...scene, script });
  assert.equal(door.isOpen, false);
  return ran;
}
