/** Modules of the project, run by a Deno of their own. */

import { ROOT, temporaryFolder } from "../support.ts";
import { finished, type Outcome } from "./command_line.ts";

/** Runs a module, in which `SRC` is where the sources are, with these grants and no others. */
export async function module(code: string, ...grants: readonly string[]): Promise<Outcome> {
  using folder = temporaryFolder();
  return await finished(Deno.execPath(), runArgs(folder.path, code, ...grants));
}

/** The same with the project's own imports, for a module that uses what uses packages. */
export async function projectModule(
  code: string,
  ...grants: readonly string[]
): Promise<Outcome> {
  using folder = temporaryFolder();
  const args = runArgs(folder.path, code, ...grants)
    .map((arg) => arg === "--no-config" ? `--config=${ROOT}deno.json` : arg);
  return await finished(Deno.execPath(), args);
}

/** Arguments for Deno to run a module from a folder. */
export function runArgs(folder: string, code: string, ...grants: readonly string[]): string[] {
  const file = `${folder}/module.ts`;
  Deno.writeTextFileSync(file, code.replaceAll("SRC", `${ROOT}src`));
  return ["run", "--quiet", "--no-prompt", "--no-config", ...grants, file];
}
