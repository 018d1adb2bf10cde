/** Shells that OpenCode starts for its tools, and what they were told to run. */

import { programName } from "./started.ts";

const SHELLS: ReadonlySet<string> = new Set([
  ...["sh", "bash", "dash", "zsh", "ksh", "fish", "nu", "pwsh", "powershell", "cmd"],
]);
/** `-c`, `-lc`; PowerShell's and cmd's. */
const COMMAND_FLAG = /^(?:-[a-z]*c|-Command|\/c)$/;
/** Lines of what OpenCode runs before the user's command, where it does so in the user's own shell. */
const PREPARES = /^\s*(?:shopt -s expand_aliases|\[\[ -f .*\.zshrc)/m;
const EVAL = /^\s*eval (".*")\s*$/;

/** A shell: what it was told to run, or null if it waits for somebody to type. */
export interface Shell {
  readonly command: string | null;
}

/** The shell that a command line starts, or null if it starts something else, such as a script. */
export function shellOf(argv: readonly string[]): Shell | null {
  const [program = "", ...args] = argv;
  if (!SHELLS.has(programName(program))) return null;
  const told = args.findIndex((argument) => COMMAND_FLAG.test(argument));
  const from = told < 0 ? args : args.slice(told + 1);
  // `-c -l command`: flags may stand between.
  const word = from.find((argument) => !argument.startsWith("-"));
  if (told < 0) return word === undefined ? { command: null } : null;
  return word === undefined ? null : { command: usersOwn(word).trim() };
}

/** The user's command, out of the script that OpenCode makes around it. */
function usersOwn(script: string): string {
  if (!PREPARES.test(script)) return script;
  for (const line of script.split("\n")) {
    const quoted = EVAL.exec(line)?.[1];
    if (quoted !== undefined) return parsed(quoted) ?? script;
  }
  return script;
}

/** OpenCode quotes it as JSON. */
function parsed(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}
