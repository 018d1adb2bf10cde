/** Where what is released comes from: the project's folder, and its commit. */

/** The project's folder, with its last slash. */
export const ROOT = `${import.meta.dirname!.slice(0, -"/release".length)}/`;

/** A commit, and when it was made. */
export interface Origin {
  /** 40 hex digits, with "-dirty" if files of the program differ from it; null outside of git. */
  readonly commit: string | null;
  /** Seconds since 1970. Outside of git SOURCE_DATE_EPOCH, as reproducible-builds.org defines it, or 0. */
  readonly atSeconds: number;
}

/** What goes into the program. */
const SOURCES = ["main.ts", "src", "deno.json", "deno.lock", "release"];

export async function commitOf(): Promise<Origin> {
  // Sources may lie in a folder of somebody else's repository.
  const isOwn = await git("rev-parse", "--show-prefix") === "";
  const line = isOwn ? await git("log", "-1", "--format=%H %ct") : null;
  if (line === null) {
    return { commit: null, atSeconds: Number(Deno.env.get("SOURCE_DATE_EPOCH") ?? 0) };
  }
  const [hash, seconds] = line.split(" ");
  const changes = await git("status", "--porcelain", "--", ...SOURCES);
  return { commit: changes === "" ? hash! : `${hash}-dirty`, atSeconds: Number(seconds) };
}

/** What git prints, trimmed, or null if it can't tell. */
async function git(...args: readonly string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", ROOT, ...args],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
