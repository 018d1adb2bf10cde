/** Packages of the npm registry in a cache that all tests share: each is fetched once. */

/** The package that holds OpenCode's native program for this platform: `opencode-linux-x64`, say. */
export function platformPackage(): string {
  const { os, arch } = Deno.build;
  return `opencode-${os}-${arch === "aarch64" ? "arm64" : "x64"}`;
}

/** Where something of this name is in the cache, if it is there. */
export function cachePath(name: string): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return `${cache}/ocmem-tests/${name}`;
}

/**
 * The path of a folder of the cache, which is made unless it is there. null if `make`, which fills it,
 * says that it can't.
 */
export function fetchOnce(name: string, make: (folder: string) => boolean): string | null {
  const path = cachePath(name);
  if (isThere(path)) return path;
  const cache = cachePath("");
  Deno.mkdirSync(cache, { recursive: true });
  // Only what is complete gets the name that is looked for.
  const temporary = Deno.makeTempDirSync({ dir: cache, prefix: "incomplete-" });
  try {
    if (!make(temporary)) return null;
    rename(temporary, path);
    return path;
  } finally {
    remove(temporary);
  }
}

/** Puts what is in a package, `name@version`, into a folder. False if the registry does not hand it out. */
export function unpack(wanted: string, folder: string): boolean {
  Deno.mkdirSync(folder, { recursive: true });
  const packed = output("npm", ["pack", "--silent", "--pack-destination", folder, wanted]);
  if (packed === null) return false;
  const file = `${folder}/${packed.trim().split("\n").at(-1)}`;
  if (output("tar", ["-xzf", file, "-C", folder, "--strip-components", "1"]) === null) return false;
  Deno.removeSync(file);
  return true;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Another test process may have been faster: its copy is as good. */
function rename(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!isThere(to)) throw error;
  }
}

function remove(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What a program writes to its standard output, or null if it fails. */
function output(program: string, args: readonly string[]): string | null {
  const command = new Deno.Command(program, { args: [...args], stdin: "null", stderr: "null" });
  const { success, stdout } = command.outputSync();
  return success ? new TextDecoder().decode(stdout) : null;
}
