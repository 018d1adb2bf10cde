/** Trackings that show everything that track tells. */

import { FakeProbe, type FakeProcess, GIB, MIB } from "../fake.ts";
import type { Controls, Scene } from "../fake_world.ts";
import { MACHINE, native } from "./machine.ts";

const CHILD = { pid: 11, ppid: 10, name: "sh", memory: MIB };

/** A machine with a session, on which something happens after the third look. */
function happening(then: readonly FakeProcess[]): Scene {
  const probe = new FakeProbe([native(10, "", { cwd: "/w" }), CHILD]);
  return { probe, script: { 2500: () => probe.set(then) } };
}

function growing(): Scene {
  const probe = new FakeProbe([native(10, "", { memory: GIB })]);
  const script = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [
      i * 1000 + 500,
      () => probe.set([native(10, "", { memory: GIB + Math.round(i * MIB / 7) })]),
    ]),
  );
  return { probe, script };
}

/** Arguments of track, and the scene of each. */
export const TRACKINGS: readonly (readonly [args: string, scene: () => Scene])[] = [
  ["--duration 1s --match agent", () => ({})],
  ["--duration 3s --pid 40 --pid 11", () => ({ probe: new FakeProbe(MACHINE, "darwin") })],
  ["--interval 700ms", growing],
  ["--duration 4s", () => happening([CHILD])],
  ["--duration 4s", () => happening([native(10, "", { started: "later" }), CHILD])],
  ["--duration 4s", () => happening([native(10, ""), { ...CHILD, ppid: 1 }])],
  ["--duration 9s --pid 10", () => happening([])],
  ["", () => ({ script: { 2500: (controls: Controls) => controls.signal("SIGINT") } })],
];
