/** Flags of the commands, as understood. */

import type { Address } from "../address.ts";
import type { Limit } from "../limits.ts";
import type { Moment } from "../moments.ts";
import { visible } from "../report/harmless.ts";
import type { FormatName } from "../report/report.ts";
import type { Level, Role, Scope } from "../types.ts";

/** Which processes. */
export interface ChoiceFlags {
  readonly match?: string;
  readonly pid?: readonly number[];
}

/** What only the options file can say. */
export interface FileOnly {
  /** File names of more executables that are OpenCode's. */
  readonly names?: readonly string[];
  /** More patterns, as `match`, and where each stands, for messages. */
  readonly patterns?: readonly { readonly source: string; readonly place: string }[];
  /** Limits of processes, or instances, of a role. */
  readonly roles?: Readonly<Partial<Record<Role, Pick<LimitFlags, "warning" | "critical">>>>;
  /** Where options stand that were not given as flags, by their names. */
  readonly places?: Readonly<Record<string, Place>>;
}

/** Where an option stands. */
export interface Place {
  /** A variable's name, or key, file and line. */
  readonly name: string;
  readonly isInFile: boolean;
}

/** Where the output goes: a file in the place of standard output. */
export interface OutputFlags {
  readonly output?: string;
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

/** Which instances of those that were found. */
export interface NarrowFlags {
  readonly role?: readonly Role[];
  readonly project?: readonly string[];
}

/** Which instances are shown, and in which order. */
export interface ShowFlags {
  readonly sort?: SortKey;
  readonly top?: number;
}

export type SortKey = "footprint" | "pid" | "uptime" | "role" | "project";

/** Flags of `list`, and of `check` among others. */
export interface ScanFlags
  extends ChoiceFlags, NarrowFlags, ShowFlags, StyleFlags, OutputFlags, FileOnly {
  readonly format?: FormatName;
  readonly json?: boolean;
  readonly exact?: boolean;
  readonly sessions?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `check`. */
export interface CheckFlags extends ScanFlags, LimitFlags, ScopeFlags {
  readonly none?: "ok" | "warning" | "critical" | "unknown";
  readonly quiet?: boolean;
  readonly advice?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly label?: "pid";
}

/** Flags of `track`. Durations in milliseconds. */
export interface TrackFlags
  extends ChoiceFlags, StyleFlags, LimitFlags, OutputFlags, RecordFlags, FileOnly {
  /** The id of a session: what holds it is tracked. */
  readonly session?: string;
  readonly html?: string;
  readonly duration?: number;
  readonly interval?: number;
  readonly format?: "text" | "json" | "ndjson" | "csv";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Where readings are kept. Durations in milliseconds. */
export interface RecordFlags {
  readonly record?: boolean;
  readonly database?: string;
  readonly keep?: number;
  readonly "keep-hourly"?: number;
}

/** Flags of what looks again and again. Durations in milliseconds. */
export interface FollowFlags extends ChoiceFlags, LimitFlags, ScopeFlags, RecordFlags, FileOnly {
  readonly interval?: number;
  readonly for?: number;
  /** Share of the limit, from 0 to 1. */
  readonly clear?: number;
  readonly remind?: number;
  readonly growth?: number;
  readonly duplicates?: number;
  readonly notify?: boolean;
  readonly exec?: string;
  readonly "exec-timeout"?: number;
  readonly "show-secrets"?: boolean;
}

/** Flags of `watch`. */
export interface WatchFlags extends FollowFlags, Pick<StyleFlags, "color"> {
  readonly sessions?: boolean;
  readonly advice?: boolean;
  readonly count?: number;
  readonly "on-critical"?: "stop";
  readonly format?: "text" | "log" | "ndjson";
  readonly json?: boolean;
}

/** Flags of `serve`. */
export interface ServeFlags extends FollowFlags {
  readonly listen?: Address;
  readonly token?: string;
}

/** Flags of `history`. Times in milliseconds. */
export interface HistoryFlags
  extends Pick<ChoiceFlags, "pid">, StyleFlags, LimitFlags, OutputFlags, FileOnly {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly role?: readonly Role[];
  readonly project?: readonly string[];
  readonly database?: string;
  readonly html?: string;
  readonly format?: "text" | "json" | "csv";
  readonly json?: boolean;
}

/** Flags of `orphans`. */
export interface OrphansFlags extends StyleFlags, OutputFlags, FileOnly {
  readonly fail?: boolean;
  readonly sessions?: boolean;
  readonly format?: "text" | "json";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `selftest`. Durations in milliseconds. */
export interface SelfTestFlags extends Pick<StyleFlags, "color">, OutputFlags {
  readonly duration?: number;
  readonly format?: "text" | "json";
  readonly json?: boolean;
}

/** Flags of `service`. Durations in milliseconds. */
export interface ServiceFlags {
  readonly interval?: number;
  readonly install?: boolean;
  readonly uninstall?: boolean;
  readonly name?: string;
}

/** Flags of `stop`. Durations in milliseconds. */
export interface StopFlags extends FileOnly {
  readonly only?: boolean;
  readonly grace?: number;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly "dry-run"?: boolean;
  readonly format?: "text" | "json";
  readonly json?: boolean;
}

/** Flags of `show`. */
export interface ProcessFlags
  extends LimitFlags, StyleFlags, OutputFlags, Pick<RecordFlags, "database">, FileOnly {
  readonly sessions?: boolean;
  readonly format?: "text" | "json";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** Flags of `config`. */
export interface ConfigFlags extends StyleFlags {
  readonly format?: "text" | "json";
  readonly json?: boolean;
  readonly "show-secrets"?: boolean;
}

/** The level that `--none` names. */
export function levelOfNone(none: CheckFlags["none"] = "ok"): Level {
  return none === "ok" ? "normal" : none;
}

/** A value from the command line as it may stand in a message. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return visible(short);
}
