/** Command lines of orphans, and the machine of each. */

import { FakeProbe, type FakeProcess, MIB, NOW_MS } from "../fake.ts";
import { HOSTILE, MACHINE, native } from "./machine.ts";

const LEFT = { hasTerminal: false } as const;

/** Left behind in every way, and what is not. */
export const LEFT_BEHIND: readonly FakeProcess[] = [
  { pid: 1, ppid: 0, name: "systemd" },
  native(10, "--api-key k", {
    ppid: 1,
    cwd: HOSTILE,
    exe: "/h/.opencode/bin/opencode (deleted)",
    standing: LEFT,
    startedAtMs: NOW_MS - 90_000_000,
  }),
  { pid: 11, ppid: 10, name: "gopls", memory: 5 * MIB },
  native(20, "serve", { ppid: 1, standing: LEFT, marks: { openCodePid: 7 } }),
  native(30, "serve", { ppid: 1, standing: LEFT }),
  native(31, "serve", { ppid: 1, standing: { hasTerminal: false, isService: true } }),
  { pid: 40, ppid: 1, name: HOSTILE, argv: "denied", marks: { openCodePid: 7 }, memory: "denied" },
];

export const ORPHANS: readonly (readonly [args: string, probe: () => FakeProbe])[] = [
  ["", () => new FakeProbe([])],
  ["--fail", () => new FakeProbe(LEFT_BEHIND)],
  ["--show-secrets", () => new FakeProbe(LEFT_BEHIND.slice(0, 3), "darwin", 3)],
  ["", () => new FakeProbe(MACHINE)],
];
