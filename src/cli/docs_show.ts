/** What help and the manual page say of `show`. */

import type { CommandDocs } from "./docs.ts";

export const SHOW_DOCS: CommandDocs = {
  brief: "Show everything about one process",
  customUsage: ["PID [--json] [--warning LIMIT] [--critical LIMIT] [FLAGS]"],
  description: [
    "Shows who it is and what it was started by, the tree of its OpenCode instance, its memory, also",
    "by kind, judged by the limits, how that went as far as watch --record has recorded it, the",
    "sessions that it may hold, whether it may have been left behind, where it listens, and what to",
    "type next. Any process will do: of one that is not OpenCode's the tree is what runs below it.",
  ],
  examples: [
    "ocmem show 4242",
    "ocmem show 4242 --json | jq '.memory_parts[] | {kind, bytes}'",
  ],
  exitCodes: [
    "0 done, whatever the level, 64 wrong arguments or no such process, 69 processes can't be",
    "read, 70 bug, 73 --output can't be created, 74 output can't be written,",
    "78 wrong options file",
  ],
};
