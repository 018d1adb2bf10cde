/** Scripted machines with what `ocmem show` tells of, and runs of it. */

import { DatabaseError } from "../../src/errors.ts";
import { FakeProbe, type FakeProcess, GIB, MIB } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";
import { INIT, opencode } from "./left_behind.ts";

/** A session in a terminal with what runs below it; a shell that has nothing to do with OpenCode. */
export const MACHINE: readonly FakeProcess[] = [
  INIT,
  { pid: 5, ppid: 1, name: "tmux: server" },
  opencode(10, "--session ses_1 --api-key k", {
    ppid: 5,
    uid: 501,
    cwd: "/home/ann/web",
    memory: 3 * GIB,
    parts: [
      { kind: "file", bytes: 300 * MIB, inFootprint: false },
      { kind: "anonymous", bytes: 2.25 * GIB, inFootprint: true },
      { kind: "swapped", bytes: 768 * MIB, inFootprint: true },
    ],
    ports: [{ address: "127.0.0.1", port: 4096 }, { address: "::1", port: 4096 }],
  }),
  { pid: 11, ppid: 10, name: "gopls", memory: 256 * MIB },
  { pid: 12, ppid: 11, name: "git", zombie: true },
  { pid: 20, ppid: 5, name: "bash", memory: MIB },
  { pid: 21, ppid: 20, name: "make", memory: 2 * MIB },
  { pid: 30, ppid: 5, name: "cron", exe: null, argv: "denied", memory: "denied", parts: "denied" },
];

/** A machine on which nothing was recorded. */
const NO_HISTORY: Scene = {
  env: { HOME: "/home/ann", LANG: "C.UTF-8" },
  openDatabase: () => {
    throw new DatabaseError("missing", "it is not there");
  },
};

/** Runs `show` with these words. Times of the day are those of the zone: they become TIME. */
export async function show(
  args: string,
  machine: readonly FakeProcess[] | FakeProbe = MACHINE,
  scene: Scene = {},
): Promise<Ran> {
  const probe = machine instanceof FakeProbe ? machine : new FakeProbe(machine);
  const words = ["show", ...args.split(" ").filter((word) => word)];
  const ran = await runFake(words, { ...NO_HISTORY, probe, ...scene });
  return { ...ran, out: ran.out.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME") };
}

/** The document of a process. */
export async function shown(
  args: string,
  machine?: readonly FakeProcess[] | FakeProbe,
  scene?: Scene,
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  return JSON.parse((await show(`${args} --json --no-sessions`, machine, scene)).out);
}

/** The lines of a part of the text, without their indent. */
export function partOf(out: string, title: string): string[] {
  const block = `\n${out}`.split(`\n${title}\n`)[1]?.split("\n\n")[0] ?? "";
  return block.split("\n").filter((line) => line !== "").map((line) => line.slice(2));
}
