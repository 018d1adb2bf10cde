/**
 * `deno task bench [--rounds N] [--only race|soak|history|serve|size] [--before REVISION]`: speed and memory
 * of ocmem against others, what `watch` costs as long as it runs, how large a year of history is and what
 * it takes to look at it, and `serve` under load. Contenders run in turns on this machine, so ratios can
 * be trusted where milliseconds can't; all but the race takes a few minutes, whatever the rounds. Prints
 * Markdown tables and the goals; a missed goal is no failure: a bench is no test.
 */

import { programPath, ROOT, temporaryFolder } from "../support.ts";
import { planOf, USAGE } from "./arguments.ts";
import { withExtraProcesses } from "./load.ts";
import { benchHistory, historySection } from "./history.ts";
import { compile } from "./native.ts";
import { raceSection } from "./race.ts";
import { runServeLoad, serveSection } from "./serve_report.ts";
import { sizeSection } from "./size.ts";
import { soakSection } from "./soak_report.ts";
import { lookCost, runSoak, waitCost } from "./upkeep.ts";

const EXTRA_PROCESSES = 1000;
/** Looks of the soak, and with the screen, which take longer. */
const LOOKS = 20_000;
const SCREEN_LOOKS = 2000;
/** Processes that the real command watches. */
const WATCHED = 50;

/** Returns the exit code. */
async function main(): Promise<number> {
  const plan = planOf(Deno.args);
  if (plan === null) {
    say(`bench: ${USAGE}\n`);
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
  // No options of whoever runs the bench.
  Deno.env.set("XDG_CONFIG_HOME", `${folder.path}/none`);
  say("bundling and compiling\n");
  bundle();
  const { os, arch } = Deno.build;
  print(`Deno ${Deno.version.deno}, ${os} ${arch}, ${navigator.hardwareConcurrency} CPUs`);
  if (plan.parts.includes("race")) print(await raceSection(plan, folder.path, say));
  if (plan.parts.includes("soak")) print(await soak(folder.path));
  if (plan.parts.includes("history")) {
    say("recording a year of history, and looking at it\n");
    print(`\n\n${historySection(await benchHistory(folder.path))}`);
  }
  if (plan.parts.includes("serve")) {
    say("serving 200 readers for 30 s\n");
    print(`\n\n${serveSection(await runServeLoad())}`);
  }
  if (plan.parts.includes("size")) {
    say("making executables for each platform\n");
    print(`\n\n${await sizeSection(folder.path)}`);
  }
  return 0;
}

/** What watching costs as long as it runs. */
async function soak(folder: string): Promise<string> {
  const [runner, idle] = [compile("measure", folder), compile("idle", folder)];
  say(`soaking: ${LOOKS} looks, and ${SCREEN_LOOKS} with the screen\n`);
  const lines = await runSoak("ndjson", LOOKS);
  const screen = await runSoak("screen", SCREEN_LOOKS);
  const costs = [];
  for (const extra of [WATCHED, EXTRA_PROCESSES]) {
    say(`measuring the CPU time of watch with ${extra} extra processes\n`);
    const cost = await withExtraProcesses(
      idle,
      extra,
      (pids) => lookCost(runner, pids.slice(0, WATCHED)),
    );
    costs.push({ load: `watching ${WATCHED} of ${extra} extra processes`, cost });
  }
  say("measuring the CPU time of waiting\n");
  return `\n\n${soakSection({ lines, screen, costs, waitMs: await waitCost(runner) })}`;
}

function bundle(): void {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "bundle"],
    cwd: ROOT,
  }).outputSync();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
}

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

Deno.exitCode = await main();
