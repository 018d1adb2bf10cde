/** The manual page ocmem(1), from the same tables as the parser and the help. */

import { HOOK_VARIABLES } from "../report/hook_environment.ts";
import { type CommandName, COMMANDS } from "./command_table.ts";
import { DOCS } from "./docs.ts";
import { briefOf, briefOfWord, sayFlag } from "./help.ts";
import { bold, italic, item, paragraph, plain, section, subsection, verbatim } from "./roff.ts";
import { type FlagSpec, optionsOf, variableOf } from "./settings.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];

/** Exit codes of all commands. */
const EXIT_CODES: readonly [code: string, meaning: string][] = [
  ["0", "check: OK. Others: done."],
  ["1", "check: WARNING. selftest: failed. stop: something still runs, or no was the answer."],
  ["2", "check: CRITICAL."],
  [
    "3",
    "check: UNKNOWN. Something could not be read; also wrong arguments and failures, so that a typo " +
    "never reads as a verdict.",
  ],
  ["64", "Wrong arguments, also an unknown command."],
  ["69", "Processes can't be read, there is nothing to track, or a unit can't be started."],
  ["70", "A bug."],
  ["73", "A file can't be created."],
  ["74", "The output can't be written."],
  ["78", "The options file makes no sense."],
  ["129, 130, 143", "track, stop or selftest was ended early by SIGHUP, SIGINT or SIGTERM."],
];

const OTHER_VARIABLES: readonly [name: string, meaning: string][] = [
  ["NO_COLOR", "If it is not empty, text has no colours, unless --color says otherwise."],
  [
    "FORCE_COLOR, CLICOLOR_FORCE",
    "If one is neither empty, 0 nor false, text has colours everywhere.",
  ],
  ["TERM", "If it is dumb, text has no colours."],
  ["XDG_CONFIG_HOME", "The folder in which ocmem/config.jsonc is looked for, if it is absolute."],
  ["XDG_STATE_HOME", "The folder in which ocmem/history.db is, if it is absolute."],
  ["XDG_DATA_HOME", "The folder in which OpenCode's database is looked for, if it is absolute."],
  [
    "OPENCODE_DB",
    "OpenCode's database, as for OpenCode itself; those of its folder are read besides.",
  ],
  [
    "HOME",
    "Shown as ~ in directories; without XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_DATA_HOME, " +
    ".config, .local/state and .local/share in it take their places.",
  ],
  ["LC_ALL, LC_CTYPE, LANG", "The first that is set: unless it is UTF-8, charts are of ASCII."],
  [
    "OTEL_DENO, OTEL_DENO_METRICS",
    "If one is true, check, watch and serve export metrics by OpenTelemetry; OTEL_EXPORTER_OTLP_* " +
    "say where to.",
  ],
];

const SEE_ALSO: readonly [name: string, section: number][] = [
  ["ps", 1],
  ["top", 1],
  ["crontab", 5],
  ["systemd.timer", 5],
  ["launchctl", 1],
];

/** The page as text for man(1). The same at every call: it bears the version, and no date. */
export function manual(version: string): string {
  const lines = [
    '.\\" Printed by ocmem man, from the tables of the program itself.',
    `.TH OCMEM 1 "" "ocmem ${plain(version)}" "User Commands"`,
    // Paths and words to type are not broken, nor stretched.
    ".nh",
    ".ad l",
    ...section("NAME", ["ocmem \\- memory health check for OpenCode"]),
    ...section("SYNOPSIS", [
      `${bold("ocmem")} [${bold("check")}] [${italic("FLAGS")}]`,
      ".br",
      `${bold("ocmem")} ${italic("COMMAND")} [${italic("FLAGS")}]`,
      ".br",
      `${bold("ocmem help")} ${italic("COMMAND")}`,
    ]),
    ...section("DESCRIPTION", description()),
    ...section("COMMANDS", NAMES.flatMap((name) => subsection(name, command(name)))),
    ...section("ENVIRONMENT", environment()),
    ...section("FILES", files()),
    ...section("EXIT STATUS", [
      ...EXIT_CODES.flatMap(([code, meaning]) => item(bold(code), meaning)),
    ]),
    ...section("SEE ALSO", [
      SEE_ALSO.map(([name, number]) => `${bold(name)}(${number})`).join(",\n"),
    ]),
  ];
  return lines.join("\n") + "\n";
}

