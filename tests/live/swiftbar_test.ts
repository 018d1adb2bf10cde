import assert from "node:assert/strict";
import { formatSwiftbar } from "../../src/report/swiftbar.ts";
import type { Os } from "../../src/types.ts";
import { APPS } from "../report/menu_readers.ts";
import { FRAME, reportOf, STYLE } from "../report/session_reports.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";

const NEEDS = { bash: hasProgram("bash"), base64: hasProgram("base64") };

/** Names of folders that mean something to a shell or to an app, or that are hard to write. */
const NAMES = [
  "plain",
  "two  words ",
  "it's \"quoted\" 'twice'",
  "$(touch x)",
  "`touch x`; touch x & touch x",
  "'; touch x; '",
  '"; touch x; "',
  "a | bash=touch param1=x | color=red",
  "a|b || touch x",
  "--",
  "-rf *",
  "!1 #1 ~ {a,b} [x] ? > x < y",
  "back\\slash\\",
  "%s%n =(1) $HOME",
  "資料 🦊 é e\u0301 \u00a0",
  "x".repeat(200),
];

/** What plays the clipboard, and what plays OpenCode: both write down what they are told. */
const PROGRAMS = {
  pbcopy: 'echo "pbcopy $* $LC_ALL" >"$RECORDS/how"; cat >"$RECORDS/clipboard"',
  xclip: 'echo "xclip $*" >"$RECORDS/how"; cat >"$RECORDS/clipboard"',
  "wl-copy": 'echo "wl-copy $*" >"$RECORDS/how"; cat >"$RECORDS/clipboard"',
  opencode: 'printf "%s\\0" "$PWD" "$@" >"$RECORDS/opencode"',
};

/** Where menus are used, and who takes the text there. */
const PLACES: readonly { app: string; os: Os; env?: Record<string, string>; how: string }[] = [
  { app: "SwiftBar", os: "darwin", how: "pbcopy  en_US.UTF-8\n" },
  { app: "SwiftBar 1", os: "darwin", how: "pbcopy  en_US.UTF-8\n" },
  { app: "xbar", os: "darwin", how: "pbcopy  en_US.UTF-8\n" },
  { app: "Argos", os: "linux", how: "xclip -selection clipboard\n" },
  {
    app: "Argos",
    os: "linux",
    env: { WAYLAND_DISPLAY: "wayland-0" },
    how: "wl-copy --type text/plain\n",
  },
];

for (const { app, os, env = {}, how } of PLACES) {
  const display = env.WAYLAND_DISPLAY ? " on Wayland" : "";
  live(
    `swiftbar: ${app}${display} copies a command that resumes in that folder`,
    NEEDS,
    async () => {
      using folder = temporaryFolder();
      const { path } = folder;
      const run = await outside(path, env);
      for (const name of NAMES) {
        const directory = `${path}/${name}`;
        Deno.mkdirSync(directory);
        const processes = [{ argv: ["opencode", "--session", "ses_1Az"] }];
        const report = reportOf([{ directory, processes }], { host: { ...FRAME.host, os } });
        const { entries } = APPS[app]!.read(formatSwiftbar(report, STYLE));
        const copy = entries.find(({ text }) => text === "Copy the command that resumes it");
        assert.equal(copy!.parameters.terminal, "false");
        await run(APPS[app]!.command(copy!));
        assert.equal(Deno.readTextFileSync(`${path}/records/how`), how);
        const command = Deno.readTextFileSync(`${path}/records/clipboard`);
        // Without a line break: it waits for the user's own return key.
        assert.match(command, /^cd '.*' && opencode --session ses_1Az$/);
        await run(["/bin/sh", "-c", command]);
        assert.deepEqual(
          Deno.readTextFileSync(`${path}/records/opencode`).split("\0"),
          [directory, "--session", "ses_1Az", ""],
        );
        for (const file of ["how", "clipboard", "opencode"]) {
          Deno.removeSync(`${path}/records/${file}`);
        }
      }
    },
  );
}

/** Runs a program in an empty folder, and finds it empty afterwards; the folders' too. */
async function outside(
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<(command: readonly [string, ...string[]]) => Promise<void>> {
  for (const name of ["bin", "records", "empty"]) Deno.mkdirSync(`${path}/${name}`);
  for (const [name, script] of Object.entries(PROGRAMS)) {
    await Deno.writeTextFile(`${path}/bin/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return async ([program, ...args]) => {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: `${path}/empty`,
      clearEnv: true,
      env: { PATH: `${path}/bin:/usr/bin:/bin`, RECORDS: `${path}/records`, ...env },
      stdin: "null",
    }).output();
    assert.equal(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), "");
    assert.ok(success);
    const others = [...Deno.readDirSync(path)].map(({ name }) => name).filter((name) =>
      !["bin", "records", "empty"].includes(name)
    );
    for (const name of ["empty", ...others]) {
      assert.deepEqual([...Deno.readDirSync(`${path}/${name}`)], [], name);
    }
  };
}
