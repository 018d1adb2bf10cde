/** The plugin for SwiftBar, run by shells: what the menu bar gets, whatever ocmem does. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../src/errors.ts";
import { pluginName, swiftbarPlugin } from "../../src/service/swiftbar.ts";
import { finished, type Outcome } from "../live/command_line.ts";
import { hasProgram, live, programPath, pure, temporaryFolder } from "../support.ts";
import { HOSTILE, hostileWord, samples } from "./hostile.ts";

/** Debian's sh is dash; macOS's is bash as sh. */
const SHELLS = ["/bin/sh", ...hasProgram("bash") ? [programPath("bash")!] : []];

function pluginOf(command: readonly string[], everyMs = 30_000): string {
  return swiftbarPlugin({ kind: "check", command, everyMs }, "ocmem", "1.2.3");
}

/** What the plugin does where this script stands for ocmem. Each shell must do the same. */
async function runWith(script: string, ...words: readonly string[]): Promise<Outcome> {
  using folder = temporaryFolder();
  const program = `${folder.path}/it's 50% $HOME`;
  Deno.writeTextFileSync(program, `#!/bin/sh\n${script}\n`);
  Deno.chmodSync(program, 0o755);
  const plugin = `${folder.path}/ocmem.30s.sh`;
  Deno.writeTextFileSync(plugin, pluginOf([program, ...words]));
  const outcomes = await Promise.all(
    SHELLS.map((shell) => finished(shell, [...shell.endsWith("bash") ? ["--posix"] : [], plugin])),
  );
  for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0]);
  return outcomes[0]!;
}

pure("swiftbar: the file name holds the interval, in the largest unit that fits", () => {
  const cases = [
    [1000, "1s"],
    [30_000, "30s"],
    [90_000, "90s"],
    [60_000, "1m"],
    [5_400_000, "90m"],
    [7_200_000, "2h"],
    [86_400_000, "1d"],
    [172_800_000, "2d"],
  ] as const;
  for (const [ms, time] of cases) {
    assert.equal(pluginName("mem", ms), `mem.${time}.sh`);
    assert.match(pluginOf(["/o"], ms), new RegExp(`^# .*save it as ocmem\\.${time}\\.sh`, "m"));
  }
  for (const ms of [0, 1, 500, 1500]) assert.throws(() => pluginName("mem", ms), UsageError);
});

pure("swiftbar: it starts with the shell, and tells about itself", () => {
  const text = pluginOf(["/o"]);
  assert.ok(text.startsWith("#!/bin/sh\n"));
  // https://github.com/swiftbar/SwiftBar#metadata: tags in comments.
  const told = [...text.matchAll(/^# <xbar\.(\w+)>(.+)<\/xbar\.\1>$/gm)].map(([, tag]) => tag);
  assert.deepEqual(told, ["title", "version", "author", "desc", "dependencies"]);
  assert.match(text, /<xbar\.version>v1\.2\.3</);
});

live("swiftbar: any verdict's menu is passed on, and is no error of the plugin", {}, async () => {
  for (const code of [0, 1, 2, 3]) {
    const script = `printf '1 GiB | color=red\\n---\\n  a\\\\b 50%% | x=y\\n'; exit ${code}`;
    const stdout = "1 GiB | color=red\n---\n  a\\b 50% | x=y\n";
    assert.deepEqual(await runWith(script), { code: 0, stdout, stderr: "" });
  }
});

live("swiftbar: a warning beside the menu is not shown in it", {}, async () => {
  const outcome = await runWith("echo warned >&2; echo menu; exit 1");
  assert.deepEqual(outcome, { code: 0, stdout: "menu\n", stderr: "" });
});

live("swiftbar: where it fails, the title warns, and its first line is shown", {}, async () => {
  const cases = [
    ["echo 'ocmem: Cannot a | b=c' >&2; echo more >&2; exit 3", "ocmem: Cannot a / b=c"],
    ["printf 'ocmem: \\033[31m red \\r\\n' >&2; exit 64", "ocmem: [31m red "],
    [
      "printf 'ocmem: \\303\\251 \\377 \\360\\237\\230\\200' >&2; exit 3",
      "ocmem: é \ufffd \u{1f600}",
    ],
    ["exit 70", "ocmem has failed and said nothing"],
    ["echo '' >&2; exit 70", "ocmem has failed and said nothing"],
  ] as const;
  for (const [script, line] of cases) {
    const outcome = await runWith(script);
    assert.deepEqual(outcome, { code: 0, stdout: `⚠️ ocmem\n---\n${line}\n`, stderr: "" });
  }
});

live("swiftbar: without a program, too", {}, async () => {
  using folder = temporaryFolder();
  const plugin = `${folder.path}/ocmem.30s.sh`;
  Deno.writeTextFileSync(plugin, pluginOf([`${folder.path}/no|where`]));
  const { code, stdout, stderr } = await finished("/bin/sh", [plugin]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^⚠️ ocmem\n---\n[^|\n]*no\/where[^|\n]*\n$/);
});

live("swiftbar: nothing to say and nothing wrong is no entry, as with --quiet", {}, async () => {
  assert.deepEqual(await runWith("exit 0"), { code: 0, stdout: "", stderr: "" });
});

live("swiftbar: words arrive as they are", {}, async () => {
  for (const words of [HOSTILE, ...samples(fc.array(hostileWord), 5)]) {
    const { stdout } = await runWith("printf '<%s>' \"$@\"", ...words);
    assert.equal(
      stdout,
      `${words.length === 0 ? "<>" : words.map((word) => `<${word}>`).join("")}\n`,
    );
  }
});
