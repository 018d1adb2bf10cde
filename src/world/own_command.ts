/** How to start this program again. */

import { UnsupportedError } from "../errors.ts";
import type { Probe } from "../types.ts";

/** What the runtime tells of this program. */
export interface Running {
  /** Whether it is one executable, with nothing to pass to a runtime. */
  readonly isStandalone: boolean;
  /** Path of the module that was started. */
  readonly script: string;
  /** Arguments behind it. */
  readonly args: readonly string[];
}

/**
 * The absolute program and arguments that start ocmem again: its executable; or the runtime, with the
 * flags that it was given, and the script. Throws an UnsupportedError if the system does not tell.
 */
export function ownCommand({ isStandalone, script, args }: Running, probe: Probe): string[] {
  const row = probe.processTable().get(probe.ownPid);
  const executable = probe.executable(probe.ownPid);
  const argv = row && probe.commandLine(row);
  if (executable === null || !Array.isArray(argv)) {
    throw new UnsupportedError("Cannot tell how ocmem was started: the system hides it");
  }
  if (isStandalone) return [executable];
  const flags: readonly string[] = argv.slice(1, argv.length - args.length - 1);
  return [executable, ...flags, script];
}
