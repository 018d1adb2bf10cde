/** A server that a real systemd runs is no orphan; the same one left behind may be. */

import assert from "node:assert/strict";
import { documented } from "../live/program.ts";
import { denoFolder } from "../live/serving.ts";
import { hasProgram, live, programPath, temporaryFolder } from "../support.ts";
import { inOwnSystem, mayHaveOwnSystem, UNTIL } from "./own_system.ts";

/** A shell whose name is opencode runs a script whose name is serve: that makes it a server. */
const SCRIPT = `${UNTIL}
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR" "$HOME/bin"
cd "$HOME"
cp "$BASH_PROGRAM" bin/opencode
echo 'echo $$ >"$1"; exec 3<>"$1.fifo"; read -r line <&3' >serve
mkfifo service.fifo left.fifo
/lib/systemd/systemd --user >manager.log 2>&1 &
is_up() { case $(systemctl --user is-system-running) in running | degraded) ;; *) return 1 ;; esac }
until_ok is_up
mkdir -p "$XDG_CONFIG_HOME/systemd/user"
printf '[Service]\\nWorkingDirectory=%s\\nExecStart=%s/bin/opencode serve service\\n' "$HOME" "$HOME" \\
  >"$XDG_CONFIG_HOME/systemd/user/opencode.service"
systemctl --user daemon-reload
systemctl --user start opencode.service
(setsid bin/opencode serve left &)
until_ok test -s service
until_ok test -s left
echo "service $(cat service) $(tail -n 1 "/proc/$(cat service)/cgroup")"
echo "left $(cat left)"
"$@" orphans --json
systemctl --user stop opencode.service
kill "$(cat left)"
`;

live("systemd: a server that it runs is no orphan, one that was left behind may be", {
  root: mayHaveOwnSystem(),
  systemctl: hasProgram("systemctl"),
  setsid: hasProgram("setsid"),
  bash: hasProgram("bash"),
}, async () => {
  using folder = temporaryFolder();
  const env = {
    HOME: `${folder.path}/home`,
    XDG_CONFIG_HOME: `${folder.path}/config`,
    XDG_RUNTIME_DIR: "/run/user/0",
    DENO_DIR: denoFolder(),
    DBUS_SESSION_BUS_ADDRESS: "",
    BASH_PROGRAM: Deno.realPathSync(programPath("bash")!),
  };
  const { code, stdout, stderr } = await inOwnSystem(SCRIPT, documented(), env);
  assert.deepEqual([code, stderr], [0, ""], stdout);
  const [, service] = /^service (\d+) .*\/opencode\.service$/m.exec(stdout) ?? [];
  const [, left] = /^left (\d+)$/m.exec(stdout) ?? [];
  assert.ok(service && left, stdout);
  const { totals, orphans } = JSON.parse(stdout.slice(stdout.indexOf("{")));
  assert.equal(totals.instances, 2);
  assert.deepEqual(
    orphans.map(({ pid, role, conclusion }: Record<string, unknown>) => [pid, role, conclusion]),
    [[Number(left), "server", "possible"]],
  );
});
