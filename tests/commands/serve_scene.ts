/** `ocmem serve` in a scripted world, whose server nobody but the test can reach. */

import assert from "node:assert/strict";
import { type FakeProbe, MIB } from "../fake.ts";
import { type Controls, type Ran, runFake, type Scene } from "../fake_world.ts";
import { eventsIn } from "../serve/event_source.ts";
import { Reader, request } from "../serve/asking.ts";
import type { Listening, Server, ServerAnswer } from "../../src/world.ts";
import { openCode } from "./watching.ts";

export const SECOND = 1000;
/** A helper whose command line is nobody's business. */
export const HELPER = ["node", "/srv/hush.js", "--api-key", "sesame"];

export function helper(pid: number) {
  return { pid, ppid: 10, name: "node", argv: HELPER, memory: 40 * MIB };
}

export function session(bytes: number) {
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
  // deno-lint-ignore no-explicit-any -- what a page reads of JSON
  static looksIn({ heard }: Reader): any[] {
    return eventsIn(heard).filter(({ type }) => type === "look").map(({ data }) =>
      JSON.parse(data)
    );
  }
}

/**
 * Serves until SIGTERM comes at `endMs`. What happens before may take its time only by promises:
 * `happen` is waited for.
 */
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
