/** Names of OpenCode's executable: those that are known, and those that a user adds. */

/** File names of OpenCode's own executable: releases, npm, desktop sidecars, 2.x, Nix wrappers. */
const EXECUTABLES = [
  "opencode",
  "opencode.exe",
  ".opencode",
  "opencode-cli",
  "opencode-cli-dev",
  "opencode2",
  "opencode2.exe",
  ".opencode-wrapped",
  ".opencode-wrapped_",
];

/** Names of executables that are OpenCode's. */
export interface Names {
  readonly files: ReadonlySet<string>;
  /** As the kernel shows them: cut to 15 bytes (Linux, TASK_COMM_LEN) or 16 (macOS, MAXCOMLEN). */
  readonly short: ReadonlySet<string>;
}

/** OpenCode's own names, and those that the user adds. */
export function namesOf(added: readonly string[] = []): Names {
  if (added.length === 0) return OWN_NAMES;
  const short = added.flatMap((name) => [name, ...CUTS.map((bytes) => startOf(name, bytes))]);
  const { files, short: ownShort } = OWN_NAMES;
  return { files: new Set([...files, ...added]), short: new Set([...ownShort, ...short]) };
}

const CUTS = [15, 16] as const;

// All of them ASCII: a byte is a character. This runs at every start.
const OWN_NAMES: Names = {
  files: new Set(EXECUTABLES),
  short: new Set(EXECUTABLES.flatMap((name) => [name, name.slice(0, 15), name.slice(0, 16)])),
};

/** The start of a name; a character that is cut through is read as the kernel's bytes are. */
function startOf(name: string, bytes: number): string {
  return new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, bytes));
}
