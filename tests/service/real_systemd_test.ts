/** User units, run by a real manager that systemctl talks to. */

import assert from "node:assert/strict";
import { documented } from "../live/program.ts";
import { denoFolder } from "../live/serving.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { inOwnSystem, mayHaveOwnSystem, UNTIL } from "./own_system.ts";

/** Starts a manager. `service`: ocmem's. `is UNIT PROPERTY VALUE`; `tell UNIT PROPERTY…`. */
const SETUP = `${UNTIL}
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR" "$HOME"
/lib/systemd/systemd --user >"$HOME/manager.log" 2>&1 &
is_up() { case $(systemctl --user is-system-running) in running | degraded) ;; *) return 1 ;; esac }
until_ok is_up
service() { "$@" >"$HOME/said" 2>&1 || { cat "$HOME/said" "$HOME/manager.log"; exit 1; }; }
property() { systemctl --user show "$1" --property "$2" --value; }
is() { [ "$(property "$1" "$2")" = "$3" ]; }
tell() { unit=$1; shift; for one; do echo "$unit $one=$(property "$unit" "$one")"; done; }
links() { (cd "$XDG_CONFIG_HOME" && find . -type l); }
`;

/** What means something to systemd, as one word. */
const WORD = `a $HOME \${HOME} $$ %h %% "b" \\ 'c'`;

const WATCH = `
service "$@" service systemd --install -- watch --match "$WORD"
until_ok is ocmem.service ActiveState active
tell ocmem.service UnitFileState Nice FragmentPath
links
tr '\\0' '\\n' </proc/"$(property ocmem.service MainPID)"/cmdline
`;
/** The verdict on a machine without OpenCode is what --none says: 2 for critical, 3 for unknown. */
const CHECK = `
service "$@" service systemd --install --interval 1h30m -- check --none critical
until_ok is ocmem.service ExecMainStatus 2
until_ok is ocmem.service ActiveState inactive
tell ocmem.service Result UnitFileState Nice NoNewPrivileges
tell ocmem.timer ActiveState UnitFileState Unit
property ocmem.timer TimersMonotonic | sed 's/ ; .*//'
links
service "$@" service systemd --install -- check --none unknown
until_ok is ocmem.service ExecMainStatus 3
until_ok is ocmem.service ActiveState failed
`;
const UNINSTALL = `
service "$@" service systemd --uninstall
tell ocmem.timer LoadState
tell ocmem.service LoadState
find "$XDG_CONFIG_HOME" ! -type d
`;

/** The lines that a script tells in a system with a manager. */
async function told(script: string): Promise<string[]> {
  using folder = temporaryFolder();
  const env = {
    HOME: `${folder.path}/home`,
    XDG_CONFIG_HOME: `${folder.path}/con fig`,
    XDG_RUNTIME_DIR: "/run/user/0",
    DENO_DIR: denoFolder(),
    DBUS_SESSION_BUS_ADDRESS: "",
    WORD,
  };
  const { code, stdout, stderr } = await inOwnSystem(SETUP + script, documented(), env);
  assert.deepEqual([code, stderr], [0, ""], stdout);
  return stdout.replaceAll(folder.path, "FOLDER").split("\n").slice(0, -1);
}

live("systemd: a real manager runs what is installed, and forgets it", {
  root: mayHaveOwnSystem(),
  systemctl: hasProgram("systemctl"),
}, async () => {
  const [own, ...words] = documented();
  const lines = await told(WATCH + CHECK + UNINSTALL);
  const program = lines.findIndex((line) => line === own || line.endsWith("/deno"));
  assert.deepEqual(lines.toSpliced(program, 1), [
    "ocmem.service UnitFileState=enabled",
    "ocmem.service Nice=10",
    "ocmem.service FragmentPath=FOLDER/con fig/systemd/user/ocmem.service",
    "./systemd/user/default.target.wants/ocmem.service",
    ...words,
    "watch",
    "--match",
    WORD,
    "ocmem.service Result=success",
    "ocmem.service UnitFileState=static",
    "ocmem.service Nice=10",
    "ocmem.service NoNewPrivileges=yes",
    "ocmem.timer ActiveState=active",
    "ocmem.timer UnitFileState=enabled",
    "ocmem.timer Unit=ocmem.service",
    "{ OnUnitActiveUSec=1h 30min",
    "{ OnActiveUSec=0",
    "./systemd/user/timers.target.wants/ocmem.timer",
    "ocmem.timer LoadState=not-found",
    "ocmem.service LoadState=not-found",
  ]);
});
