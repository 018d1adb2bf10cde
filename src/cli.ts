/** The command line: which command it is for, and what an error looks like. */

import { type CommandName, COMMANDS, runCommand } from "./cli/command_table.ts";
import { exitCodeOf, isExpected, UsageError } from "./errors.ts";
import type { World } from "./world.ts";

/** A command line, understood as far as which command it is for. */
interface Route {
  /** A command of the table, or null for help, version and what is no command. */
  readonly command: CommandName | null;
  readonly words: readonly string[];
}

/** Runs the command line `args` in `world` and returns the exit code. Never throws. */
export async function run(args: readonly string[], world: World): Promise<number> {
  const route = routeOf(args);
  try {
    return await runRoute(route, world);
  } catch (error) {
    const code = exitCodeOf(error, route.command ?? "");
    const text = wantsJson(args) ? jsonError(error, code) : textError(error, route.command);
    try {
      world.stderr.write(text);
    } catch {
      // Nowhere left to say it: the exit code does.
    }
    return code;
  }
}

/** Without a command the arguments are check's. `ocmem help` is what many type first. */
function routeOf(args: readonly string[]): Route {
  const [first, ...rest] = args;
  if (first === "help") {
    return rest.length > 0 ? routeOf([...rest, "--help"]) : { command: null, words: ["--help"] };
  }
  if (first !== undefined && Object.hasOwn(COMMANDS, first)) {
    return { command: first as CommandName, words: rest };
  }
  if (first === undefined || (first.startsWith("-") && !ASKS_ABOUT.test(first))) {
    return { command: "check", words: args };
  }
  return { command: null, words: args };
}

async function runRoute({ command, words }: Route, world: World): Promise<number> {
  const switches = command && switchesOf(words, COMMANDS[command].flags);
  if (command && switches) return await runCommand(command, switches, world);
  const { understand } = await import("./cli/application.ts");
  const meaning = await understand(command, words, world.version);
  if ("flags" in meaning) return await runCommand(command ?? "check", meaning.flags, world);
  world.stdout.write(meaning.help);
  return 0;
}

/**
 * The flags of a command line that is made of switches alone, such as `--json --quiet`, or null if it
 * has anything else. Cron runs such a line every minute, and without the parser it starts 3 ms earlier.
 */
function switchesOf(
  words: readonly string[],
  flags: Readonly<Record<string, { readonly kind: string }>>,
): Readonly<Record<string, true>> | null {
  const switches: Record<string, true> = {};
  for (const word of words) {
    const name = word.startsWith("--") ? word.slice(2) : "";
    const isSwitch = Object.hasOwn(flags, name) && flags[name]!.kind === "boolean";
    if (!isSwitch || switches[name]) return null;
    switches[name] = true;
  }
  return switches;
}

/** What stricli answers itself: help and version. */
const ASKS_ABOUT = /^(?:--help|-h|--version|-v)$/;

/** Whether the user asked for JSON of any kind, in a command line that may not be understood otherwise. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((argument, i) =>
    argument === "--json" || /^--format=(?:nd)?json$/.test(argument) ||
    (/^(?:nd)?json$/.test(argument) && args[i - 1] === "--format")
  );
}

function textError(error: unknown, command: Route["command"]): string {
  const hint = error instanceof UsageError
    ? `Help: ocmem ${command ? `${command} ` : ""}--help\n`
    : "";
  return `ocmem: ${messageOf(error)}\n${hint}`;
}

function jsonError(error: unknown, code: number): string {
  return JSON.stringify({ type: "error", message: messageOf(error), exit_code: code }) + "\n";
}

/** The message of an expected error; a bug shows where it is. */
function messageOf(error: unknown): string {
  if (isExpected(error)) return error.message;
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return `This is a bug in ocmem, please report it: ${detail}`;
}
