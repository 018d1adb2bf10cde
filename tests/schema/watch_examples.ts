/** Watchings that show every event, and everything that is told of it. */

import { failAt, machines, MINUTE } from "../commands/watching.ts";
import { FakeMachine, session as endable } from "../ending/ender.ts";
import { FakeProbe, type FakeProcess, GIB, MIB } from "../fake.ts";
import type { Controls, Scene } from "../fake_world.ts";
import { MACHINE, native } from "./machine.ts";

type Memory = FakeProcess["memory"];

function session(memory: Memory, rest: Partial<FakeProcess> = {}): FakeProcess {
  return native(10, "", { cwd: "/w", memory, ...rest });
}

/** Each of these machines for a look. */
function becoming(...[first = [], ...rest]: readonly FakeProcess[][]): Scene {
  const probe = new FakeProbe(first);
  return { probe, script: machines(probe, ...rest) };
}

function copies(count: number): FakeProcess[] {
  const argv = ["node", "mcp.js", "--token", "s3cret"];
  const one = { ppid: 10, argv, memory: MIB };
  return [session(GIB), ...Array.from({ length: count }, (_, i) => ({ pid: 20 + i, ...one }))];
}

/** A session that is larger by so many steps at each look; its slope is no whole number. */
function growing(steps: readonly number[]): Scene {
  return becoming(...steps.map((step) => [session(GIB + Math.round(step * 1e9 / 7))]));
}

function failing(): Scene {
  const probe = new FakeProbe([session(GIB)]);
  failAt(probe, 2);
  return { probe };
}

const ALERTED = { pid: 11, ppid: 10, name: "mcp", memory: 3 * GIB };

/** Arguments of watch, and the scene of each. */
export const WATCHINGS: readonly (readonly [args: string, scene: () => Scene])[] = [
  ["--count 2", () => ({})],
  ["--count 1", () => ({ probe: new FakeProbe(MACHINE, "darwin") })],
  ["--count 1", () => becoming([])],
  ["--count 2", () => becoming([session(GIB)], [session(GIB, { started: "later" })])],
  ["--count 3", () => becoming([session("denied")], [session("denied")], [])],
  ["--count 2", () => becoming([session(GIB), ALERTED], [session(GIB)])],
  [
    "--count 4 --scope instance",
    () => becoming([session(GIB)], [session("denied")], [session(3 * GIB)], [session(5 * GIB)]),
  ],
  ["--count 12", () => becoming([session(5 * GIB)])],
  ["--count 11", () => growing([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
  // It grows steadily, and with so many equal readings its slope may still be none.
  ["--count 11", () => growing([0, 0, 0, 2, 1, 2, 2, 2, 2, 3, 3])],
  ["--count 1", () => becoming(copies(8))],
  ["--count 2", () => ({ script: { 9: (controls: Controls) => controls.sleepMachine(MINUTE) } })],
  ["--count 2", () => ({ script: { 9: (controls: Controls) => controls.stall(9 * MINUTE) } })],
  ["--count 3", failing],
];

/** The same of watch alone: serve stops nothing. */
export const STOPPINGS: typeof WATCHINGS = [
  ["--count 1 --on-critical stop", () => {
    const machine = new FakeMachine([endable(10, { memory: 5 * GIB })]);
    return { probe: machine.probe, ender: machine };
  }],
  ["--count 2 --on-critical stop", () => {
    const machine = new FakeMachine([endable(10, { memory: 5 * GIB })], { stubborn: [10] });
    return { probe: machine.probe, ender: machine };
  }],
];
