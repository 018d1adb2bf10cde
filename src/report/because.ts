/** Verdicts in words. */

import type { Because, Missing } from "../types.ts";
import { formatBytes } from "./units.ts";
import { apart } from "./words.ts";

const MISSING: Readonly<Record<Missing, string>> = {
  gone: "it ended before its memory was read",
  denied: "its memory can't be read: it belongs to another user (look as that user, or as root)",
  zombie: "it has ended and waits for its parent to take notice: it holds no memory",
  unsupported: "this system does not tell its footprint",
};

/** Why a verdict is what it is, as a clause: `footprint 2.4 GiB is over the warning limit of 2 GiB`. */
export function sayBecause(because: Because): string {
  switch (because.kind) {
    case "within": {
      const [footprint, limit] = apart(because.footprintBytes, because.limitBytes);
      return `footprint ${footprint} is within the warning limit of ${limit}`;
    }
    case "over": {
      const [footprint, limit] = apart(because.footprintBytes, because.limitBytes);
      return `footprint ${footprint} is over the ${because.limit} limit of ${limit}`;
    }
    case "unread":
      return MISSING[because.missing];
    case "partly":
      return `its total of ${formatBytes(because.footprintBytes)} lacks ` +
        `${because.unread} ${because.unread === 1 ? "process" : "processes"} that can't be read`;
    case "process":
      return `process ${because.pid}: ${sayBecause(because.because)}`;
  }
}
