/**
 * `deno run -A tests/bench/history.ts [--days N]`: the history of a year of 20 processes, recorded by the
 * recorder itself on a scripted machine whose clock jumps; its size, what recording takes, and what
 * `ocmem history` takes for a day, for 30 days and for all of it. Prints Markdown.
 */

import { DatabaseSync } from "node:sqlite";
import { ROOT, temporaryFolder } from "../support.ts";
import { record, type Recorded } from "./history_record.ts";
import { type Answer, ask } from "./history_query.ts";
import { compile } from "./native.ts";
import { goal } from "./report.ts";
import { quartiles } from "./statistics.ts";

const MINUTE = 60_000;
const LOOKS_A_DAY = 24 * 60;
const YEAR = 365;
const MIB = 1024 ** 2;
/** 20 processes, and the short-lived ones of a working day. */
const MACHINE = { instances: 4, childrenADay: 40 } as const;
/** Of 50 processes, and no others. */
const LARGE = { instances: 10, childrenADay: 0.001 } as const;
const TABLES = ["sample", "hour", "series", "text", "event"] as const;
const GOAL_MIB = 100;
const GOAL_MS = 100;

/** Everything that was measured. */
export interface HistoryBench {
  readonly days: number;
  readonly year: Recorded;
  readonly wallMs: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly large: Recorded;
  readonly answers: readonly Answer[];
}

/** Records and asks. `folder`: for the files; the bundle must be there. */
export async function benchHistory(folder: string, days = YEAR): Promise<HistoryBench> {
  const runner = compile("measure", folder);
  const file = (name: string) => `${folder}/${name}.db`;
  // So that it ends now: then `--since 24h` is the last day.
  const recorded = (name: string, days: number, machine: typeof MACHINE | typeof LARGE) =>
    record({
      path: file(name),
      beginMs: (Math.floor(Date.now() / MINUTE) - days * LOOKS_A_DAY) * MINUTE,
      looks: days * LOOKS_A_DAY,
      ...machine,
    });
  const large = await recorded("large", 2, LARGE);
  await recorded("day", 1, MACHINE);
  const begin = performance.now();
  const year = await recorded("year", days, MACHINE);
  const wallMs = performance.now() - begin;
  const questions = [
    { name: "a day", database: file("day"), since: "24h", rounds: 15 },
    { name: "the last day of the year", database: file("year"), since: "24h", rounds: 15 },
    { name: "30 days", database: file("year"), since: "30d", rounds: 5 },
    { name: "the year", database: file("year"), since: `${days}d`, rounds: 3 },
  ];
  const answers: Answer[] = [];
  for (const question of questions) answers.push(...await ask(runner, folder, question));
  return { days, year, wallMs, rows: rowsIn(file("year")), large, answers };
}

function rowsIn(path: string): Record<string, number> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Object.fromEntries(TABLES.map((table) => {
      const row = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get();
      return [table, Number(row!.rows)];
    }));
  } finally {
    database.close();
  }
}

/** The results as Markdown, with the goals. */
export function historySection({ days, year, wallMs, rows, large, answers }: HistoryBench): string {
  const mib = year.bytes / MIB;
  const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`).join(", ");
  const table = [
    "| history of | format | ms | over an empty Deno program |\n| --- | --- | ---: | ---: |\n",
    ...answers.map(({ name, format, ms, overMs }) =>
      `| ${name} | ${format} | ${ms.toFixed(0)} | ${overMs.toFixed(0)} |\n`
    ),
  ];
  const day = answers.filter(({ name }) => name === "a day").map(({ overMs }) => overMs);
  return `history: ${days} days of 20 processes, a look a minute: ${
    mib.toFixed(1)
  } MiB; ${counts}\n` +
    `recorded in ${(wallMs / 1000).toFixed(0)} s; a look of 20 processes: ${costOf(year)}\n` +
    `a look of 50 processes: ${costOf(large)}\n\n${table.join("")}\n` +
    goal(`MiB of ${days} days of history`, GOAL_MIB, mib, 1) +
    goal("ms of the history of a day over an empty Deno program", GOAL_MS, Math.max(...day), 0);
}

/** Means count what happens now and then: checkpoints of the log, and thinning out. */
function costOf({ looksUs, ms }: Recorded): string {
  const { median } = quartiles([...looksUs]);
  return `${median.toFixed(0)} µs in the median, ${
    (ms * 1000 / looksUs.length).toFixed(0)
  } on average`;
}

function daysIn([flag, days]: readonly string[]): number {
  return flag === "--days" ? Number(days) : YEAR;
}

if (import.meta.main) {
  using folder = temporaryFolder();
  Deno.env.set("XDG_CONFIG_HOME", `${folder.path}/none`);
  const { success } = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "bundle"],
    cwd: ROOT,
  }).outputSync();
  if (!success) throw new Error("Cannot bundle");
  const text = historySection(await benchHistory(folder.path, daysIn(Deno.args)));
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
