/** Help, from the same tables as the parser: for all of ocmem, and for each command. */

import { wrap } from "../report/table.ts";
import { type CommandName, COMMANDS, type Positional } from "./command_table.ts";
import { DOCS } from "./docs.ts";
import { type FlagSpec, optionsOf, variableOf } from "./settings.ts";

/** Lines of running text are not longer than these, however wide the terminal. */
const MOST_COLUMNS = 100;
const INDENT = 2;
/** Where the text beside a flag or a command begins; what is longer has it below. */
const TEXT_COLUMN = 24;
const NARROW_TEXT_COLUMN = 6;
const NARROW = 60;

/** Help on a command, or null: on ocmem, for a terminal of so many columns. */
export function helpOn(command: CommandName | null, columns: number): string {
  const width = Math.min(columns, MOST_COLUMNS);
  const lines = command === null ? helpOnAll(width) : helpOnCommand(command, width);
  return lines.join("\n") + "\n";
}

function helpOnAll(width: number): string[] {
  const names = Object.keys(COMMANDS) as CommandName[];
  return [
    ...section("USAGE", [
      ...example("ocmem [check] [FLAGS]", width),
      ...example("ocmem COMMAND [FLAGS]", width),
      ...example("ocmem help COMMAND", width),
    ]),
    ...wrap(
      "Finds the OpenCode processes on this machine, measures the memory they really hold, and judges " +
        "it. Without a command it runs check: ocmem --json is ocmem check --json.",
      width,
      0,
    ),
    "",
    ...section("COMMANDS", names.flatMap((name) => entry(name, DOCS[name].brief, width))),
    ...section("FLAGS", [
      ...entry("-h, --help", "This, or behind a command the help on it", width),
      ...entry("-v, --version", "The version; with --json what it runs on, too", width),
    ]).slice(0, -1),
  ];
}

function helpOnCommand(name: CommandName, width: number): string[] {
  const { customUsage, description, examples, exitCodes } = DOCS[name];
  const flags: [string, FlagSpec][] = Object.entries(COMMANDS[name].flags);
  const { positional } = COMMANDS[name];
  const variables = optionsOf(name).map(([option]) => variableOf(option));
  return [
    ...section("USAGE", customUsage.flatMap((usage) => example(`ocmem ${name} ${usage}`, width))),
    ...wrap(description.join(" "), width, 0),
    "",
    ...positional
      ? section(
        "ARGUMENTS",
        entry(
          positional.placeholder,
          briefOfWord(positional),
          width,
        ),
      )
      : [],
    ...section("FLAGS", [
      ...flags.flatMap(([flag, spec]) => entry(sayFlag(flag, spec), briefOf(spec), width)),
      ...entry("-h, --help", "This help", width),
    ]),
    ...variables.length > 0
      ? section("VARIABLES", [
        ...wrap(`${variables.join(" ")} (ocmem help config)`, width, INDENT),
      ])
      : [],
    // What is copied is not broken.
    ...section("EXAMPLES", examples.map((line) => " ".repeat(INDENT) + line)),
    ...section("EXIT CODES", wrap(exitCodes.join(" "), width, INDENT)).slice(0, -1),
  ];
}

/** What a word that is no flag is, and the words that it can be. */
export function briefOfWord({ brief, values }: Positional): string {
  return values.length === 0 ? brief : `${brief}: ${values.join(", ")}`;
}

/** A flag as it is typed: `--warning LIMIT`, `--[no-]wide`. */
export function sayFlag(
  name: string,
  { kind, placeholder, values = [], withNegated }: FlagSpec,
): string {
  if (kind === "boolean") return withNegated === false ? `--${name}` : `--[no-]${name}`;
  if (values.length === 1) return `--${name} ${values[0]}`;
  return `--${name} ${placeholder ?? name.toUpperCase()}`;
}

/** What a flag does, the words that it takes, its default. */
export function briefOf({ kind, brief, values = [], standard }: FlagSpec): string {
  if (kind !== "enum" || values.length === 1) return brief;
  const words = `; one of ${values.join(", ")}`;
  return standard ? brief.replace(` (${standard})`, `${words} (${standard})`) : brief + words;
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines, ""];
}

/** A command line to type, continued a step to the right. */
function example(line: string, width: number): string[] {
  const [first = "", ...rest] = wrap(line, width - INDENT, INDENT);
  return [first, ...rest.map((more) => " ".repeat(INDENT) + more)];
}

/** A name, and what it means beside it. */
function entry(name: string, text: string, width: number): string[] {
  const column = width < NARROW ? NARROW_TEXT_COLUMN : TEXT_COLUMN;
  const lines = wrap(text, width, column);
  const head = " ".repeat(INDENT) + name;
  if (head.length + 2 > column) return [head, ...lines];
  const [first = "", ...rest] = lines;
  return [head.padEnd(column) + first.slice(column), ...rest];
}
