/** What `serve` tells who follows it, and who asks how things stand. */

import assert from "node:assert/strict";
import { healthOf } from "../../src/serve/health.ts";
import { Door, serveOn } from "../commands/serve_scene.ts";
import { MINUTE } from "../commands/watching.ts";
import { FakeProbe, NOW_MS } from "../fake.ts";
import type { Reader } from "../serve/asking.ts";
import { MACHINE } from "./machine.ts";
import { WATCHINGS } from "./watch_examples.ts";

/** Every look at every machine that is watched, with and without a token. */
export async function looks(): Promise<unknown[]> {
  const all = WATCHINGS.flatMap(([args, scene]) =>
    ["", "--token sesame"].map((token) => followed(`${args} ${token}`, scene()))
  );
  return (await Promise.all(all)).flat();
}

async function followed(args: string, { probe, script }: ReturnType<typeof WATCHINGS[number][1]>) {
  const [, count = "1"] = /--count (\d+)/.exec(args) ?? [];
  const door = new Door();
  const readers: Promise<Reader>[] = [];
  const headers: Record<string, string> = args.includes("--token")
    ? { authorization: "Bearer sesame" }
    : {};
  const scene = { script: { ...script, 1: () => void readers.push(door.follow(headers)) } };
  const words = `--interval 1m ${args.replace(/--count \d+/, "")}`;
  const machine = (probe as FakeProbe | undefined) ?? new FakeProbe(MACHINE);
  await serveOn(machine, words, Number(count) * MINUTE - 1, scene, door);
  const found = Door.looksIn(await readers[0]!);
  assert.ok(found.length > 0);
  return found;
}

/** Before the first look, at each level, and of a look that is old. */
export function healths(): unknown[] {
  const standings = (["normal", "warning", "critical", "unknown"] as const).map((level) => ({
    ...{ level, atMs: NOW_MS, intervalMs: MINUTE },
  }));
  return [
    healthOf(null, NOW_MS),
    ...standings.map((standing) => healthOf(standing, NOW_MS + 1)),
    healthOf(standings[0]!, NOW_MS + 60 * MINUTE),
  ].map(({ json }) => json);
}
