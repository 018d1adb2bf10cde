/** Options that are understood one by one and make no sense here. */

import { ConfigError, UsageError } from "../errors.ts";
import type { FileOnly } from "./flags.ts";

/** What the user calls an option: its flag, its variable, or its key in the options file. */
export function nameIn(flags: FileOnly, option: string): string {
  const place = flags.places?.[option];
  if (place === undefined) return `--${option}`;
  return place.isInFile ? `${place.name},` : place.name;
}

/** The error for an option that can't be used: a mistake in the command line, or in the options file. */
export function refusal(flags: FileOnly, option: string, message: string): Error {
  const isInFile = flags.places?.[option]?.isInFile ?? false;
  return isInFile ? new ConfigError(message) : new UsageError(message);
}
