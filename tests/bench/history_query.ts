/** What `ocmem history` takes, from start to end, over an empty Deno program. */

import { EMPTY, emptyProgram } from "./contenders.ts";
import { ocmemCommand } from "./ocmem_command.ts";
import { raceCommands } from "./rounds.ts";
import { quartiles } from "./statistics.ts";

/** A time of a history that is asked for. */
export interface Question {
  readonly name: string;
  readonly database: string;
  /** As `--since` takes it. */
  readonly since: string;
  /** Runs of each format. */
  readonly rounds: number;
}

/** Milliseconds of whole runs, and over an empty program in the same round: medians. */
export interface Answer {
  readonly name: string;
  readonly format: string;
  readonly ms: number;
  readonly overMs: number;
}

const FORMATS = ["text", "json"] as const;

/** Asks in every format. `runner` is the compiled measure.c; the bundle must be there. */
export async function ask(runner: string, folder: string, question: Question): Promise<Answer[]> {
  const { name, database, since, rounds } = question;
  const contenders = [
    { name: EMPTY, command: emptyProgram(folder) },
    ...FORMATS.map((format) => ({
      name: format,
      command: [
        ...ocmemCommand(),
        ...["history", "--database", database, "--since", since, "--format", format],
      ],
    })),
  ];
  const runs = await raceCommands(runner, contenders, rounds);
  const timesOf = (name: string) => runs.get(name)!.map(({ ms }) => ms);
  const start = timesOf(EMPTY);
  return FORMATS.map((format) => {
    const times = timesOf(format);
    return {
      ...{ name, format, ms: quartiles(times).median },
      overMs: quartiles(times.map((ms, i) => ms - start[i]!)).median,
    };
  });
}
