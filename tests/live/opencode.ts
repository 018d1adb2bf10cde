/** The real OpenCode: fetched once from the npm registry, started in an empty home. */

import { hasProgram } from "../support.ts";
import { cachePath, fetchOnce, platformPackage, unpack } from "./fetched.ts";
import type { Child, Children } from "./processes.ts";

const VERSION = "1.18.33";

/** What tests with the real one need: names for `live`. Fetches it, unless it was fetched before. */
export function needs(): Readonly<Record<string, boolean>> {
  const tools = { npm: hasProgram("npm"), tar: hasProgram("tar") };
  const here = Object.values(tools).every(Boolean) || isFetched();
  return here ? { [`opencode ${VERSION} from the npm registry`]: fetched() !== null } : tools;
}

/** The native program's place in the cache. */
function programPath(): string {
  return `${cachePath(`${platformPackage()}-${VERSION}`)}/package/bin/opencode`;
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
  const folder = fetchOnce(`${platformPackage()}-${VERSION}`, (temporary) => {
    if (!unpack(`${platformPackage()}@${VERSION}`, `${temporary}/package`)) return false;
    Deno.chmodSync(`${temporary}/package/bin/opencode`, 0o755);
    return true;
  });
  return folder && programPath();
}

export interface Server {
  readonly child: Child;
  /** The path of what was started. */
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
  /** What is started instead of the native program, with its first arguments. */
  readonly program?: readonly [path: string, ...args: readonly string[]];
}

/** Starts `opencode serve` with its home in `folder`, empty at first, and waits until it listens. */
export async function serve(
  children: Children,
  folder: string,
  { port = 0, env: more = {}, program = [programPath()] }: Serving = {},
): Promise<Server> {
  const [path, ...words] = program;
  const cwd = `${folder}/project`;
  for (const each of [`${folder}/home`, cwd, `${folder}/tmp`]) {
    Deno.mkdirSync(each, { recursive: true });
  }
  const env = { ...homeIn(folder), ...more };
  const said = port === null ? [] : ["--port", `${port}`];
  const args = [...words, "serve", ...said, "--hostname", "127.0.0.1"];
  const child = children.start(path, { args, cwd, env });
  const [, url] = await child.line(/opencode server listening on (http:\S+?)\/?$/);
  return { child, path, cwd, url: url! };
}

/** Makes a session as a client does, in the server's directory if nothing else is said. */
export async function makeSession(url: string, title: string, directory = ""): Promise<string> {
  const headers = { "content-type": "application/json" };
  const query = directory && `?directory=${encodeURIComponent(directory)}`;
  const response = await fetch(`${url}/session${query}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ title }),
  });
  const { id } = await response.json();
  return id;
}
