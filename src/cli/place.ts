/** Where in a command line the cursor is: what kind of word could stand there. */

import { type CommandName, COMMANDS, type Positional } from "./command_table.ts";
import type { FlagSpec } from "./settings.ts";

/** A flag as the table has it. */
export type Flag = FlagSpec & { readonly variadic?: boolean };

/** The kind of word that could stand under the cursor. */
export type Place =
  /** A command, or `help`. */
  | { readonly kind: "command" }
  /** A command that one can ask help on. */
  | { readonly kind: "topic" }
  /** A command that this kind of service can run. */
  | { readonly kind: "job"; readonly service: string }
  /** A flag of a command, or one of those that are not in its table. */
  | {
    readonly kind: "flag";
    readonly command: CommandName;
    readonly given: Given;
    readonly also: readonly Also[];
    /** Those that turn a switch off, too: only who begins one wants to see them. */
    readonly withNegated: boolean;
  }
  /** A word that is no flag. */
  | { readonly kind: "word"; readonly values: readonly string[] }
  /** The pid of what runs. */
  | { readonly kind: "pid"; readonly given: readonly string[] }
  /** A flag's value; `attached` is what of the same word stands before it: `--format=`, or nothing. */
  | {
    readonly kind: "value";
    readonly flag: Flag;
    readonly attached: string;
    readonly given: readonly string[];
  }
  | { readonly kind: "nowhere" };

/** What looks like a flag and is in no table. `--` stands before another command line. */
export type Also = "--" | "--help" | "--version";

/** Flags that are there already, with their values. */
export type Given = ReadonlyMap<string, readonly string[]>;

const NOWHERE: Place = { kind: "nowhere" };

/** The flags of a command by name. */
export function flagsOf(command: CommandName): Readonly<Record<string, Flag>> {
  return COMMANDS[command].flags;
}

/** The place of the word `current`, behind the words before it. */
export function placeOf(words: readonly string[], current: string): Place {
  const [first, ...rest] = words;
  if (first === undefined && !current.startsWith("-")) return { kind: "command" };
  if (first === undefined) return placeWithin("check", [], current, ["--help", "--version"]);
  if (first === "help") return rest.length === 0 ? { kind: "topic" } : NOWHERE;
  if (isCommand(first)) return placeWithin(first, rest, current, ["--help"]);
  // Without a command the flags are check's.
  return first.startsWith("-") ? placeWithin("check", words, current, ["--help"]) : NOWHERE;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function placeWithin(
  command: CommandName,
  words: readonly string[],
  current: string,
  also: readonly Also[],
): Place {
  const end = command === "service" ? words.indexOf("--") : -1;
  const flags = flagsOf(command);
  const { given, open, others } = takeIn(words, flags);
  const [first] = others;
  if (end >= 0) return placeBehind(first ?? "", words.slice(end + 1), current);
  if (open !== null && !current.startsWith("--")) {
    return { kind: "value", flag: flags[open]!, attached: "", given: given.get(open)! };
  }
  const [attached, name = ""] = /^--([^=]+)=/.exec(current) ?? [];
  if (attached !== undefined) {
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    if (flag === null || flag.kind === "boolean") return NOWHERE;
    return { kind: "value", flag, attached, given: given.get(name) ?? [] };
  }
  const { positional }: { readonly positional: Positional | null } = COMMANDS[command];
  const isFull = positional?.isSingle === true && first !== undefined;
  if (positional?.reader && !isFull && !current.startsWith("-")) {
    return { kind: "pid", given: others };
  }
  if (positional && first === undefined && !current.startsWith("-")) {
    return { kind: "word", values: positional.values };
  }
  // fish finds --match in a word such as "some".
  if (current !== "" && !current.startsWith("-")) return NOWHERE;
  const isService = command === "service" && first !== undefined;
  return {
    kind: "flag",
    command,
    given,
    also: isService ? ["--", ...also] : also,
    withNegated: current.startsWith("--n"),
  };
}

/** Behind `--` stands what a service is to run: it needs its command, and can't ask for help. */
function placeBehind(service: string, [first, ...rest]: readonly string[], current: string): Place {
  if (first === undefined) return { kind: "job", service };
  return isCommand(first) ? placeWithin(first, rest, current, []) : NOWHERE;
}

/** What words say: flags, the one that still waits for its value, and the words that are no flags. */
function takeIn(
  words: readonly string[],
  flags: Readonly<Record<string, Flag>>,
): { readonly given: Given; readonly open: string | null; readonly others: readonly string[] } {
  const given = new Map<string, string[]>();
  let open: string | null = null;
  const others: string[] = [];
  for (const word of words) {
    const [, written, value] = /^--([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (written === undefined) {
      if (open !== null) given.get(open)!.push(word);
      else if (!word.startsWith("-")) others.push(word);
      open = null;
      continue;
    }
    const name = Object.hasOwn(flags, written) ? written : written.replace(/^no-/, "");
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    open = flag && flag.kind !== "boolean" && value === undefined ? name : null;
    if (!flag) continue;
    given.set(name, [...given.get(name) ?? [], ...value === undefined ? [] : [value]]);
  }
  return { given, open, others };
}