function description(): string[] {
  return [
    plain(
      "Finds the OpenCode processes on this machine, knows which is a session and which a helper, " +
        "measures the memory they really hold (the footprint, which is what Activity Monitor shows), and " +
        "judges it. Without a command it runs check: ocmem --json is ocmem check --json.",
    ),
    ...paragraph(plain(
      "A flag takes its value as the next word, or behind =. The default stands in parentheses at the " +
        "end of its description. LIMIT is bytes, an amount such as 500MB or 2GiB, or a share of the " +
        "machine's memory such as 75%. TIME is 500ms, 10s, 5m, 1h30m or 2d.",
    )),
    ".TP",
    `${bold("-h")}, ${bold("--help")}`,
    plain("Help; behind a command, the help on it."),
    ".TP",
    `${bold("-v")}, ${bold("--version")}`,
    plain("The version; with --json what it runs on, too."),
  ];
}

/** What a command does, how it is called, and how it ends. */
function command(name: CommandName): string[] {
  const { brief, customUsage, description, examples, exitCodes } = DOCS[name];
  const flags: [string, FlagSpec][] = Object.entries(COMMANDS[name].flags);
  const { positional } = COMMANDS[name];
  return [
    `${plain(brief)}.`,
    ...customUsage.flatMap((usage) =>
      paragraph(`${bold(`ocmem ${name}`)} ${plain(usage)}`.trimEnd())
    ),
    ...paragraph(plain(description.join(" "))),
    ...positional
      ? item(
        italic(positional.placeholder),
        briefOfWord(positional),
      )
      : [],
    ...flags.flatMap(([flag, spec]) => item(term(sayFlag(flag, spec)), briefOf(spec))),
    ...name === "watch" ? paragraph(...hookVariables()) : [],
    ...paragraph("Examples:"),
    ...verbatim(examples),
    ...paragraph(`Exit codes: ${plain(exitCodes.join(" "))}.`),
  ];
}

/** `--warning LIMIT`, the flag bold and what is to be put in italic. */
function term(flag: string): string {
  const [name = "", placeholder] = flag.split(" ");
  return placeholder === undefined ? bold(name) : `${bold(name)} ${italic(placeholder)}`;
}

function hookVariables(): string[] {
  return [
    plain(
      "A command of --exec finds the event in its environment; what an event has not is empty:",
    ),
    `${HOOK_VARIABLES.map(bold).join(",\n")}.`,
  ];
}

function environment(): string[] {
  const commandsOf = new Map<string, CommandName[]>();
  for (const name of NAMES) {
    for (const [option] of optionsOf(name)) {
      commandsOf.set(option, [...commandsOf.get(option) ?? [], name]);
    }
  }
  return [
    plain(
      "A variable says what a flag would, unless the flag is there. A switch is true or false.",
    ),
    ...[...commandsOf].flatMap(([option, names]) =>
      item(bold(variableOf(option)), `--${option} of ${names.join(", ")}.`)
    ),
    ...OTHER_VARIABLES.flatMap(([name, meaning]) => item(bold(name), meaning)),
  ];
}

function files(): string[] {
  return [
    ...item(
      italic("~/.config/ocmem/config.jsonc"),
      "Options that neither a flag nor a variable sets, as JSON with comments; see config. " +
        "ocmem schema config describes it.",
    ),
    ...item(
      italic("~/.local/state/ocmem/history.db"),
      "What --record keeps: an SQLite database, for its owner alone; see history.",
    ),
  ];
}
