/** A machine that is remembered, and what it was asked. */

import assert from "node:assert/strict";
import { RememberingProbe } from "../src/remember.ts";
import type { Marks, Missing, Os } from "../src/types.ts";
import { FakeProbe, type FakeProcess, NOW_MS } from "./fake.ts";

export const EXE = "/h/.opencode/bin/opencode";
export const SERVE: FakeProcess = {
  pid: 10,
  name: "opencode",
  exe: EXE,
  argv: ["opencode", "serve"],
};

/** A machine, the probe that remembers it, and its clock. */
export function machine(processes: readonly FakeProcess[], os: Os = "linux"): {
  readonly fake: FakeProbe;
  readonly probe: RememberingProbe;
  readonly clock: { ms: number };
} {
  const fake = new FakeProbe(processes, os);
  const clock = { ms: NOW_MS };
  return { fake, clock, probe: new RememberingProbe(fake, { nowMs: () => clock.ms }) };
}

/** Arguments and marks of a process in a new table. */
export function ask(
  probe: RememberingProbe,
  pid: number,
): [readonly string[] | Missing, Marks | null] {
  const process = probe.processTable().get(pid);
  assert.ok(process);
  return [probe.commandLine(process), probe.marks(pid)];
}

/** Whose arguments and marks were asked for since the last time. */
export function news({ asked }: FakeProbe): [number[], number[]] {
  return [asked.commandLine.splice(0), asked.marks.splice(0)];
}
