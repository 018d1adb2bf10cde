/** The real OpenCode: fetched once from the npm registry, started in an empty home. */

import { hasProgram } from "../support.ts";
import type { Child, Children } from "./processes.ts";

const VERSION = "1.18.33";

/** What tests with the real one need: names for `live`. Fetches it, unless it was fetched before. */
export function needs(): Readonly<Record<string, boolean>> {
  const tools = { npm: hasProgram("npm"), tar: hasProgram("tar") };
  const here = Object.values(tools).every(Boolean) || isFetched();
  return here ? { [`opencode ${VERSION} from the npm registry`]: fetched() !== null } : tools;
}

/** `opencode-linux-x64`, `opencode-darwin-arm64`, … */
function packageName(): string {
  const { os, arch } = Deno.build;
  return `opencode-${os}-${arch === "aarch64" ? "arm64" : "x64"}`;
}

function cacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return `${cache}/ocmem-tests`;
}

/** The native program's place in the cache. */
function programPath(): string {
  return `${cacheFolder()}/${packageName()}-${VERSION}/package/bin/opencode`;
}

function isFetched(): boolean {
  try {
    return Deno.statSync(programPath()).isFile;
  } catch {
    return false;
  }
}

/** The native program's path, or null if the registry does not hand it out. */
function fetched(): string | null {
  if (isFetched()) return programPath();
  const cache = cacheFolder();
  Deno.mkdirSync(cache, { recursive: true });
  // Only what is complete gets the name that is looked for.
  const temporary = Deno.makeTempDirSync({ dir: cache, prefix: "incomplete-" });
  try {
    const wanted = `${packageName()}@${VERSION}`;
    const tarball = output("npm", ["pack", "--silent", "--pack-destination", temporary, wanted]);
    if (tarball === null) return null;
    const file = `${temporary}/${tarball.trim().split("\n").at(-1)}`;
    if (output("tar", ["-xzf", file, "-C", temporary]) === null) return null;
    Deno.removeSync(file);
    Deno.chmodSync(`${temporary}/package/bin/opencode`, 0o755);
    rename(temporary, `${cache}/${packageName()}-${VERSION}`);
    return programPath();
  } finally {
    remove(temporary);
  }
}

/** Another test process may have been faster: its copy is as good. */
function rename(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!isFetched()) throw error;
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

export interface Server {
  readonly child: Child;
  /** The native program's path. */
  readonly path: string;
  readonly cwd: string;
  /** Where it listens, without a slash at the end. */
  readonly url: string;
}

/** What keeps OpenCode within a folder. */
export function homeIn(folder: string): Readonly<Record<string, string>> {
  const home = `${folder}/home`;
  return {
    HOME: home,
    TMPDIR: `${folder}/tmp`,
    XDG_CACHE_HOME: `${home}/.cache`,
    XDG_CONFIG_HOME: `${home}/.config`,
    XDG_DATA_HOME: `${home}/.local/share`,
    XDG_STATE_HOME: `${home}/.local/state`,
  };
}

/** The native program's path, for tests that start it themselves. */
export function openCode(): string {
  return programPath();
}

/** How a server is started, where it matters. */
export interface Serving {
  /** 0: any that is free; null: none is said. */
  readonly port?: number | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `opencode serve` with its home in `folder`, empty at first, and waits until it listens. */
export async function serve(
  children: Children,
  folder: string,
  { port = 0, env: more = {} }: Serving = {},
): Promise<Server> {
  const path = programPath();
  const cwd = `${folder}/project`;
  for (const each of [`${folder}/home`, cwd, `${folder}/tmp`]) {
    Deno.mkdirSync(each, { recursive: true });
  }
  const env = { ...homeIn(folder), ...more };
  const said = port === null ? [] : ["--port", `${port}`];
  const args = ["serve", ...said, "--hostname", "127.0.0.1"];
  const child = children.start(path, { args, cwd, env });
  const [, url] = await child.line(/opencode server listening on (http:\S+?)\/?$/);
  return { child, path, cwd, url: url! };
}
