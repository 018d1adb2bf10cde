/** Command lines of orphans, and the machine of each. */

import { FakeProbe, type FakeProcess, MIB, NOW_MS } from "../fake.ts";
import type { Scene } from "../fake_world.ts";
import { add, bytesOf, openCodeWith, outsideOf } from "../sessions/made.ts";
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

/** What is left behind with sessions of which all is told, or nothing; and one without any. */
function withSessions(): Scene {
  const file = bytesOf((database) =>
    add(database, { id: "ses_a", directory: "/w", title: HOSTILE, updatedAtMs: NOW_MS })
  );
  const left = { ppid: 1, standing: LEFT };
  const machine = [
    ...LEFT_BEHIND.slice(0, 1),
    native(50, "", { ...left, cwd: "/w" }),
    native(51, "--session ses_b", { ...left, cwd: "/x" }),
    native(52, "serve --port 4096", left),
    native(53, "", { ...left, cwd: "/z" }),
  ];
  return {
    probe: new FakeProbe(machine),
    env: { HOME: "/h" },
    outside: outsideOf(
      { "/h/.local/share/opencode/opencode.db": file },
      openCodeWith([{ id: "ses_c" }], { ses_c: {} }),
    ),
  };
}

export const ORPHANS: readonly (readonly [args: string, scene: () => Scene])[] = [
  ["", () => ({ probe: new FakeProbe([]) })],
  ["--fail", () => ({ probe: new FakeProbe(LEFT_BEHIND), env: { HOME: "/h" } })],
  ["--show-secrets --no-sessions", () => ({
    probe: new FakeProbe(LEFT_BEHIND.slice(0, 3), "darwin", 3),
  })],
  ["", () => ({ probe: new FakeProbe(MACHINE) })],
  ["", withSessions],
];
