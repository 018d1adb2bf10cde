/** The commands as one table: parsing, help, and what an error looks like. */

import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type PartialApplicationConfiguration,
  run as runApplication,
} from "@stricli/core";
import { check } from "./commands/check.ts";
import { type CheckFlags, limitParser, parsePid, type ScanFlags } from "./commands/flags.ts";
import { list } from "./commands/list.ts";
import { exitCodeOf, isExpected, UsageError } from "./errors.ts";
import type { World } from "./types.ts";
import { textsThatFail } from "./usage.ts";

/** What a command is bound to: the outside, and where its exit code goes. */
interface Context {
  readonly process: Streams;
  readonly world: World;
  readonly outcome: Outcome;
}
interface Outcome {
  exitCode: number;
  error: unknown;
}
interface Streams {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
}

// Defaults are applied by the commands: stricli would parse each of them at every start.
const scanFlags = {
  format: { kind: "enum", values: ["text", "json"], optional: true, brief: "Output format (text)" },
  json: { kind: "boolean", optional: true, withNegated: false, brief: "Short for --format json" },
  pid: {
    kind: "parsed",
    parse: parsePid,
    variadic: true,
    optional: true,
    placeholder: "N",
    brief: "Only this process, OpenCode or not (repeatable)",
  },
  match: {
    kind: "parsed",
    parse: String,
    optional: true,
    placeholder: "REGEX",
    brief: "Add processes whose whole command line matches (RE2 syntax)",
  },
  exact: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Add PSS and USS (Linux; slow: stalls large processes for milliseconds)",
  },
  wide: { kind: "boolean", optional: true, withNegated: false, brief: "Text as wide as it takes" },
  color: {
    kind: "enum",
    values: ["auto", "always", "never"],
    optional: true,
    brief: "Colour text (auto)",
  },
  "show-secrets": {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Show arguments that look like keys and passwords",
  },
} as const;

const checkFlags = {
  warning: {
    kind: "parsed",
    parse: limitParser("--warning"),
    optional: true,
    placeholder: "LIMIT",
    brief: "Warn above this footprint: 2GiB, 500MB, bytes or 75% of memory (2GiB)",
  },
  critical: {
    kind: "parsed",
    parse: limitParser("--critical"),
    optional: true,
    placeholder: "LIMIT",
    brief: "Critical above this footprint (4GiB)",
  },
  scope: {
    kind: "enum",
    values: ["process", "instance"],
    optional: true,
    brief: "Compare each process, or each instance's total (process)",
  },
  none: {
    kind: "enum",
    values: ["ok", "warning", "critical", "unknown"],
    optional: true,
    brief: "Verdict when no OpenCode is running (ok)",
  },
  quiet: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Print nothing while all is well",
  },
  ...scanFlags,
} as const;

/** The commands. Each is built when it is used: at start-up a millisecond counts. */
const COMMANDS = {
  check: () =>
    buildCommand<CheckFlags, [], Context>({
      func: async function (flags) {
        this.outcome.exitCode = await check(flags, this.world);
      },
      parameters: { flags: checkFlags },
      docs: {
        brief: "Judge the memory of OpenCode's processes (the default command)",
        customUsage: ["[--warning LIMIT] [--critical LIMIT] [--quiet] [--json] [FLAGS]"],
        fullDescription: [
          "Finds OpenCode's processes, reads the memory they really hold, and compares it with limits:",
          "warning above 2 GiB, critical above 4 GiB. The exit code is the verdict.",
          "",
          "EXAMPLES",
          "  ocmem check --warning 1GiB --critical 25%",
          "  ocmem check --json --scope instance | jq '.instances[].footprint_bytes'",
          "",
          "EXIT CODES",
          "  0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (no reading, wrong arguments, failure)",
        ].join("\n"),
      },
    }),
  list: () =>
    buildCommand<ScanFlags, [], Context>({
      func: async function (flags) {
        this.outcome.exitCode = await list(flags, this.world);
      },
      parameters: { flags: scanFlags },
      docs: {
        brief: "Show OpenCode's processes and their memory, without a verdict",
        customUsage: ["[--json] [--wide] [FLAGS]"],
        fullDescription: [
          "Shows every OpenCode instance as a tree: launcher, session, helpers and other children.",
          "",
          "EXAMPLES",
          "  ocmem list --wide",
          "  ocmem list --json | jq -r '.instances[] | [.id, .role, .cwd] | @tsv'",
          "",
          "EXIT CODES",
          "  0 done, 64 wrong arguments, 69 processes can't be read, 70 bug, 74 output can't be written",
        ].join("\n"),
      },
    }),
};

const buildRoutes = () =>
  buildRouteMap({
    routes: { check: COMMANDS.check(), list: COMMANDS.list() },
    docs: {
      brief: "Memory health check for OpenCode",
      fullDescription: [
        "Finds the OpenCode processes on this machine, measures the memory they really hold, and judges it.",
        "Without a command it runs check: ocmem --json is ocmem check --json.",
        "Help on a command: ocmem check --help",
      ].join("\n"),
    },
  });

/** A command line, understood as far as which command it is for. */
interface Route {
  /** A command of the table, or null for help, version and what is no command. */
  readonly command: keyof typeof COMMANDS | null;
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
  if (first !== undefined && first in COMMANDS) {
    return { command: first as keyof typeof COMMANDS, words: rest };
  }
  if (first === undefined || (first.startsWith("-") && !ASKS_ABOUT.test(first))) {
    return { command: "check", words: args };
  }
  return { command: null, words: args };
}

/** Flags that stricli answers itself. Without them its handlers are left out, which saves a millisecond. */
const ASKS_ABOUT = /^(?:--help|-h|--version|-v)$/;

async function runRoute({ command, words }: Route, world: World): Promise<number> {
  const outcome: Outcome = { exitCode: 0, error: undefined };
  let help = "";
  const streams: Streams = {
    stdout: { write: (text) => void (help += text) },
    // stricli's own error texts are empty: the errors come through `textsThatFail`.
    stderr: { write: () => {} },
  };
  const text = textsThatFail((error) => outcome.error = error);
  const config: PartialApplicationConfiguration = {
    name: command === null ? "ocmem" : `ocmem ${command}`,
    versionInfo: { currentVersion: world.version },
    // Flags are named as they are typed, so that nothing is converted at start-up.
    scanner: { caseStyle: "original" },
    documentation: { caseStyle: "original", disableAnsiColor: true, onlyRequiredInUsageLine: true },
    localization: { loadText: () => text },
  };
  const integrations = words.some((word) => ASKS_ABOUT.test(word)) ? undefined : {};
  const application = command === null
    ? buildApplication<Context>(buildRoutes(), config, integrations)
    : buildApplication<Context>(COMMANDS[command](), config, integrations);
  await runApplication(application, words, { process: streams, world, outcome });
  if (outcome.error !== undefined) throw outcome.error;
  if (help !== "") world.stdout.write(help.endsWith("\n") ? help : `${help}\n`);
  return outcome.exitCode;
}

/** Whether the user asked for JSON, in a command line that may not be understood otherwise. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((argument, i) =>
    argument === "--json" || argument === "--format=json" ||
    (argument === "json" && args[i - 1] === "--format")
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
