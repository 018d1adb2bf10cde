/** Watching with hooks: run by the real command line, on an event for certain at the first look. */

import assert from "node:assert/strict";
import { hookEnvironment } from "../../src/report/hook_environment.ts";
import { type Line, linesOf, ocmemStarted, type Outcome, type Running } from "./command_line.ts";

export const LINUX = { Linux: Deno.build.os === "linux" };
/** What is watched where it does not matter: this process. Over a limit from its first reading. */
export const OWN = ["--pid", String(Deno.pid), "--warning", "1B", "--critical", "1TiB"];
/** A reminder at every look. */
export const BUSY = ["--interval", "10ms", "--remind", "10ms"];

const GAP = {
  atMs: 0,
  kind: "gap",
  message: "",
  subject: null,
  standing: null,
  detail: { kind: "gap", gap: { kind: "slept", ms: 0 } },
} as const;

/** The names of all that a hook finds set, whatever the event. */
export function hookVariables(): string[] {
  return Object.keys(hookEnvironment(GAP));
}

export function watchStarted(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Running {
  return ocmemStarted(["watch", ...args, "--format", "ndjson"], { env, cwd });
}

/** Watches to the end. Throws unless that is a good one. */
export async function watched(
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<Outcome & { readonly lines: readonly Line[]; readonly troubles: readonly string[] }> {
  await using watch = watchStarted(args, env, cwd);
  const outcome = await watch.outcome();
  assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
  const lines = linesOf(outcome.stdout);
  return { ...outcome, lines, troubles: troublesIn(lines) };
}

export function troublesIn(lines: readonly Line[]): string[] {
  return lines.filter((line) => line.type === "trouble").map((line) => line.message!);
}

/** The lines of a file that may not be there yet. */
export function linesOfFile(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n").filter((line) => line !== "");
  } catch {
    return [];
  }
}

export function exists(path: string): boolean {
  return linesOfFile(path).length > 0;
}

/** A name that would do something if it were ever part of a script. */
export const HOSTILE = `$(touch pwned) \`touch pwned\` "x'; touch pwned; # & <b> \\ *`;
