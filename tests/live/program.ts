/**
 * What the tests of the command line run: the sources, with the grants that deno.json documents; or, with
 * OCMEM_TEST_PROGRAM, the bundle or an executable.
 */

import { flagsOf, TARGETS } from "../../release/targets.ts";
import { PROGRAM_NEEDS, ROOT } from "../support.ts";

/** OCMEM_TEST_PROGRAM: empty for the sources, the absolute path of a bundle's ocmem.js or of an executable. */
const PATH = Deno.env.get("OCMEM_TEST_PROGRAM") || null;

// Tests run it in other folders too.
if (PATH !== null && !PATH.startsWith("/")) {
  throw new Error(`OCMEM_TEST_PROGRAM is no absolute path: ${PATH}`);
}

export type Kind = "source" | "bundle" | "executable";

export const KIND: Kind = PATH === null ? "source" : PATH.endsWith(".js") ? "bundle" : "executable";

/** The platform of this machine, of those that executables are made for. */
function ownTarget() {
  const { os, arch } = Deno.build;
  return TARGETS.find((one) => one.os === os && one.arch === arch) ?? null;
}

/**
 * A bundle with what an executable of it has inside: the flags of this platform, no settings from files
 * around it, no cache of compiled code.
 */
export function bundled(entry: string): [string, ...string[]] {
  const settings = ["--no-config", "--no-code-cache", ...flagsOf(ownTarget())];
  return [Deno.execPath(), "run", ...settings, entry];
}

/** The program first, then what makes it ocmem. */
export function documented(): [string, ...string[]] {
  switch (KIND) {
    case "source":
      return [Deno.execPath(), "run", ...flagsOf(null), `${ROOT}main.ts`];
    case "bundle":
      return bundled(PATH!);
    case "executable":
      return [PATH!];
  }
}

/** For tests that change the grants: an executable has them inside. */
export const CHANGEABLE = { [PROGRAM_NEEDS.changeable]: KIND !== "executable" };
/** For tests of the sources themselves. */
export const FROM_SOURCE = { [PROGRAM_NEEDS.source]: KIND === "source" };
