/** Histories of watchings that show every event. */

import assert from "node:assert/strict";
import { Door, helper, serveOn, session } from "../commands/serve_scene.ts";
import { FakeProbe, GIB } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { ALL, withHistory } from "../recorded.ts";
import { MACHINE } from "./machine.ts";
import { STOPPINGS, WATCHINGS } from "./watch_examples.ts";

/** More looks than there are points. */
const LONG = ["--count 721", () => ({ probe: new FakeProbe([], "darwin") })] as const;
/** Before anything was recorded. */
const BEFORE = ["--since", "2025-01-01T00:00Z", "--until", "2026-01-01T00:00Z"] as const;

/** The document of `history --json` behind each watching, and of a time without any. */
export async function histories(scene: Scene): Promise<unknown[]> {
  const all = await Promise.all(
    [...WATCHINGS, ...STOPPINGS, LONG].map(async ([args, sceneOf]) => {
      const whole = {
        probe: new FakeProbe(MACHINE),
        ...scene,
        ...await withHistory(),
        ...sceneOf(),
      };
      const words = ["watch", "--record", "--json", ...args.split(" ")];
      assert.equal((await runFake(words, whole)).code, 0);
      const after = { ...whole, script: {} };
      return [await documentOf(ALL, after), await documentOf(BEFORE, after)];
    }),
  );
  return [...all.flat(), await served()];
}

/** What a server tells to who has no token: no command lines, in events too. */
async function served(): Promise<unknown> {
  const door = new Door();
  let answer: Promise<unknown> | null = null;
  const copies = Array.from({ length: 8 }, (_, i) => helper(100 + i));
  const script = { 500: () => void (answer = door.json("/api/history")) };
  await serveOn(new FakeProbe([session(GIB), ...copies]), "", 60_000, { script }, door);
  return await answer!;
}

async function documentOf(time: readonly string[], scene: Scene): Promise<unknown> {
  const { code, out, err } = await runFake(["history", "--json", ...time], scene);
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
}
