/**
 * What is known of OpenCode as processes, as data and pure rules. Observed with npm's opencode-ai
 * 1.2 to 1.18 on Linux, and read in OpenCode's sources for macOS and the desktop apps. OpenCode
 * changes fast: extend the data here, the rules below rarely need to follow.
 */

import type { Names } from "./opencode_names.ts";
import type { Role } from "./types.ts";

/** Sidecars of the desktop app. */
const DESKTOP_SIDECAR = /^opencode-cli/;
/** Folder or file of the Electron app: `OpenCode.app`, `OpenCode Beta.app`; on Linux its executable's name. */
const DESKTOP_APP = /\/OpenCode[^/]*\.app\/|\/(?:ai\.)?opencode[-.]desktop[^/]*$/i;

/** Subcommands and the role of a process that runs one. */
const SUBCOMMANDS: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["serve", "server"],
  ["web", "server"],
  ["acp", "acp"],
  ["run", "run"],
  ["pr", "run"],
  ["attach", "attach"],
  ...["completion", "mcp", "debug", "providers", "auth", "agent", "upgrade", "uninstall", "models"]
    .map((name) => [name, "cli"] as const),
  ...["stats", "export", "import", "github", "session", "plugin", "plug", "db"]
    .map((name) => [name, "cli"] as const),
]);
/** Flags that take the next argument as their value. */
const VALUE_FLAGS: ReadonlySet<string> = new Set([
  "--log-level",
  "--port",
  "--hostname",
  "--mdns-domain",
  "--cors",
  "-m",
  "--model",
  "-s",
  "--session",
  "--prompt",
  "--agent",
  "--replay-limit",
]);
/** Subcommands of the JavaScript runtime inside OpenCode's executable. */
const RUNTIME_SUBCOMMANDS: ReadonlySet<string> = new Set(["x", "install", "add"]);
const SCRIPT_FILE = /\.(?:js|mjs|cjs|ts)$/;

const RUNTIMES: ReadonlySet<string> = new Set(["node", "nodejs", "bun", "deno"]);
const RUNNERS: ReadonlySet<string> = new Set(["npm", "npx", "pnpm", "pnpx", "yarn", "bunx"]);
const SHELLS: ReadonlySet<string> = new Set(["sh", "dash", "bash", "zsh"]);
/** Words with which a package runner is told to run a package's program. */
const EXEC_WORDS: ReadonlySet<string> = new Set(["exec", "x", "dlx"]);
/** Flags of node and bun that take the next argument as their value. */
const RUNTIME_VALUE_FLAGS: ReadonlySet<string> = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "-C",
  "--conditions",
  "--env-file",
  "--cwd",
]);
/** A script or package of OpenCode: `…/.bin/opencode`, `opencode.js`, `opencode-ai@1.14.41`. */
const OPENCODE_SCRIPT = /^(?:opencode2?(?:\.[cm]?js)?|opencode-ai(?:@.+)?|opencode@.+)$/;
/** OpenCode run from its sources. */
const SOURCE_ENTRY = /(?:^|\/)src\/index\.ts$/;
const SOURCE_FOLDER = /(?:^|\/)packages\/opencode\/?$/;

/** What is known of a process beyond its row in the table. null: the system does not tell. */
export interface Identity {
  readonly name: string;
  readonly executable: string | null;
  readonly commandLine: readonly string[] | null;
}

/** True if the kernel's short name is one that OpenCode, its desktop app or its source run under. */
export function isNameOfOpenCode(name: string, { short }: Names): boolean {
  return short.has(name) || name === "bun" || /^opencode/i.test(name);
}

/** True if the executable's path is one of OpenCode, its desktop app, or what runs its sources. */
export function isExecutableOfOpenCode(path: string, { files }: Names): boolean {
  const name = fileName(path);
  if (files.has(name) || name === "bun") return true;
  // Asked of every process: the expression only where it can match.
  return (path.includes("OpenCode") || path.includes("opencode")) && DESKTOP_APP.test(path);
}

/**
 * True if this process runs OpenCode's native program. The executable's identity decides; only where
 * it can't be read do the name and argv[0] count, and both must say so.
 */
export function isNative(
  { name, executable, commandLine }: Identity,
  { files, short }: Names,
): boolean {
  if (executable !== null) return files.has(fileName(executable));
  const first = commandLine?.[0];
  return short.has(name) && first !== undefined && files.has(fileName(first));
}

/** True for the name of a zombie that was OpenCode: its executable and arguments are gone. */
export function isNativeName(name: string, { short }: Names): boolean {
  return short.has(name);
}

/**
 * True for the server inside the Electron app: a utility process that runs Node. On Linux Chromium
 * makes one text of the arguments of such a process (seen with Chromium 156).
 */
export function isElectronServer({ executable, commandLine }: Identity): boolean {
  if (executable === null || commandLine === null || !DESKTOP_APP.test(executable)) return false;
  const line = ` ${commandLine.join(" ")} `;
  return line.includes(" --type=utility ") && line.includes("node.mojom.NodeService");
}

