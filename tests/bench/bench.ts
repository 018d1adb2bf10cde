/**
 * `deno task bench [--rounds N]`: speed and memory of ocmem against others. All run in turns on this
 * machine, so ratios can be trusted where milliseconds can't. Prints a Markdown table and the goals;
 * a missed goal is no failure: a bench is no test.
 */

import { programPath, ROOT, temporaryFolder } from "../support.ts";
import { type Contender, contenders, type Skipped } from "./contenders.ts";
import { compile, Partner } from "./native.ts";
import { raceCommands, raceScans } from "./race.ts";
import { goals, type Measured, scanNotes, table } from "./report.ts";

const DEFAULT_ROUNDS = 25;
/** Turns of the scans in each round: they are short. */
const TURNS_A_ROUND = 3;
const EXTRA_PROCESSES = 1000;

/** Returns the exit code. */
async function main(): Promise<number> {
  const rounds = roundsOf(Deno.args);
  if (rounds === null) {
    say("bench: expected deno task bench [--rounds N], N a whole number from 1 to 1000\n");
    return 64;
  }
  if (programPath("cc") === null) {
    say("bench: a C compiler (cc) is needed to measure with; nothing was measured\n");
    return 0;
  }
  using folder = temporaryFolder();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      folder[Symbol.dispose]();
      Deno.exit(signal === "SIGINT" ? 130 : 143);
    });
  }
  say("bundling and compiling\n");
  bundle();
  const all = contenders(folder.path);
  const programs = {
    measure: compile("measure", folder.path),
    idle: compile("idle", folder.path),
    scan: Deno.build.os === "linux" ? compile("scan", folder.path) : null,
  };
  const runnable = all.filter((one): one is Contender => "command" in one);
  const skipped = all.filter((one): one is Skipped => "skipped" in one);
  const measureAt = async (load: string): Promise<Measured> => {
    say(`measuring with ${load}: ${rounds} rounds\n`);
    const runs = await raceCommands(programs.measure, runnable, rounds);
    const turns = rounds * TURNS_A_ROUND;
    const scans = programs.scan === null ? null : await raceScans(programs.scan, turns);
    return { load, runs, scans };
  };
  const before = countProcesses();
  const idle = await measureAt(`${before ?? "?"} processes`);
  const loaded = await withExtraProcesses(
    programs.idle,
    (count) => measureAt(`${count} extra processes`),
  );
  const { os, arch } = Deno.build;
  print(`Deno ${Deno.version.deno}, ${os} ${arch}, ${navigator.hardwareConcurrency} CPUs, `);
  print(`${rounds} rounds; ratios are medians of the ratios within each round\n\n`);
  print(`${table([idle, loaded], skipped)}\n${scanNotes([idle, loaded])}${goals(idle, loaded)}`);
  return 0;
}

function roundsOf(args: readonly string[]): number | null {
  const words = args.flatMap((arg) => arg.split("=")).filter((word) => word !== "--");
  if (words.length === 0) return DEFAULT_ROUNDS;
  const [flag, text, ...rest] = words;
  const rounds = Number(text);
  const fits = flag === "--rounds" && rest.length === 0 && Number.isInteger(rounds);
  return fits && rounds >= 1 && rounds <= 1000 ? rounds : null;
}

function bundle(): void {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "bundle"],
    cwd: ROOT,
  }).outputSync();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
}

/** Calls `body` while that many more processes are there that do nothing. They end with it, always. */
async function withExtraProcesses<T>(
  program: string,
  body: (count: number) => Promise<T>,
): Promise<T> {
  await using holder = new Partner(program, [String(EXTRA_PROCESSES)]);
  return await body(Number(await holder.line()));
}

/** How many processes there are, or null without ps. */
function countProcesses(): number | null {
  if (programPath("ps") === null) return null;
  const { stdout } = new Deno.Command("ps", { args: ["ax", "-o", "pid"] }).outputSync();
  return new TextDecoder().decode(stdout).trim().split("\n").length - 2;
}

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

Deno.exitCode = await main();
