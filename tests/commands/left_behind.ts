/** Scripted machines with what is left behind, and what `ocmem orphans` tells of them. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { type Ran, runFake } from "../fake_world.ts";

export const HOUR = 3_600_000;
export const LEFT = { hasTerminal: false } as const;
export const INIT: FakeProcess = { pid: 1, ppid: 0, name: "systemd" };

export function opencode(pid: number, args: string, rest: Partial<FakeProcess> = {}): FakeProcess {
  const argv = ["opencode", ...args.split(" ").filter((word) => word)];
  return { pid, name: "opencode", exe: "/b/opencode", argv, ...rest };
}

/** A terminal that was closed, a server of OpenCode's that is dead, one of systemd, one in use. */
export const MACHINE: readonly FakeProcess[] = [
  INIT,
  { pid: 900, ppid: 1, name: "systemd" },
  opencode(10, "--token hunter2", {
    ppid: 900,
    exe: "/b/opencode (deleted)",
    cwd: "/home/ann/work/web",
    memory: GIB,
    startedAtMs: NOW_MS - 27 * HOUR,
    standing: LEFT,
  }),
  { pid: 11, ppid: 10, name: "gopls", memory: 256 * MIB },
  { pid: 12, ppid: 10, name: "git", zombie: true },
  opencode(20, "serve", { ppid: 1, standing: LEFT, marks: { openCodePid: 7 } }),
  opencode(30, "serve", { ppid: 900, standing: { ...LEFT, isService: true } }),
  opencode(40, "", {}),
];

export async function on(
  processes: readonly FakeProcess[],
  args = "",
  os: "linux" | "darwin" = "linux",
): Promise<Ran> {
  const words = ["orphans", ...args.split(" ").filter((word) => word)];
  const scene = { probe: new FakeProbe(processes, os), env: { HOME: "/home/ann" } };
  const ran = await runFake(words, scene);
  assert.equal(ran.err, "");
  return ran;
}

/** pid → conclusion. */
export async function concluded(processes: readonly FakeProcess[], os?: "darwin"): Promise<object> {
  const { orphans } = JSON.parse((await on(processes, "--json", os)).out);
  return Object.fromEntries(
    orphans.map((one: { pid: number; conclusion: string }) => [one.pid, one.conclusion]),
  );
}
