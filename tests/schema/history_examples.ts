/** Histories of watchings that show every event. */

import assert from "node:assert/strict";
import { FakeProbe } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { ALL, withHistory } from "../recorded.ts";
import { MACHINE } from "./machine.ts";
import { WATCHINGS } from "./watch_examples.ts";

/** More looks than there are points. */
const LONG = ["--count 721", () => ({ probe: new FakeProbe([], "darwin") })] as const;
/** Before anything was recorded. */
const BEFORE = ["--since", "2025-01-01T00:00Z", "--until", "2026-01-01T00:00Z"] as const;

/** The document of `history --json` behind each watching, and of a time without any. */
export async function histories(scene: Scene): Promise<unknown[]> {
  const all = await Promise.all(
    [...WATCHINGS, LONG].map(async ([args, sceneOf]) => {
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
  return all.flat();
}

async function documentOf(time: readonly string[], scene: Scene): Promise<unknown> {
  const { code, out, err } = await runFake(["history", "--json", ...time], scene);
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
}
