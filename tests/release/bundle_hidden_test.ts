/** The bundle as a plain user, also where /proc shows only one's own processes. */

import assert from "node:assert/strict";
import { finished } from "../live/command_line.ts";
import { bundled } from "../live/program.ts";
import { mayHaveOwnSystem } from "../service/own_system.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { Placed } from "./placed.ts";

const NOBODY = 65534;
const AS_NOBODY = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`;

/**
 * Starts an OpenCode of root's and one of nobody's in a pid namespace, then the rest as nobody. `$1`: how
 * /proc is mounted; `$2`: a program named opencode.
 */
const SCRIPT = `mount -o "remount,$1" /proc
"$2" 1000 &
${AS_NOBODY} "$2" 1000 &
shift 2
# Both are there once they have become what they are.
until [ "$(pgrep -cx opencode)" = 2 ]; do sleep 0.01; done
exec ${AS_NOBODY} "$@"`;

const NEEDS = {
  root: mayHaveOwnSystem(),
  setpriv: hasProgram("setpriv"),
  pgrep: hasProgram("pgrep"),
};

for (const [option, count] of [["hidepid=0", 2], ["hidepid=2", 1]] as const) {
  live(`nobody sees ${count} of two sessions with ${option}`, NEEDS, async () => {
    using placed = await Placed.here();
    using folder = temporaryFolder();
    Deno.chmodSync(folder.path, 0o755);
    // Wherever Deno is, nobody may not get there.
    const [deno, opencode] = [`${folder.path}/deno`, `${folder.path}/opencode`];
    Deno.copyFileSync(Deno.execPath(), deno);
    Deno.copyFileSync("/bin/sleep", opencode);
    const [, ...words] = bundled(placed.entry);
    const own = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
    const shell = ["/bin/sh", "-euc", SCRIPT, "sh", option, opencode];
    const env = { HOME: "/nonexistent", DENO_DIR: "/nonexistent" };
    const args = [...own, ...shell, deno, ...words, "check", "--json"];
    const { code, stdout, stderr } = await finished("unshare", args, env);
    assert.deepEqual([code, stderr], [0, ""], stdout);
    const { level, instances } = JSON.parse(stdout);
    assert.equal(level, "normal");
    assert.equal(instances.length, count);
    const uids = instances.map((one: { processes: { uid: number }[] }) => one.processes[0]!.uid);
    assert.deepEqual(uids.sort(), [0, NOBODY].slice(-count));
  });
}
