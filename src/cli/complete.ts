/**
 * `ocmem complete -- WORD…`: what could stand in the place of the last word, for the scripts of `ocmem
 * completions`. No command of the table: shells call it, at every TAB.
 *
 * A line is `VALUE<TAB>DESCRIPTION`, or `:files` where the shell knows better. Which of them go on
 * from what is typed is for the shell to choose: each has rules of its own for that.
 */

import type { ScanFlags } from "../commands/flags.ts";
import { PID, ROLE, SESSION } from "../commands/values.ts";
import { ROLES } from "../types.ts";
import type { World } from "../world.ts";
import { type CommandName, COMMANDS } from "./command_table.ts";
import { type Also, type Flag, flagsOf, type Place, placeOf } from "./place.ts";
import { settle } from "./settings.ts";

/** Something that could stand under the cursor. */
interface Proposal {
  readonly value: string;
  readonly description: string;
}

/** Placeholders of values that are paths. */
const PATHS: readonly (string | undefined)[] = ["FILE", "DIR"];
/** Instead of proposals: files. */
const FILES = ":files\n";

/** Values that show how one is written, by placeholder: what a reader takes is no list. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  LIMIT: ["1GiB", "2GiB", "4GiB", "25%", "75%"],
  TIME: ["10s", "1m", "5m", "1h"],
  SHARE: ["50%", "75%", "90%"],
  WHEN: ["1h", "24h", "7d", "30d"],
  AGE: ["7d", "30d", "365d"],
  ADDRESS: ["127.0.0.1:0", "0.0.0.0:4097"],
};

const ALSO: Readonly<Record<Also, string>> = {
  "--": "Behind it stands what to run",
  "--help": "Show help",
  "--version": "Show the version",
};

/**
 * Writes the proposals and returns 0. Silent whatever goes wrong: who pressed TAB asked for no report,
 * and would find it in the middle of the line.
 */
export async function complete(
  [separator, ...words]: readonly string[],
  world: World,
): Promise<number> {
  const current = words.at(-1);
  if (separator !== "--" || current === undefined) return 0;
  try {
    world.stdout.write(await linesAt(placeOf(words.slice(0, -1), current), world));
  } catch {
    // Then there is nothing to propose.
  }
  return 0;
}

async function linesAt(place: Place, world: World): Promise<string> {
  if (place.kind === "value" && PATHS.includes(place.flag.placeholder)) {
    return FILES;
  }
  const proposals = await proposalsAt(place, world);
  return proposals.map(({ value, description }) => `${value}\t${description}\n`).join("");
}

async function proposalsAt(place: Place, world: World): Promise<readonly Proposal[]> {
  switch (place.kind) {
    case "command":
      return [...await commands(), { value: "help", description: "Show help on a command" }];
    case "topic":
      return await commands();
    case "job":
      return await commands(await jobsOf(place.service));
    case "flag":
      return unusedFlags(place);
    case "word":
      return place.values.map((value) => ({ value, description: "" }));
    case "pid":
      return await pids(place.given, world);
    case "value": {
      const { flag, attached, given } = place;
      const values = flag.reader === PID
        ? await pids(given, world)
        : flag.reader === SESSION
        ? await sessions(world)
        : valuesOf(flag);
      return values.map((proposal) => ({ ...proposal, value: attached + proposal.value }));
    }
    case "nowhere":
      return [];
  }
}

async function commands(names: readonly string[] = Object.keys(COMMANDS)): Promise<Proposal[]> {
  const { DOCS } = await import("./docs.ts");
  return names.map((value) => ({ value, description: DOCS[value as CommandName].brief }));
}

async function jobsOf(service: string): Promise<readonly string[]> {
  const { KINDS, kindOf } = await import("../commands/service_words.ts");
  return KINDS[kindOf(service)].commands;
}

/** Flags that are not there yet, and those that may come again. */
function unusedFlags(
  { command, given, also, withNegated }: Extract<Place, { readonly kind: "flag" }>,
): Proposal[] {
  const unused = Object.entries(flagsOf(command))
    .filter(([name, { variadic }]) => variadic || !given.has(name));
  const negated = withNegated ? unused.filter(([, flag]) => isNegatable(flag)) : [];
  return [
    ...unused.map(([name, { brief }]) => ({ value: `--${name}`, description: brief })),
    ...negated.map(([name, { brief }]) => ({
      value: `--no-${name}`,
      description: `Not: ${brief}`,
    })),
    ...also.map((value) => ({ value, description: ALSO[value] })),
  ];
}

function isNegatable({ kind, withNegated }: Flag): boolean {
  return kind === "boolean" && withNegated !== false;
}

/** Values of a flag, its default marked. */
function valuesOf(
  { kind, values = [], reader, placeholder = "", standard = "" }: Flag,
): Proposal[] {
  if (reader === ROLE) return ROLES.map((value) => ({ value, description: "" }));
  const examples = [standard, ...EXAMPLES[placeholder] ?? []].filter((value) => value !== "");
  const shown = kind === "enum" ? values : [...new Set(examples)];
  return shown.map((value) => ({ value, description: value === standard ? "default" : "" }));
}

/** The ids of the sessions that are held. */
async function sessions(world: World): Promise<Proposal[]> {
  const { heldSessions } = await import("../commands/running.ts");
  const held = await heldSessions(await settle("list", {}, world) as ScanFlags, world);
  return held.filter(({ id }) => SESSION.read(id) !== null)
    .map(({ id, label }) => ({ value: id, description: label }));
}

/** The pids of what runs, without those that are given already. */
async function pids(given: readonly string[], world: World): Promise<Proposal[]> {
  const { runningProcesses } = await import("../commands/running.ts");
  // What else the options file calls OpenCode is proposed too.
  const flags = await settle("list", {}, world) as ScanFlags;
  const running = await runningProcesses(flags, world);
  return running.map(({ pid, label }) => ({ value: String(pid), description: label }))
    .filter(({ value }) => !given.includes(value));
}
