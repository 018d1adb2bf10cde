/** Programs that list processes as ocmem does: with memory and command line, as far as they can. */

import { type Contender, type Skipped, tried } from "./contender.ts";
import { compile, type ProgramName } from "./native.ts";

export const PS = "ps axo pid,ppid,rss,args";
export const SAME_READS = "C program, the same reads as ocmem";
export const LIST = "C program, stat and cmdline of all";

/** Where Debian's monitoring-plugins-basic has it: on no PATH. */
const CHECK_PROCS = "/usr/lib/nagios/plugins/check_procs";
/** In KiB: a limit that nothing is above. */
const LIMIT = String(2 ** 40);

/** Debian's python3-psutil is a library of this Python, whatever others are on the PATH. */
const PYTHON = "/usr/bin/python3";
const PSUTIL_PROGRAM = `
import psutil
for process in psutil.process_iter(["pid", "ppid", "memory_info", "cmdline"]):
    info = process.info
    memory = info["memory_info"]
    print(info["pid"], info["ppid"], memory and memory.rss, *(info["cmdline"] or []))
`;

/** Programs of the system. Their helpers are written into `folder`. */
export function others(folder: string): (Contender | Skipped)[] {
  const psutil = `${folder}/list_processes.py`;
  Deno.writeTextFileSync(psutil, PSUTIL_PROGRAM);
  const how = ["-m", "RSS", "-w", LIMIT, "-c", LIMIT, "-a", "opencode"];
  return [
    tried({ name: PS, command: PS.split(" ") }),
    // 1: there are none.
    tried({
      name: "pgrep -af opencode",
      command: ["pgrep", "-af", "opencode"],
      exitCodes: [0, 1],
    }),
    tried({ name: "check_procs -m RSS -a opencode", command: [CHECK_PROCS, ...how] }),
    tried({ name: "psutil, a program that lists", command: [PYTHON, psutil] }),
  ];
}

/** What the reads take if nothing but C is between them. */
export function floors(folder: string): (Contender | Skipped)[] {
  const floor = (name: string, program: ProgramName, ...args: string[]) =>
    Deno.build.os === "linux"
      ? tried({ name, command: [compile(program, folder), ...args] })
      : { name, skipped: "Linux only" };
  return [floor(SAME_READS, "scan", "once"), floor(LIST, "list")];
}
