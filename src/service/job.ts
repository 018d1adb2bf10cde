/** The nouns of units: what is to be run, the files that say so, and what installs them. */

import type { Os } from "../types.ts";

/** What is run for the user, and how often. */
export interface Job {
  /** `watch` and `serve` go on by themselves; `check` is started again and again. */
  readonly kind: "watch" | "serve" | "check";
  /** The absolute program and its arguments. No word holds a control character. */
  readonly command: readonly string[];
  /** Milliseconds from one start of a `check` to the next. */
  readonly everyMs: number;
}

/** A file for a service manager. */
export interface UnitFile {
  readonly path: string;
  readonly text: string;
}

/** One thing that is done when units are installed or removed. */
export type Step =
  | { readonly kind: "write"; readonly file: UnitFile }
  | { readonly kind: "remove"; readonly path: string }
  /** `says`: the command as the user may type it. `script` and `args` are those of an Order. */
  | {
    readonly kind: "run";
    readonly says: string;
    readonly script: string;
    readonly args: readonly string[];
  };

/** A service manager, as far as the units of one name go. */
export interface Manager {
  /** Where it is. */
  readonly os: Os;
  /** What else is good to know once it is installed. */
  readonly hint: string;
  /** Every file that it may have for this name. */
  readonly paths: readonly string[];
  /** The files for a job. Throws a UsageError for an interval that it can't keep. */
  units(job: Job): readonly UnitFile[];
  /** What makes it run a job. `there`: which of its files are there now. */
  install(job: Job, there: readonly string[]): readonly Step[];
  /** What makes it forget. */
  uninstall(there: readonly string[]): readonly Step[];
}

/** Stands in every file that ocmem writes; a file without it is somebody's own. */
export const MARKER = "Written by ocmem service";

/** The comment of every file, without what makes it one. No `--`: XML forbids it in comments. */
export const COMMENT = `${MARKER}: to be replaced and removed by it as long as this line is here.`;

/** Whether a text can name a unit, on every manager and in every comment. */
export function isUnitName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** What is accepted, for messages. */
export const UNIT_NAME =
  "up to 64 letters, digits, dots, dashes and underscores, a letter or digit first";

/**
 * Whether a text can stand in every kind of unit: in a line (no control characters, which XML can't
 * hold either), and as UTF-8 (no half of a surrogate pair; no U+FFFE and U+FFFF, as XML has it).
 */
export function isPlainText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text);
}
