/** What runs of ocmem print, as values. */

import assert from "node:assert/strict";
import { FakeProbe } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { MACHINE } from "./machine.ts";

/** What a run prints on standard output, by default on the machine with everything. */
export async function output(args: string, scene: Scene = {}): Promise<string> {
  const words = args.split(" ").filter((word) => word);
  const { out, err } = await runFake(words, { probe: new FakeProbe(MACHINE), ...scene });
  assert.equal(err, "");
  return out;
}

/** The document that a run prints. */
export async function document(args: string, scene: Scene = {}): Promise<unknown> {
  return JSON.parse(await output(args, scene));
}

/** The lines of NDJSON that a run prints. */
export async function lines(args: string, scene: Scene = {}): Promise<unknown[]> {
  return linesOf(await output(args, scene));
}

export function linesOf(out: string): unknown[] {
  assert.ok(out.endsWith("\n"));
  return out.slice(0, -1).split("\n").map((line) => JSON.parse(line));
}
