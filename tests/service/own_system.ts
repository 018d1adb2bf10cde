/** A system of the test's own, in namespaces: where a service manager and a cron run, and end with it. */

import { finished, type Outcome } from "../live/command_line.ts";
import { hasProgram } from "../support.ts";

const OWN = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "/bin/sh", "-euc"];

/** Debian's cron: another's crontab takes -n for something else. */
export const DEBIAN = { dpkg: hasProgram("dpkg"), cron: hasProgram("cron") };

/** Whether this user may have one: root may, unless a container keeps it from mounting. */
export function mayHaveOwnSystem(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || !hasProgram("unshare")) return false;
  // A manager makes control groups, of version 2 or 1.
  const script =
    "mount -t tmpfs none /run; cd /sys/fs/cgroup; [ -w cgroup.procs ] || [ -w systemd ]";
  return new Deno.Command("unshare", { args: [...OWN, script], stdout: "null", stderr: "null" })
    .outputSync().success;
}

/** Runs a script there, as `/bin/sh -eu` with these arguments. /run is empty. */
export async function inOwnSystem(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const before = "mount -t tmpfs none /run\n";
  return await finished("unshare", [...OWN, before + script, "sh", ...args], env);
}

/** Shell: waits until a command succeeds, for a minute at most. */
export const UNTIL = `until_ok() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { echo "In vain: $*" >&2; exit 99; }
    sleep 0.1
  done
}
`;
