/** Every option with its value in effect. Loaded for `ocmem config`. */

import type { OptionInEffect, OptionsReport, Origin } from "../report/options.ts";
import type { World } from "../world.ts";
import { type CommandName, COMMANDS } from "./command_table.ts";
import type { OptionsFile } from "./options_file.ts";
import {
  type FlagSpec,
  optionsFile,
  optionsOf,
  optionsPath,
  readVariable,
  variableOf,
} from "./settings.ts";

/** The options of all commands. Throws a ConfigError or a UsageError for those that make no sense. */
export async function effectiveOptions(world: World): Promise<OptionsReport> {
  const file = await optionsFile(world);
  const all = (Object.keys(COMMANDS) as CommandName[]).flatMap((command) =>
    optionsOf(command).map(([option, flag]) => inEffect(world, file, command, option, flag))
  );
  return {
    toolVersion: world.version,
    path: optionsPath(world),
    isThere: file !== null,
    options: [...merged(all), ...othersOf(file, world)],
  };
}

function inEffect(
  world: World,
  file: OptionsFile | null,
  command: CommandName,
  option: string,
  flag: FlagSpec,
): OptionInEffect {
  const of = { option, commands: [command] };
  if (readVariable(world, option, flag) !== undefined) {
    const variable = variableOf(option);
    return { ...of, value: world.env(variable)!, origin: { kind: "environment", variable } };
  }
  const found = file?.find(command, option);
  if (found) return { ...of, value: found.text, origin: { kind: "file", line: found.line } };
  return { ...of, value: flag.standard || null, origin: { kind: "default" } };
}

/** Options that several commands have alike, as one; in the order in which they first come. */
function merged(all: readonly OptionInEffect[]): OptionInEffect[] {
  const names = [...new Set(all.map((one) => one.option))];
  return names.flatMap((name) => {
    const groups = Map.groupBy(
      all.filter((one) => one.option === name),
      ({ value, origin }) => JSON.stringify([value, origin]),
    );
    return [...groups.values()].map((same) => ({
      ...same[0]!,
      commands: same.flatMap((one) => one.commands),
    }));
  });
}

const JUDGING = ["check", "track", "watch", "history", "serve", "show"];
const LOOKING = ["check", "list", "track", "watch", "serve", "show"];

/** What only the file can say. A limit for all that a variable sets stands above those of roles. */
function othersOf(file: OptionsFile | null, world: World): OptionInEffect[] {
  return (file?.others ?? []).flatMap(({ key, text, line }) => {
    const isOfRole = key.startsWith("roles.");
    const option = key.slice(key.lastIndexOf(".") + 1);
    if (isOfRole && world.env(variableOf(option))) return [];
    const origin: Origin = { kind: "file", line };
    return { option: key, commands: isOfRole ? JUDGING : LOOKING, value: text, origin };
  });
}
