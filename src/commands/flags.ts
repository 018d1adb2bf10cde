/** Flags of the commands, as parsed, and the parsers of their values. */

import { UsageError } from "../errors.ts";
import { type Limit, LIMIT_FORMS, parseLimit } from "../limits.ts";
import { visible } from "../report/harmless.ts";
import type { Level, Scope } from "../types.ts";

/** Flags of every command that looks at processes. */
export interface ScanFlags {
  readonly format?: "text" | "json";
  readonly json?: boolean;
  readonly match?: string;
  readonly pid?: readonly number[];
  readonly exact?: boolean;
  readonly wide?: boolean;
  readonly color?: "auto" | "always" | "never";
  readonly "show-secrets"?: boolean;
}

/** Flags of `check`. */
export interface CheckFlags extends ScanFlags {
  readonly warning?: Limit;
  readonly critical?: Limit;
  readonly scope?: Scope;
  readonly none?: "ok" | "warning" | "critical" | "unknown";
  readonly quiet?: boolean;
}

/** The level that `--none` names. */
export function levelOfNone(none: CheckFlags["none"] = "ok"): Level {
  return none === "ok" ? "normal" : none;
}

/** Largest pid_t. */
const LARGEST_PID = 2 ** 31 - 1;

/** A pid from the command line. */
export function parsePid(text: string): number {
  const pid = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (pid >= 1 && pid <= LARGEST_PID) return pid;
  throw new UsageError(
    `Cannot use --pid "${
      quote(text)
    }": expected a process id, a whole number from 1 to ${LARGEST_PID}`,
  );
}

/** A parser for the value of a flag that takes a limit. */
export function limitParser(flag: "--warning" | "--critical"): (text: string) => Limit {
  return (text) => {
    const limit = parseLimit(text);
    if (limit) return limit;
    throw new UsageError(
      `Cannot use ${flag} "${quote(text)}": expected more than 0, as ${LIMIT_FORMS}`,
    );
  };
}

/** A value from the command line as it may stand in a message. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return visible(short);
}
