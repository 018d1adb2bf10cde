/** A machine with everything that ocmem can tell of a process. */

import { type FakeProcess, GIB, MIB, reading } from "../fake.ts";

/** What strangers may call themselves. */
export const HOSTILE = '\x1b]0;x\x07"\\\u2028\u202e|`$(x)`<b>% =1+1 \ud800';

/** An OpenCode with these arguments. */
export function native(pid: number, args: string, rest: Partial<FakeProcess> = {}): FakeProcess {
  const argv = ["opencode", ...args.split(" ").filter((word) => word)];
  return { pid, name: "opencode", exe: "/h/.opencode/bin/opencode", argv, ...rest };
}

/** Every role but those that are asked for, every level, source and way of not being read. */
export const MACHINE: readonly FakeProcess[] = [
  { pid: 1, ppid: 0, name: "init" },
  native(10, "", { cwd: HOSTILE, uid: 501, memory: reading(3 * GIB, { source: "task_info" }) }),
  native(11, "x server", { ppid: 10, memory: MIB }),
  {
    pid: 12,
    ppid: 10,
    name: HOSTILE,
    exe: null,
    argv: [HOSTILE, "", "--token=s3cret"],
    memory: reading(MIB, { source: "proc_pid_rusage", peakBytes: null, swappedBytes: null }),
  },
  { pid: 13, ppid: 10, name: "git", zombie: true },
  native(14, "run fix", { ppid: 12, memory: "denied" }),
  { pid: 20, name: "node", exe: "/bin/node", argv: ["npm exec opencode serve"] },
  native(21, "serve", { ppid: 20 }),
  native(30, "acp", { memory: reading(5 * GIB, { source: "proc_smaps_rollup", uid: 0 }) }),
  native(31, "attach"),
  native(32, "auth"),
  native(33, "serve", { name: "opencode-cli", exe: "/app/opencode-cli" }),
  native(34, "", { argv: "denied", memory: "denied" }),
  native(35, "", { zombie: true }),
  native(37, "", { memory: "gone" }),
  { pid: 36, ppid: 1, name: "", marks: { openCodePid: 7 }, memory: "unsupported" },
  { pid: 40, name: "agent", argv: ["my-agent", "--serve"] },
];
