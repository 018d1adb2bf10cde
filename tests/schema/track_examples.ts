/** Trackings that show everything that track tells. */

import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import type { Controls, Scene } from "../fake_world.ts";
import { add, bytesOf, openCodeWith, outsideOf } from "../sessions/made.ts";
import { HOSTILE, MACHINE, native } from "./machine.ts";

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

/** A session that one instance's arguments name, and one that a server names. */
function holding(): Scene {
  return {
    probe: new FakeProbe([
      native(10, "--session ses_a", { cwd: "/w" }),
      native(11, "serve --port 4096"),
      native(12, "", { cwd: "/x" }),
    ]),
    env: { HOME: "/h" },
    outside: outsideOf(
      {
        "/h/.local/share/opencode/opencode.db": bytesOf((database) =>
          add(database, { id: "ses_c", directory: "/x", title: HOSTILE, updatedAtMs: NOW_MS })
        ),
      },
      openCodeWith([{ id: "ses_b" }]),
    ),
  };
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
  ["--duration 1s --session ses_a", holding],
  ["--duration 1s --session ses_b", holding],
  ["--duration 1s --session ses_c", holding],
  ["", () => ({ script: { 2500: (controls: Controls) => controls.signal("SIGINT") } })],
];
