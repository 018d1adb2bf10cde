/** `ocmem completions`: scripts that make a shell complete command lines of ocmem. */

import type { World } from "../world.ts";

/**
 * Each asks `ocmem complete` at a TAB, and calls it as the user has: by whatever path stands at the
 * start of the line.
 */
const SCRIPTS: Readonly<Record<string, () => Promise<string>>> = {
  bash: async () => (await import("./completion_bash.ts")).BASH,
  zsh: async () => (await import("./completion_zsh.ts")).ZSH,
  fish: async () => (await import("./completion_fish.ts")).FISH,
};

/** Prints the script of a shell, which the table of commands knows. Returns 0. */
export async function completions([shell = ""]: readonly string[], world: World): Promise<number> {
  world.stdout.write(await SCRIPTS[shell]!());
  return 0;
}
