/** `ocmem service` for real: files, the shell, and programs that stand in for systemctl and launchctl. */

import assert from "node:assert/strict";
import { launchd } from "../../src/service/launchd.ts";
import { execute } from "../../src/world/shell.ts";
import type { Outcome } from "../../src/world.ts";
import { live } from "../support.ts";
import { LINUX } from "./hooks.ts";
import { Home } from "./serving.ts";

function start(unit: string): string[] {
  return [
    "systemctl <--user> <daemon-reload>",
    `systemctl <--user> <enable> <${unit}>`,
    `systemctl <--user> <restart> <${unit}>`,
  ];
}

live(
  "service: what is installed is what is printed, and nobody else can read it",
  LINUX,
  async () => {
    using home = new Home();
    const folder = `${home.path}/.config/systemd/user`;
    const words = ["--", "check", "--match", "a $HOME %h"];
    const printed = await home.service("systemd", ...words);
    assert.deepEqual([printed.code, printed.stderr, home.calls()], [0, "", []]);
    assert.deepEqual([...Deno.readDirSync(home.path)], []);
    const { code, stderr } = await home.service("systemd", "--install", ...words);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(home.calls(), start("ocmem.timer"));
    const texts = ["service", "timer"].map((suffix) => {
      const path = `${folder}/ocmem.${suffix}`;
      assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
      return `# ${path}\n${Deno.readTextFileSync(path)}`;
    });
    assert.equal(texts.join("\n"), printed.stdout);
    assert.equal(Deno.statSync(folder).mode! & 0o777, 0o700);
    assert.equal([...Deno.readDirSync(folder)].length, 2);
  },
);

live("service: installed again, replaced and removed", LINUX, async () => {
  using home = new Home();
  const folder = `${home.path}/.config/systemd/user`;
  const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
  await home.service("systemd", "--install", "--", "check");
  home.calls();
  assert.equal((await home.service("systemd", "--install")).code, 0);
  assert.deepEqual(home.calls(), [
    "systemctl <--user> <disable> <--now> <ocmem.timer>",
    ...start("ocmem.service"),
  ]);
  assert.deepEqual(names(), ["ocmem.service"]);
  assert.equal((await home.service("systemd", "--uninstall")).code, 0);
  assert.deepEqual(home.calls(), [
    "systemctl <--user> <disable> <--now> <ocmem.service>",
    "systemctl <--user> <daemon-reload>",
  ]);
  assert.deepEqual(names(), []);
  const again = await home.service("systemd", "--uninstall");
  assert.deepEqual([again.code, again.stderr, home.calls()], [0, "", []]);
  assert.match(again.stdout, /^Nothing to remove/);
});

live("service: systemctl fails, or is not there", LINUX, async () => {
  using home = new Home();
  const path = `${home.path}/.config/systemd/user/ocmem.service`;
  home.fails = "--user enable ocmem.service";
  const { code, stderr } = await home.service("systemd", "--install");
  assert.equal(code, 69);
  assert.equal(
    stderr,
    "ocmem: Cannot install: systemctl --user enable ocmem.service failed with exit code 5: it is " +
      `told to fail. What stays: ${path}\n`,
  );
  assert.equal(home.calls().length, 2);
  home.remove("systemctl");
  const missing = await home.service("systemd", "--uninstall");
  assert.equal(missing.code, 69);
  assert.match(
    missing.stderr,
    /disable --now ocmem\.service failed with exit code 127: .*systemctl/,
  );
  Deno.statSync(path);
});

live("service: links, folders and what others wrote stay as they are", LINUX, async () => {
  using home = new Home();
  const folder = `${home.path}/.config/systemd/user`;
  const path = `${folder}/ocmem.service`;
  Deno.mkdirSync(folder, { recursive: true });
  const refused = async (why: RegExp) => {
    const { code, stdout, stderr } = await home.service("systemd", "--install");
    assert.deepEqual([code, stdout, home.calls()], [73, "", []]);
    assert.match(stderr, why);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["ocmem.service"]);
  };
  Deno.writeTextFileSync(path, "[Unit]\n");
  await refused(/ocmem has not written it/);
  assert.equal(Deno.readTextFileSync(path), "[Unit]\n");
  Deno.removeSync(path);
  Deno.symlinkSync(`${home.path}/elsewhere`, path);
  await refused(/symbolic link/);
  assert.throws(() => Deno.statSync(`${home.path}/elsewhere`), Deno.errors.NotFound);
  Deno.removeSync(path);
  Deno.mkdirSync(path);
  await refused(/Cannot read .*ocmem\.service: /);
});

/**
 * Stands in for launchctl. `loaded`: how many looks still show the agent once it was told to leave.
 * `busy`: how many bootstraps are answered with 5. BOOTOUT, BOOTSTRAP: exit codes.
 */
