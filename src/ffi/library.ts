/** Loads the C library. */

import { UnsupportedError } from "../errors.ts";

/** The first of `paths` that loads. Throws an UnsupportedError if none does. */
export function openFirst<S extends Deno.ForeignLibraryInterface>(
  paths: readonly string[],
  symbols: S,
): Deno.DynamicLibrary<S> {
  const reasons: string[] = [];
  for (const path of paths) {
    try {
      return Deno.dlopen(path, symbols);
    } catch (error) {
      reasons.push(reasonOf(path, error));
    }
  }
  throw new UnsupportedError(
    `Cannot read processes: the system's C library could not be loaded (${reasons.join("; ")}). ` +
      `Grant it with --allow-ffi=${paths.join(",")}, or report where it is on this system`,
  );
}

function reasonOf(path: string, error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return `${path}: not granted`;
  const message = error instanceof Error ? error.message : String(error);
  return `${path}: ${message.replace(/^Could not open library: /, "").split("\n")[0]}`;
}

/** Functions of the C library that a command can do without: null if they can't be loaded. */
export function tryOpen<S extends Deno.ForeignLibraryInterface>(
  paths: readonly string[],
  symbols: S,
): Deno.DynamicLibrary<S> | null {
  try {
    return openFirst(paths, symbols);
  } catch {
    return null;
  }
}
