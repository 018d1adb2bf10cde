/** Which format a command line asks for. */

import { UsageError } from "../errors.ts";

/** The format, where `--json` is short for `short`. Throws a UsageError if the flags disagree. */
export function formatOf<F extends string>(
  { json, format }: { readonly json?: boolean; readonly format?: F },
  short: NoInfer<F>,
  otherwise: NoInfer<F>,
): F {
  if (!json) return format ?? otherwise;
  if (format === undefined || format === short) return short;
  throw new UsageError(
    `Cannot use --json with --format ${format}: --json is short for --format ${short}`,
  );
}
