/** ocmem against others: on the machine as it is, and with many more processes. */

import { type Contender, type Skipped } from "./contender.ts";
import { contenders } from "./contenders.ts";
import { countProcesses, withExtraProcesses } from "./load.ts";
import { compile } from "./native.ts";
import { goals } from "./race_goals.ts";
import { type Measured, notes, table } from "./report.ts";
import { raceCommands, raceScans } from "./rounds.ts";

/** As many processes as these are there with those that are started for it. */
const LOADS = [1000, 5000] as const;
/** Turns of the scans in each round: they are short. */
const TURNS_A_ROUND = 3;
/** What takes more than this at one load, over all rounds, is left out of most of them. */
const BUDGET_MS = 15_000;

/** Everything that was measured, as Markdown. `say` is told how far it is. */
export async function raceSection(
  { rounds, before }: { readonly rounds: number; readonly before: string | null },
  folder: string,
  say: (text: string) => void,
): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const { all, others } = await contenders(folder, before, stack);
  const measureProgram = compile("measure", folder);
  const idleProgram = compile("idle", folder);
  const scanProgram = Deno.build.os === "linux" ? compile("scan", folder) : null;
  const runnable = all.filter((one): one is Contender => "command" in one);
  const skipped = all.filter((one): one is Skipped => "skipped" in one);

  const measureAt = async (): Promise<Measured> => {
    const processes = countProcesses();
    say(`measuring with ${processes} processes: ${rounds} rounds\n`);
    const runs = await raceCommands(measureProgram, runnable, rounds, BUDGET_MS);
    const turns = rounds * TURNS_A_ROUND;
    const scans = scanProgram === null ? null : await raceScans(scanProgram, turns);
    return { processes, runs, scans };
  };
  const idle = await measureAt();
  const loads = [idle];
  const absent: string[] = [];
  for (const load of LOADS) {
    const extra = load - countProcesses();
    const measured = await withExtraProcesses(idleProgram, extra, async ({ length }) => {
      if (length >= extra) return await measureAt();
      absent.push(`${load} processes: skipped: only ${length} of ${extra} more could be started`);
      return null;
    });
    if (measured) loads.push(measured);
  }
  const lines = [...absent, ...notes(loads, rounds)].map((note) => `note: ${note}\n`);
  return `, ${rounds} rounds; milliseconds are medians of whole processes, ratios are medians of the ` +
    `ratios within each round\n\n${table(loads, skipped)}\n${lines.join("")}${
      goals(loads, others)
    }`;
}
