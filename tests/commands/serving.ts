/** Runs of `ocmem service` on machines with and without files. */

import assert from "node:assert/strict";
import type { Order, Outcome } from "../../src/world.ts";
import { FakeProbe } from "../fake.ts";
import { type FakeFile, type Ran, runFake, type Scene } from "../fake_world.ts";

export const UNITS = "/home/ann/.config/systemd/user";
export const SERVICE = `${UNITS}/ocmem.service`;
export const TIMER = `${UNITS}/ocmem.timer`;
export const AGENT = "/home/ann/Library/LaunchAgents/io.ocmem.plist";
export const DONE: Outcome = { kind: "done", code: 0, output: "" };

/** Runs it with these words, in Ann's home, on the system of the kind that they name. */
export function serve(args: string | readonly string[], scene: Scene = {}): Promise<Ran> {
  const words = typeof args === "string" ? args.split(" ") : args;
  const os = words.includes("launchd") ? "darwin" : "linux";
  const env = { HOME: "/home/ann" };
  return runFake(["service", ...words], { probe: new FakeProbe([], os), env, ...scene });
}

/** What it prints where nothing is wrong. */
export async function printed(
  args: string | readonly string[],
  scene: Scene = {},
): Promise<string> {
  const { code, out, err } = await serve(args, scene);
  assert.deepEqual([code, err], [0, ""]);
  return out;
}

/** A machine with these files, and what was done on it, in order. */
export class Machine {
  readonly files = new Map<string, FakeFile>();
  readonly orders: Order[] = [];
  /** The outcome of the first order whose words are these. */
  fails: readonly [string, Outcome] | null = null;

  async run(args: string): Promise<Ran> {
    this.orders.length = 0;
    const execute = (order: Order) => {
      this.orders.push(order);
      const [words, outcome] = this.fails ?? ["", DONE];
      return Promise.resolve(words === order.args.join(" ") ? outcome : DONE);
    };
    return await serve(args, { files: this.files, execute });
  }

  get commands(): string[] {
    return this.orders.map((order) => order.args.join(" "));
  }
}
