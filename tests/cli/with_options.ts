/** Command lines run with an options file. */

import { openCode } from "../commands/running.ts";
import { FakeProbe, GIB } from "../fake.ts";
import { type FakeFile, type Ran, runFake, type Scene } from "../fake_world.ts";

export const HOME = "/home/ada";
export const PATH = `${HOME}/.config/ocmem/config.jsonc`;

/** Runs a command line with an options file and variables. */
export async function run(
  args: readonly string[],
  file: string | null,
  env: Readonly<Record<string, string>> = {},
  scene: Scene = {},
): Promise<Ran> {
  const files = new Map<string, FakeFile>(file === null ? [] : [[PATH, { text: file }]]);
  const probe = new FakeProbe([openCode(3 * GIB)]);
  return await runFake(args, { probe, files, env: { HOME, ...env }, ...scene });
}
