/** Opens what ends processes: loaded when something is to be ended. */

import { DarwinEnder, LinuxEnder } from "./ending.ts";
import { DARWIN_ENDING_SYMBOLS, LINUX_ENDING_SYMBOLS } from "./ending_abi.ts";
import { openFirst } from "./library.ts";

/** A DarwinEnder on the first of `paths` that loads. */
export function openDarwinEnder(paths: readonly string[]): DarwinEnder {
  const library = openFirst(paths, DARWIN_ENDING_SYMBOLS);
  return new DarwinEnder(library.symbols, Deno.pid, () => library.close());
}

/** A LinuxEnder on the first of `paths` that loads. */
export function openLinuxEnder(paths: readonly string[]): LinuxEnder {
  const library = openFirst(paths, LINUX_ENDING_SYMBOLS);
  return new LinuxEnder(library.symbols, Deno.pid, () => library.close());
}
