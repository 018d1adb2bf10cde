/** What else runs on the machine while the bench measures. */

import { openProbe } from "../../src/ffi/open.ts";
import { numbers, Partner } from "./native.ts";

/**
 * Calls `body` with the pids of that many more processes that do nothing, or of as many as could be
 * started. They end with it, always. `program` is the compiled idle.c.
 */
export async function withExtraProcesses<T>(
  program: string,
  wanted: number,
  body: (pids: readonly number[]) => Promise<T>,
): Promise<T> {
  await using holder = new Partner(program, [String(wanted)]);
  return await body(numbers(await holder.line()).filter((pid) => pid > 0));
}

/** How many processes there are. */
export function countProcesses(): number {
  using probe = openProbe();
  return probe.processTable().pids.length;
}
