/**
 * How OpenCode writes down what is in its heap, as in its source of 1.14.41 and 1.18.33: with
 * `OPENCODE_AUTO_HEAP_SNAPSHOT` (`1` or `true`; not yet in 1.2.27) every process of the command
 * `opencode` looks each minute, and writes `heap-PID-TIME.heapsnapshot` into its log folder when it
 * holds more than 2 GiB in RAM. On a terminal its list of commands has "Write heap snapshot", which
 * writes `tui.heapsnapshot` and `server.heapsnapshot` where it runs (1.2.27 has it, too). Writing took
 * 1.18.33 with 230 MB in RAM 1.2 GB more.
 */

import type { Advice } from "../detail.ts";
import type { Role } from "../types.ts";
import type { ReportInstance, ReportProcess } from "./report.ts";
import { isStartedByOpenCode, resumeCommand } from "./resume.ts";

const VARIABLE = "OPENCODE_AUTO_HEAP_SNAPSHOT=1";
/** Roles of the command `opencode` that live long enough. */
const WRITERS: ReadonlySet<Role> = new Set(["tui", "run", "server", "acp", "attach"]);

/** How to see what fills a process, or nothing where that is not known. */
export function adviceOnSnapshot(instance: ReportInstance, main: ReportProcess): Advice[] {
  if (!WRITERS.has(main.role) || !isStartedByOpenCode(main)) return [];
  const command = resumeCommand(instance, VARIABLE);
  return [{ kind: "snapshot", text: `To see what fills it, ${ways(main.role, command)}`, command }];
}

function ways(role: Role, command: string | null): string {
  const cost = "which takes much more memory meanwhile";
  if (role === "tui") {
    const or = command === null ? "" : "; or have one written above 2 GiB";
    return `press Ctrl-P and choose "Write heap snapshot", ${cost}${or}`;
  }
  return command === null
    ? `start it with ${VARIABLE}; above 2 GiB it writes a heap snapshot, ${cost}`
    : `have it write a heap snapshot above 2 GiB, ${cost}`;
}
