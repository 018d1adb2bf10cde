/**
 * Options in effect: a flag, else a variable, else the options file; what is left out is the command's
 * own default. Every command passes through here, so without a file this costs microseconds.
 */

import { type Place, quote } from "../commands/flags.ts";
import type { Reader } from "../commands/values.ts";
import { ConfigError, FileError, UsageError } from "../errors.ts";
import type { EnvName, World } from "../world.ts";
import { type AnyFlags, type CommandName, COMMANDS } from "./command_table.ts";
import type { OptionsFile } from "./options_file.ts";

/** A flag as the table has it, as far as options go. */
export interface FlagSpec {
  readonly kind: "boolean" | "enum" | "parsed";
  readonly values?: readonly string[];
  readonly reader?: Reader<unknown>;
  readonly standard?: string;
  readonly brief: string;
  readonly placeholder?: string;
  /** false: a switch that can only be turned on. */
  readonly withNegated?: boolean;
}

/**
 * Flags that variables and the options file can set as well. The others are about one call: which
 * processes, which format, how often.
 */
const OPTIONS: readonly string[] = [
  ...["warning", "critical", "scope", "none", "timeout", "exact", "duration", "interval", "for"],
  ...["clear", "remind", "growth", "duplicates", "notify", "exec", "exec-timeout", "wide"],
  ...["color", "show-secrets", "record", "database", "keep", "keep-hourly", "listen", "token"],
  "sessions",
  "advice",
  "grace",
];

/** Commands that are not about processes: service's interval is that of one unit. */
const WITHOUT_OPTIONS: ReadonlySet<CommandName> = new Set(["service", "config"]);

/** The options of a command, with their flags. */
export function optionsOf(command: CommandName): [name: string, flag: FlagSpec][] {
  if (WITHOUT_OPTIONS.has(command)) return [];
  const flags: Readonly<Record<string, FlagSpec>> = COMMANDS[command].flags;
  return OPTIONS.filter((name) => Object.hasOwn(flags, name)).map((name) => [name, flags[name]!]);
}

/** The variable that sets an option: `OCMEM_EXEC_TIMEOUT` for `exec-timeout`. */
export function variableOf(option: string): EnvName {
  return `OCMEM_${option.toUpperCase().replaceAll("-", "_")}`;
}

/** The value of an option's variable, or undefined if it is not set, or empty. Throws a UsageError. */
export function readVariable(world: World, option: string, flag: FlagSpec): unknown {
  const variable = variableOf(option);
  const text = world.env(variable);
  if (text === undefined || text === "") return undefined;
  const { value, expects } = readText(flag, text);
  if (value !== null) return value;
  throw new UsageError(`Cannot use ${variable} "${quote(text)}": expected ${expects}`);
}

const SWITCHED: Readonly<Record<string, boolean>> = {
  ...{ 1: true, true: true, yes: true, on: true },
  ...{ 0: false, false: false, no: false, off: false },
};

/** What a text means for a flag: null if nothing, and what would. */
export function readText(
  { kind, values = [], reader }: FlagSpec,
  text: string,
): { readonly value: unknown; readonly expects: string } {
  if (kind === "boolean") {
    const value = Object.hasOwn(SWITCHED, text) ? SWITCHED[text] : null;
    return { value, expects: "true or false" };
  }
  if (kind === "enum") {
    return { value: values.includes(text) ? text : null, expects: `one of ${values.join(", ")}` };
  }
  return { value: reader!.read(text), expects: reader!.expects };
}

/** Where the options file is, or null if there is no home. A relative folder is ignored, as XDG says. */
export function optionsPath(world: World): string | null {
  const config = world.env("XDG_CONFIG_HOME");
  if (config?.startsWith("/")) return `${config}/ocmem/config.jsonc`;
  const home = world.env("HOME");
  return home?.startsWith("/") ? `${home}/.config/ocmem/config.jsonc` : null;
}

/** The options file, or null if there is none. Throws a ConfigError. */
export async function optionsFile(world: World): Promise<OptionsFile | null> {
  const path = optionsPath(world);
  const text = path === null ? null : readOptions(world, path);
  if (path === null || text === null) return null;
  return (await import("./options_file.ts")).parseOptions(path, text);
}

function readOptions(world: World, path: string): string | null {
  try {
    return world.readFile(path);
  } catch (error) {
    throw error instanceof FileError ? new ConfigError(error.message) : error;
  }
}

/** The flags of a command with what variables and the options file add. */
export async function settle(
  command: CommandName,
  given: AnyFlags,
  world: World,
): Promise<AnyFlags> {
  const options = optionsOf(command);
  if (options.length === 0) return given;
  const settled: Record<string, unknown> = { ...given };
  const places: Record<string, Place> = {};
  for (const [name, flag] of options) {
    if (settled[name] !== undefined) continue;
    settled[name] = readVariable(world, name, flag);
    if (settled[name] !== undefined) places[name] = { name: variableOf(name), isInFile: false };
  }
  const file = await optionsFile(world);
  if (file === null) return { ...settled, places };
  const { warning, critical } = settled;
  for (const [name] of options) {
    const found = settled[name] === undefined ? file.find(command, name) : undefined;
    if (found === undefined) continue;
    settled[name] = found.value;
    places[name] = { name: found.place, isInFile: true };
  }
  // A limit that is given now is for all: one of a role in the file does not stand against it.
  const roles = Object.entries(file.roles).map(([role, limits]) => [role, {
    warning: warning === undefined ? limits.warning : undefined,
    critical: critical === undefined ? limits.critical : undefined,
  }]);
  const { names, patterns } = file;
  return { ...settled, places, roles: Object.fromEntries(roles), names, patterns };
}
