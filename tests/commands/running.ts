/** Commands, run as words on a machine with OpenCode. */

import type { FakeProbe, FakeProcess } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";

export function openCode(
  memory: FakeProcess["memory"],
  rest: Partial<FakeProcess> = {},
): FakeProcess {
  return { pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory, ...rest };
}

/** Runs a command with these words. */
export function runOn(
  command: string,
  probe: FakeProbe,
  args: string,
  scene: Scene = {},
): Promise<Ran> {
  return runFake([command, ...args.split(" ").filter((a) => a)], { probe, ...scene });
}

/** Runs `track` with these words. */
export function trackOn(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Ran> {
  return runOn("track", probe, args, scene);
}
