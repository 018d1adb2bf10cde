/** What else runs on the machine while the bench measures. */

import { programPath } from "../support.ts";
import { numbers, Partner } from "./native.ts";

/**
 * Calls `body` with the pids of that many more processes that do nothing. They end with it, always.
 * `program` is the compiled idle.c.
 */
export async function withExtraProcesses<T>(
  program: string,
  wanted: number,
  body: (pids: readonly number[]) => Promise<T>,
): Promise<T> {
  await using holder = new Partner(program, [String(wanted)]);
  return await body(numbers(await holder.line()).filter((pid) => pid > 0));
}

/** How many processes there are, or null without ps. */
export function countProcesses(): number | null {
  if (programPath("ps") === null) return null;
  const { stdout } = new Deno.Command("ps", { args: ["ax", "-o", "pid"] }).outputSync();
  return new TextDecoder().decode(stdout).trim().split("\n").length - 2;
}