/** True for OpenCode run from its sources by bun, in a working directory `…/packages/opencode`. */
export function isSource(identity: Identity, directory: () => string | null): boolean {
  const { executable, commandLine } = identity;
  if (fileName(executable ?? commandLine?.[0] ?? "") !== "bun" || commandLine === null) {
    return false;
  }
  if (!commandLine.some((argument) => SOURCE_ENTRY.test(argument))) return false;
  return SOURCE_FOLDER.test(directory() ?? "");
}

/**
 * True if a native process acts as a plain JavaScript runtime: for a language server, a formatter or
 * an MCP command. `opencode run x.js` is one only below OpenCode: by hand it is a `run` session.
 */
export function isHelper(
  commandLine: readonly string[],
  runsAsBun: boolean,
  belowNative: boolean,
): boolean {
  const [, first, second] = commandLine;
  if (runsAsBun || (first !== undefined && RUNTIME_SUBCOMMANDS.has(first))) return true;
  return belowNative && first === "run" && second !== undefined && SCRIPT_FILE.test(second);
}

/** The role of a native process, from its executable and its arguments. */
export function roleOf({ executable, commandLine }: Identity): Role {
  if (DESKTOP_SIDECAR.test(fileName(executable ?? commandLine?.[0] ?? ""))) return "desktop";
  return commandLine === null ? "unknown" : roleOfArguments(commandLine.slice(1));
}

/** The role of OpenCode run from its sources: what follows `src/index.ts`. */
export function roleOfSource(commandLine: readonly string[]): Role {
  return roleOfArguments(commandLine.slice(1 + commandLine.findIndex((a) => SOURCE_ENTRY.test(a))));
}

/** The first argument that is no flag and no flag's value decides; a path, or none, is the TUI. */
function roleOfArguments(args: readonly string[]): Role {
  const words = positional(args, VALUE_FLAGS);
  if (words[0] === "github" && words[1] === "run") return "run";
  return SUBCOMMANDS.get(words[0] ?? "") ?? "tui";
}

/**
 * True if this command line starts OpenCode as its script, so that it is the launcher of its native
 * child: `node …/.bin/opencode serve`, `npm exec opencode`, `bunx opencode-ai`, `sh -c 'opencode' serve`,
 * and `bun dev` above OpenCode's sources.
 */
export function isLauncher({ executable, commandLine }: Identity, sourceBelow: boolean): boolean {
  if (commandLine === null) return false;
  // npm shows its command as one text: `npm exec opencode serve`.
  const argv = commandLine.length === 1 ? commandLine[0]!.split(" ") : commandLine;
  const program = fileName(argv[0] ?? "");
  const args = argv.slice(1);
  if (RUNNERS.has(program)) return isPackageRun(program, args);
  if (SHELLS.has(program)) return isShellLauncher(args);
  if (!RUNTIMES.has(program) && !RUNTIMES.has(fileName(executable ?? ""))) return false;
  const [script, ...rest] = positional(args, RUNTIME_VALUE_FLAGS);
  if (script === undefined) return false;
  if (OPENCODE_SCRIPT.test(fileName(script))) return true;
  if (sourceBelow && (script === "dev" || (script === "run" && rest[0] === "dev"))) return true;
  if (program === "bun") return isPackageRun("bun", [script, ...rest]);
  // node …/npm-cli.js exec opencode, before npm shows its title.
  const runner = fileName(script).replace(/(?:-cli)?\.[cm]?js$/, "");
  return RUNNERS.has(runner) && isPackageRun(runner, rest);
}

function isPackageRun(runner: string, args: readonly string[]): boolean {
  const words = positional(args, new Set());
  const runsAtOnce = runner === "npx" || runner === "pnpx" || runner === "bunx";
  const named = runsAtOnce ? words[0] : EXEC_WORDS.has(words[0] ?? "") ? words[1] : undefined;
  return named !== undefined && OPENCODE_SCRIPT.test(named);
}

/** `sh -c` with one plain command that is opencode, or a shell script of that name. */
function isShellLauncher(args: readonly string[]): boolean {
  if (args[0] !== "-c") return OPENCODE_SCRIPT.test(fileName(positional(args, new Set())[0] ?? ""));
  const command = args[1] ?? "";
  // With an operator it is somebody's script that happens to run opencode, not a launcher of it.
  if (/[;&|<>()\n`$]/.test(command)) return false;
  const first = command.trim().split(/\s/, 1)[0]!.replace(/^(['"])(.*)\1$/, "$2");
  return OPENCODE_SCRIPT.test(fileName(first));
}

/** The arguments that are neither flags nor values of `valueFlags`; all of them after `--`. */
function positional(args: readonly string[], valueFlags: ReadonlySet<string>): string[] {
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (argument === "--") return words.concat(args.slice(i + 1));
    if (valueFlags.has(argument)) i++;
    else if (!argument.startsWith("-")) words.push(argument);
  }
  return words;
}

const DELETED = " (deleted)";

/** The last part of a path; Linux adds ` (deleted)` to the path of an executable that was replaced. */
function fileName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.endsWith(DELETED) ? name.slice(0, -DELETED.length) : name;
}
