/** What help and the manual page say of `orphans`. */

import type { CommandDocs } from "./docs.ts";

export const ORPHANS_DOCS: CommandDocs = {
  brief: "List what may have been left behind, and why one would think so",
  customUsage: ["[--fail] [--json] [FLAGS]"],
  description: [
    "Lists OpenCode instances that may be orphans, with the evidence: parent gone, no terminal,",
    "OPENCODE_PID of a dead process, deleted executable, age, no session active since it started;",
    "its sessions, and the memory that could be reclaimed. It is a hint, never a proof: orphan,",
    "likely or possible. A server that systemd or launchd runs is none, nor is what has a parent",
    "that lives.",
  ],
  examples: [
    "ocmem orphans",
    "ocmem orphans --json | jq '.orphans[] | {pid, conclusion, footprint_bytes}'",
  ],
  exitCodes: [
    "0 done, 1 with --fail: one is orphan or likely (not for possible alone),",
    "64 wrong arguments, 69 processes can't be read, 70 bug, 73 --output can't be created,",
    "74 output can't be written, 78 wrong options file",
  ],
};