const LAUNCHCTL = `#!/bin/sh
{ printf launchctl; for argument; do printf ' <%s>' "$argument"; done; echo; } >>"$CALLS"
number() { cat "$1" 2>/dev/null || echo 0; }
case $1 in
  print)
    loaded=$(number "$HOME/loaded")
    [ "$loaded" -gt 0 ] || { echo "Could not find service" >&2; exit 113; }
    [ ! -e "$HOME/leaving" ] || echo $((loaded - 1)) >"$HOME/loaded" ;;
  bootout)
    : >"$HOME/leaving"
    [ "$BOOTOUT" -eq 0 ] || echo "Boot-out failed: $BOOTOUT" >&2
    exit "$BOOTOUT" ;;
  bootstrap)
    busy=$(number "$HOME/busy")
    [ "$busy" -le 0 ] || { echo $((busy - 1)) >"$HOME/busy"; set -- 5; BOOTSTRAP=5; }
    [ "$BOOTSTRAP" -eq 0 ] || echo "Bootstrap failed: $BOOTSTRAP" >&2
    exit "$BOOTSTRAP" ;;
esac
`;
const SLEEP = '#!/bin/sh\necho "sleep $*" >>"$CALLS"\n';
const TARGET = "<gui/501/io.ocmem>";

interface Launchd {
  readonly loaded?: number;
  readonly busy?: number;
  readonly BOOTOUT?: string;
  readonly BOOTSTRAP?: string;
}

/** Carries out what an installation runs, up to the first failure. */
async function load(home: Home, state: Launchd = {}): Promise<[string[], Outcome]> {
  home.program("launchctl", LAUNCHCTL);
  home.program("sleep", SLEEP);
  home.program("id", '#!/bin/sh\n[ "$*" = -u ] && echo 501\n');
  const { loaded = 0, busy = 0, BOOTOUT = "0", BOOTSTRAP = "0" } = state;
  Deno.writeTextFileSync(`${home.path}/loaded`, `${loaded}\n`);
  Deno.writeTextFileSync(`${home.path}/busy`, `${busy}\n`);
  const env = { ...home.env, BOOTOUT, BOOTSTRAP };
  const job = { kind: "watch", command: ["/o"], everyMs: 1 } as const;
  let outcome: Outcome = { kind: "done", code: 0, output: "" };
  for (const step of launchd(home.path, "io.ocmem", "ocmem").install(job, [])) {
    if (step.kind !== "run") continue;
    const order = { script: step.script, args: step.args, env, timeoutMs: 60_000 };
    outcome = await execute(order, new AbortController().signal);
    if (outcome.kind !== "done" || outcome.code !== 0) break;
  }
  return [home.calls(), outcome];
}

const GOOD = { kind: "done", code: 0, output: "" };

function bootstrap(home: Home): string {
  return `launchctl <bootstrap> <gui/501> <${home.path}/Library/LaunchAgents/io.ocmem.plist>`;
}

live("launchd: an agent that is not loaded is enabled and loaded", {}, async () => {
  using home = new Home();
  assert.deepEqual(await load(home), [
    [`launchctl <print> ${TARGET}`, `launchctl <enable> ${TARGET}`, bootstrap(home)],
    GOOD,
  ]);
});

live("launchd: one that is loaded is waited for until it has gone", {}, async () => {
  for (const [BOOTOUT, said] of [["0", ""], ["36", "Boot-out failed: 36"]]) {
    using home = new Home();
    const [calls, outcome] = await load(home, { loaded: 3, BOOTOUT });
    assert.deepEqual(calls, [
      `launchctl <print> ${TARGET}`,
      `launchctl <bootout> ${TARGET}`,
      ...Array(3).fill([`launchctl <print> ${TARGET}`, "sleep 1"]).flat(),
      `launchctl <print> ${TARGET}`,
      `launchctl <enable> ${TARGET}`,
      bootstrap(home),
    ], said);
    assert.deepEqual(outcome, GOOD);
  }
});

live("launchd: one that stays is given up with launchctl's words", {}, async () => {
  using home = new Home();
  const [calls, outcome] = await load(home, { loaded: 1000, BOOTOUT: "1" });
  assert.equal(calls.filter((call) => call === "sleep 1").length, 10);
  assert.deepEqual(outcome, { kind: "done", code: 1, output: "Boot-out failed: 1" });
});

live("launchd: what answers EIO for a while is asked again, anything else not", {}, async () => {
  using home = new Home();
  const [calls, outcome] = await load(home, { busy: 3 });
  assert.deepEqual(outcome, GOOD);
  assert.deepEqual(calls.slice(2), [
    ...Array(3).fill([bootstrap(home), "sleep 1"]).flat(),
    bootstrap(home),
  ]);
  const [tries, lost] = await load(home, { busy: 1000 });
  assert.equal(tries.filter((call) => call === bootstrap(home)).length, 15);
  assert.deepEqual(lost, { kind: "done", code: 5, output: "Bootstrap failed: 5" });
  const [once, refused] = await load(home, { BOOTSTRAP: "125" });
  assert.equal(once.filter((call) => call === bootstrap(home)).length, 1);
  assert.deepEqual(refused, { kind: "done", code: 125, output: "Bootstrap failed: 125" });
});
