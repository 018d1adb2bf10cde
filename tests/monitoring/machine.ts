/** A machine with two processes to look at. */

import { act, castAs } from "../live/actor.ts";
import { ocmemJson, rowOf } from "../live/command_line.ts";
import { HOSTILE } from "../live/hooks.ts";
import type { Children } from "../live/processes.ts";

export interface TwoActors {
  readonly projects: readonly string[];
  /** `--pid` of each: them and nothing else. */
  readonly pids: readonly string[];
  /** What they hold together. */
  readonly bytes: number;
}

/** Starts two processes that stay as they are. */
export async function twoActors(children: Children, folder: string): Promise<TwoActors> {
  const projects = [`${folder}/${HOSTILE}`, `${folder}/plain`];
  const pids = await Promise.all(projects.map(async (cwd, i) => {
    Deno.mkdirSync(cwd);
    const { pid, child } = await act(children, castAs(`${folder}/actor${i}`), { cwd });
    child.freeze();
    return pid;
  }));
  const flags = pids.flatMap((pid) => ["--pid", `${pid}`]);
  const document = await ocmemJson("check", ...flags);
  const bytes = pids.map((pid) => rowOf(document, pid).memory!.footprint_bytes);
  return { projects, pids: flags, bytes: bytes[0]! + bytes[1]! };
}
