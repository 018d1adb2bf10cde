/** What help and the manual page say of `stop`. */

import type { CommandDocs } from "./docs.ts";

export const STOP_DOCS: CommandDocs = {
  brief: "Stop processes of OpenCode, and say what was reclaimed",
  customUsage: ["PID... [--dry-run] [--yes] [--only] [--grace TIME] [--force] [--json]"],
  description: [
    "Asks each process to end (SIGTERM), waits, then asks what is left of those below it; --force",
    "kills what still runs after --grace. Just before each signal it is looked again whether it is",
    "still the same process: pid, start, executable. Never pid 1, ocmem itself, what it runs below,",
    "or another user's process. Asks on a terminal; elsewhere it needs --yes.",
  ],
  examples: [
    "ocmem stop 4242 --dry-run",
    "ocmem stop 4242 --yes --force --grace 30s --json | jq .totals.reclaimed_bytes",
  ],
  exitCodes: [
    "0 all have ended, 1 something still runs or was refused, or the answer was no, 64 wrong",
    "arguments, no process of OpenCode, or no --yes, 69 processes can't be read, 70 bug,",
    "74 output can't be written, 78 wrong options file,",
    "129, 130, 143 ended early by SIGHUP, SIGINT, SIGTERM",
  ],
};
