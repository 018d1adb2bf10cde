/** Whether a command for the shell can be run at all, before anything happens that it is for. */

import { visible } from "../report/harmless.ts";
import type { World } from "../world.ts";
import type { FollowFlags } from "./flags.ts";
import { quote } from "./flags.ts";
import { nameIn, refusal } from "./refusal.ts";

/** Long enough for a shell to start on a busy machine. */
const TIMEOUT_MS = 10_000;
/** Exit code of a shell that does not find a command. */
const NOT_FOUND = 127;
/** A first word that the shell takes as it stands. */
const PLAIN_WORD = /^(?:~\/)?[\w.+,@:%/-]+(?=$|[\s;&|<>])/;
/** Finds the command `$0`, and reads the script `$1` without running it. */
export const HOOK_CHECK =
  `command -v -- "$0" >/dev/null 2>&1 || exit ${NOT_FOUND}; /bin/sh -n -c "$1"`;

/**
 * Throws a UsageError, or a ConfigError, for a command of --exec that does not exist or that the shell
 * does not understand. What can only be known when it runs is not looked at.
 */
export async function requireHook(world: World, flags: FollowFlags): Promise<void> {
  const { exec } = flags;
  if (exec === undefined) return;
  const word = PLAIN_WORD.exec(exec.trimStart())?.[0] ?? "";
  // An assignment, a quote or an expansion: the shell knows what it runs, and only then.
  const command = word === "" ? ":" : word.replace(/^~(?=\/)/, world.env("HOME") ?? "~");
  const order = { script: HOOK_CHECK, args: [command, exec], env: {}, timeoutMs: TIMEOUT_MS };
  const outcome = await world.execute(order, new AbortController().signal);
  // Where the shell may not be started, each event says so.
  if (outcome.kind !== "done" || outcome.code === 0) return;
  const [said = ""] = outcome.output.split("\n");
  const reason = outcome.code === NOT_FOUND
    ? `there is no command ${quote(word)}`
    : `the shell does not understand it${said === "" ? "" : `: ${visible(said)}`}`;
  throw refusal(flags, "exec", `Cannot use ${nameIn(flags, "exec")} "${quote(exec)}": ${reason}`);
}
