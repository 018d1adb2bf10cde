/** Command lines through stricli: flags, values, mistakes. Loaded when a command line needs it. */

import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type PartialApplicationConfiguration,
  type RouteMap,
  run as runApplication,
} from "@stricli/core";
import { UsageError } from "../errors.ts";
import { type AnyFlags, type CommandName, COMMANDS, type Positional } from "./command_table.ts";
import { UnfitValue } from "./read.ts";
import type { FlagSpec } from "./settings.ts";
import { textsThatFail } from "./usage.ts";

/** What a command line means: flags and words for its command. */
export interface Meaning {
  readonly flags: AnyFlags;
  readonly words: readonly string[];
}

interface Context {
  readonly process: {
    readonly stdout: { write(text: string): void };
    readonly stderr: { write(text: string): void };
  };
  readonly take: (flags: AnyFlags, words: readonly string[]) => void;
}

/** Its own texts are empty: errors come through `textsThatFail`, help and version through others. */
const SILENT = { write: () => {} } as const;

/** Understands the words behind a command, or without one all words. Throws a UsageError. */
export async function understand(
  command: CommandName | null,
  words: readonly string[],
): Promise<Meaning> {
  const [before, after] = parted(words, command);
  // stricli takes the names that every object inherits for flags of its own.
  const inherited = before.find((word) =>
    word.startsWith("--") && word.slice(2) in Object.prototype
  );
  if (inherited !== undefined) throw new UsageError(`Unknown flag ${inherited}`);
  const taken: Meaning[] = [];
  let failure: unknown;
  const text = textsThatFail((error) => failure = error);
  const config: PartialApplicationConfiguration = {
    name: "ocmem",
    scanner: { caseStyle: "original" },
    localization: { loadText: () => text },
  };
  const application = command === null
    ? buildApplication<Context>(buildRoutes(), config)
    : buildApplication<Context>(commandOf(command), config);
  const plain = command === null ? before : withoutNegations(before, COMMANDS[command].flags);
  await runApplication(application, plain, {
    process: { stdout: SILENT, stderr: SILENT },
    take: (flags, words) => void taken.push({ flags, words: [...words, ...after] }),
  });
  if (failure !== undefined) throw failure;
  const [meaning] = taken;
  if (meaning === undefined) throw new UsageError("Unexpected --help or --version");
  return meaning;
}

/** `--no-wide` as `--wide=false`: with names that have dashes stricli knows it as `--noWide` alone. */
function withoutNegations(
  words: readonly string[],
  flags: Readonly<Record<string, FlagSpec>>,
): readonly string[] {
  return words.map((word) => {
    const name = word.startsWith("--no-") ? word.slice("--no-".length) : "";
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    const isSwitch = flag?.kind === "boolean" && flag.withNegated !== false;
    return isSwitch ? `--${name}=false` : word;
  });
}

/** What stands before `--`, and behind it: there, words that are for another command. */
function parted(
  words: readonly string[],
  command: CommandName | null,
): [readonly string[], readonly string[]] {
  const at = command === "service" ? words.indexOf("--") : -1;
  return at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
}

/** Throws a UsageError unless the words are a command line of ocmem that runs a command. */
export async function requireSense(words: readonly string[]): Promise<void> {
  const [first = "", ...rest] = words;
  if (Object.hasOwn(COMMANDS, first)) await understand(first as CommandName, rest);
  else await understand(null, words);
}

/** stricli's parameter for one of some words, or for several that a reader takes. */
function parameterOf({ placeholder, values, reader, isSingle }: Positional) {
  const parse = (word: string) => {
    if (reader ? reader.read(word) !== null : values.includes(word)) return word;
    throw new UnfitValue(word, expected(values, reader));
  };
  if (reader && !isSingle) {
    return { kind: "array", parameter: { placeholder, brief: "", parse } } as const;
  }
  return {
    kind: "tuple",
    parameters: [{ placeholder, brief: "", parse, optional: true }],
  } as const;
}

function expected(values: readonly string[], reader: Positional["reader"]): string {
  return reader?.expects ?? `one of ${values.join(", ")}`;
}

/** A command for stricli. Its flags are checked by their own types; stricli's need not know them. */
function commandOf(name: CommandName): Command<Context> {
  const { flags, positional }: { flags: object; positional: Positional | null } = COMMANDS[name];
  const builder = {
    func(this: Context, flags: AnyFlags, ...words: readonly (string | undefined)[]) {
      const given = words.filter((word) => word !== undefined);
      if (positional !== null && !positional.isOptional && given.length === 0) {
        const { placeholder, values, reader } = positional;
        throw new UsageError(
          `Cannot go on without ${placeholder}: expected ${expected(values, reader)}`,
        );
      }
      this.take(flags, given);
    },
    parameters: { flags, ...positional && { positional: parameterOf(positional) } },
    docs: { brief: "" },
  };
  return buildCommand(builder as unknown as Parameters<typeof buildCommand>[0]) as Command<Context>;
}

/** All commands: for what is none, and what it may have been meant to be. */
function buildRoutes(): RouteMap<Context> {
  const names = Object.keys(COMMANDS) as CommandName[];
  return buildRouteMap({
    routes: Object.fromEntries(names.map((name) => [name, commandOf(name)])),
    docs: { brief: "" },
  });
}
