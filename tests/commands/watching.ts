/** Watching an OpenCode, and what was told of it. */

import assert from "node:assert/strict";
import { NativeError } from "../../src/errors.ts";
import type { FakeProbe, FakeProcess } from "../fake.ts";
import type { Ran, Scene } from "../fake_world.ts";
import { openCode as openCodeOf, runOn } from "./running.ts";

export const MINUTE = 60_000;

/** An OpenCode with a folder to tell it by. */
export function openCode(
  memory: FakeProcess["memory"],
  rest: Partial<FakeProcess> = {},
): FakeProcess {
  return openCodeOf(memory, { cwd: "/home/ann/web", ...rest });
}

/** Runs `watch` with these words. */
export function watchOn(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Ran> {
  return runOn("watch", probe, args, scene);
}

/** A script that has the machine become each of these before the second, third, … look. */
export function machines(probe: FakeProbe, ...all: readonly FakeProcess[][]): Scene["script"] {
  return Object.fromEntries(
    all.map((machine, i) => [(i + 1) * MINUTE - 1, () => probe.set(machine)]),
  );
}

export type Line = Readonly<Record<string, unknown>>;

export async function ndjson(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Line[]> {
  const { out, code, err } = await watchOn(probe, `--format ndjson ${args}`, scene);
  assert.deepEqual([code, err], [0, ""]);
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** The events of a run, without the first look's `found`. */
export async function events(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Line[]> {
  const lines = (await ndjson(probe, args, scene)).filter((line) => line.type === "event");
  return lines.filter((line) => line.event !== "found" || line.at !== "2026-01-02T03:04:05.000Z");
}

/** Has the look of this number, from 1, fail. */
export function failAt(probe: FakeProbe, number: number): void {
  const table = probe.processTable.bind(probe);
  let looks = 0;
  probe.processTable = () => {
    if (++looks === number) throw new NativeError("Cannot list processes: errno 12");
    return table();
  };
}
