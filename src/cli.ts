/** The command line: which command it is for, and what an error looks like. */

import { type AnyFlags, type CommandName, COMMANDS, runCommand } from "./cli/command_table.ts";
import { uselessGrants } from "./cli/grants.ts";
import { settle } from "./cli/settings.ts";
import { EXIT_UNKNOWN, exitCodeOf } from "./errors.ts";
import type { CheckFlags } from "./commands/flags.ts";
import type { World } from "./world.ts";

/** Monitoring systems end a plugin themselves after a minute or so, and then know nothing. */
const NAGIOS_TIMEOUT_MS = 10_000;

/** A command line, understood as far as which command it is for. */
interface Route {
  /** A command of the table, or null for help, version and what is no command. */
  readonly command: CommandName | null;
  readonly words: readonly string[];
}

/** Runs the command line `args` in `world` and returns the exit code. Never throws. */
export async function run(args: readonly string[], world: World): Promise<number> {
  // Shells call it at every TAB, people never: it is no command of the table, and never fails.
  if (args[0] === "complete") {
    world.renounce(["write", "net", "run"]);
    return await (await import("./cli/complete.ts")).complete(args.slice(1), world);
  }
  const route = routeOf(args);
  try {
    return await runRoute(route, world);
  } catch (error) {
    const { sayFailure } = await import("./cli/failure.ts");
    const code = exitCodeOf(error, route.command ?? "");
    const { stream, text } = sayFailure(args, route.command, error, code);
    try {
      world[stream].write(text);
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
  const switches = command && COMMANDS[command].positional === null
    ? switchesOf(words, COMMANDS[command].flags)
    : null;
  if (command && switches) return await settleAndRun(command, switches, [], world);
  const answer = await answerTo(command, words, world);
  if (answer !== null) {
    world.stdout.write(answer);
    return 0;
  }
  const { understand } = await import("./cli/application.ts");
  const meaning = await understand(command, words);
  return await settleAndRun(command ?? "check", meaning.flags, meaning.words, world);
}

const COLUMNS_WITHOUT_TERMINAL = 80;

/** The help or the version that a command line asks for, or null if it asks for none. */
async function answerTo(
  command: CommandName | null,
  words: readonly string[],
  world: World,
): Promise<string | null> {
  // Behind -- stands what is for another command.
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  // A word that is no command is a mistake, whatever follows.
  const asked = command === null ? own.slice(0, 1) : own;
  if (asked.some((word) => word === "--help" || word === "-h")) {
    const { helpOn } = await import("./cli/help.ts");
    return helpOn(command, world.size()?.columns ?? COLUMNS_WITHOUT_TERMINAL);
  }
  if (!asked.some((word) => word === "--version" || word === "-v")) return null;
  const { versionAsJson, versionAsText } = await import("./cli/version.ts");
  return own.includes("--json") ? versionAsJson(world) : versionAsText(world);
}

/** Adds what variables and the options file say, and sees to where the output goes, and how long it may take. */
async function settleAndRun(
  command: CommandName,
  given: AnyFlags,
  words: readonly string[],
  world: World,
): Promise<number> {
  const flags = await settle(command, given, world);
  world.renounce(uselessGrants(command, flags));
  // Flags that only some commands have.
  const { output, format, timeout } = flags as CheckFlags;
  const isNagios = command === "check" && format === "nagios";
  const timeoutMs = timeout ?? (isNagios ? NAGIOS_TIMEOUT_MS : null);
  const run = async (world: World, leftover: string | null) => {
    if (timeoutMs === null) return await runCommand(command, flags, words, world);
    const { inTime } = await import("./cli/in_time.ts");
    const { sayFailure } = await import("./cli/failure.ts");
    const say = (error: unknown) => sayFailure(world.args, command, error, EXIT_UNKNOWN);
    return await inTime(
      world,
      timeoutMs,
      leftover,
      say,
      (world) => runCommand(command, flags, words, world),
    );
  };
  if (output === undefined || output === "-") return await run(world, null);
  const { intoFile } = await import("./cli/into_file.ts");
  return await intoFile(world, output, format, run);
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

/** What is no check: help and version. */
const ASKS_ABOUT = /^(?:--help|-h|--version|-v)$/;
