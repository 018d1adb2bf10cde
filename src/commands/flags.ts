/** Flags of the commands, as parsed, and the parsers of their values. */

import { DURATION_FORMS, parseDuration, writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { type Limit, LIMIT_FORMS, parseLimit } from "../limits.ts";
import { visible } from "../report/harmless.ts";
import type { Level, Scope } from "../types.ts";

/** Which processes. */
export interface ChoiceFlags {
  readonly match?: string;
  readonly pid?: readonly number[];
}

/** How text looks. */
export interface StyleFlags {
  readonly wide?: boolean;
  readonly color?: "auto" | "always" | "never";
}

/** What footprints are compared with. */
export interface LimitFlags {
  readonly warning?: Limit;
  readonly critical?: Limit;
}

/** What is compared: each process, or each instance's total. */
export interface ScopeFlags {
  readonly scope?: Scope;
}

/** Flags of `list`, and of `check` among others. */
export interface ScanFlags extends ChoiceFlags, StyleFlags {
  readonly format?: "text" | "json";
  readonly json?: boolean;
  readonly exact?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `check`. */
export interface CheckFlags extends ScanFlags, LimitFlags, ScopeFlags {
  readonly none?: "ok" | "warning" | "critical" | "unknown";
  readonly quiet?: boolean;
}

/** Flags of `track`. Durations in milliseconds. */
export interface TrackFlags extends ChoiceFlags, StyleFlags, LimitFlags {
  readonly duration?: number;
  readonly interval?: number;
  readonly format?: "text" | "json" | "ndjson" | "csv";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `watch`. Durations in milliseconds. */
export interface WatchFlags extends ChoiceFlags, Pick<StyleFlags, "color">, LimitFlags, ScopeFlags {
  readonly interval?: number;
  readonly count?: number;
  readonly for?: number;
  /** Share of the limit, from 0 to 1. */
  readonly clear?: number;
  readonly remind?: number;
  readonly growth?: number;
  readonly duplicates?: number;
  readonly notify?: boolean;
  readonly exec?: string;
  readonly "exec-timeout"?: number;
  readonly format?: "text" | "log" | "ndjson";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `selftest`. Durations in milliseconds. */
export interface SelfTestFlags extends Pick<StyleFlags, "color"> {
  readonly duration?: number;
  readonly format?: "text" | "json";
  readonly json?: boolean;
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

/** A parser for the value of a flag that takes a duration from `least` to `most` milliseconds. */
export function durationParser(
  flag: string,
  least: number,
  most: number,
): (text: string) => number {
  return (text) => {
    const ms = parseDuration(text);
    if (ms !== null && ms >= least && ms <= most) return ms;
    throw new UsageError(
      `Cannot use ${flag} "${quote(text)}": expected a duration from ${writeDuration(least)} to ` +
        `${writeDuration(most)}, such as ${DURATION_FORMS}`,
    );
  };
}

/** A parser for the value of a flag that takes a whole number of at least `least`. */
export function countParser(flag: string, least: number): (text: string) => number {
  return (text) => {
    const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least) return number;
    throw new UsageError(
      `Cannot use ${flag} "${quote(text)}": expected a whole number of at least ${least}`,
    );
  };
}

/** The share that `--clear` names: from 1% to 100%. */
export function parseClear(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text)?.[1];
  const share = Number(percent ?? NaN) / 100;
  if (share >= 0.01 && share <= 1) return share;
  throw new UsageError(
    `Cannot use --clear "${quote(text)}": expected a share of the limit from 1% to 100%`,
  );
}

/** A value from the command line as it may stand in a message. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return visible(short);
}
