/** What is advised, pasted into real shells from what check prints. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { adviceFor } from "../../src/report/advice.ts";
import { adviceLines } from "../../src/report/advice_text.ts";
import { visible } from "../../src/report/harmless.ts";
import type { Report } from "../../src/report/report.ts";
import { held, instanceOn, large } from "../report/advised.ts";
import { STYLE, texts } from "../report/session_reports.ts";
import { FakeProbe } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";

/** Folders that mean something to a shell, and one whose name can't be typed as it is. */
const NAMES = [
  "plain",
  "two  words ",
  "it's \"quoted\" 'twice'",
  "$(touch x)",
  "`touch x`; touch x & touch x",
  "'; touch x; '",
  "--",
  "-rf *",
  "!1 #1 ~ {a,b} [x] ? > x < y | z",
  "back\\slash\\",
  "資料 🦊 é",
  "x".repeat(200),
];
const SHELLS = ["sh", "bash", "dash", "zsh"].filter((shell) => hasProgram(shell));
const SNAPSHOT = "OPENCODE_AUTO_HEAP_SNAPSHOT";

/** What plays OpenCode: it writes down where it runs, its variable and its arguments. */
const OPENCODE = `#!/bin/sh\nprintf "%s\\0" "$PWD" "$${SNAPSHOT}" "$@" >>"$RECORD"\n`;

for (const shell of SHELLS) {
  live(`advice: ${shell} does what the text says, in any folder and window`, {}, async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    Deno.mkdirSync(`${path}/bin`);
    Deno.writeTextFileSync(`${path}/bin/opencode`, OPENCODE, { mode: 0o755 });
    for (const [i, name] of NAMES.entries()) {
      const directory = `${path}/all/${name}`;
      Deno.mkdirSync(directory, { recursive: true });
      const columns = [20, 80, 120, 400][i % 4]!;
      const commands = await pasted(directory, columns);
      assert.equal(commands.length, 2, name);
      const record = `${path}/record`;
      for (const command of commands) await paste(shell, command, path, record);
      const session = ["--session", "ses_1Az"];
      assert.deepEqual(
        Deno.readTextFileSync(record).split("\0"),
        [directory, "", ...session, directory, "1", ...session, ""],
      );
      Deno.removeSync(record);
      assert.deepEqual([...Deno.readDirSync(directory)], [], "something else was run");
    }
    assert.equal([...Deno.readDirSync(`${path}/all`)].length, NAMES.length);
    assert.deepEqual(await pasted(`${path}/a\nb`, 80), []);
  });
}

/** The commands for OpenCode in what check prints: whole lines, or what stands behind a sentence. */
async function pasted(cwd: string, columns: number): Promise<string[]> {
  const probe = new FakeProbe([large("--session ses_1Az", { cwd })]);
  const { out } = await runFake(["check"], { probe, size: { columns, rows: 24 } });
  const lines = out.split("\n\n")[0]!.split("\n");
  return lines.flatMap((line) => /(?:^ +|: )(cd '.*)$/.exec(line)?.[1] ?? []);
}

async function paste(shell: string, command: string, path: string, record: string): Promise<void> {
  const { stdout, stderr, success } = await new Deno.Command(shell, {
    args: ["-c", command],
    cwd: path,
    clearEnv: true,
    env: { PATH: `${path}/bin:/usr/bin:/bin`, RECORD: record },
    stdin: "null",
  }).output();
  assert.equal(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), "");
  assert.ok(success, command);
}

/** Says what it is told to do, instead of doing it. */
const SAYS = `cd() { printf '%s\\0' "$#" "$@"; }
opencode() { printf '%s\\0' "\${${SNAPSHOT}-}" "$#" "$@"; unset ${SNAPSHOT}; }
`;

for (const shell of SHELLS) {
  live(`advice: no folder and no id breaks out of its quotes in ${shell}`, {}, async () => {
    using folder = temporaryFolder();
    const instance = await instanceOn([large("")]);
    const given = fc.sample(fc.tuple(texts, texts), 400);
    const commands: string[] = [];
    const expected: string[] = [];
    for (const [text, more] of given) {
      const directory = `/${text}`;
      const id = `ses_${more}`;
      // As a Report has them.
      const sessions = [held({ id: visible(id) })];
      for (
        const { command } of adviceFor({ ...instance, directory: visible(directory), sessions })!
      ) {
        if (!command?.startsWith("cd ")) continue;
        const flags = /^ses_[A-Za-z0-9]+$/.test(id) ? ["--session", id] : ["--continue"];
        const isSet = command.includes(` && ${SNAPSHOT}=1 opencode`) ? "1" : "";
        commands.push(command);
        expected.push("1", directory, isSet, `${flags.length}`, ...flags);
      }
    }
    assert.ok(commands.length > 200, `${commands.length}`);
    const { stdout, stderr } = await new Deno.Command(shell, {
      args: ["-c", SAYS + commands.join("\n")],
      cwd: folder.path,
      stdin: "null",
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.deepEqual(new TextDecoder().decode(stdout).split("\0"), [...expected, ""]);
  });
}

live("advice: in any window each command stands in one line, whole", {}, async () => {
  const instance = await instanceOn([large("")]);
  fc.assert(fc.property(texts, fc.integer({ min: 1, max: 300 }), (text, width) => {
    const advice = adviceFor({ ...instance, directory: visible(`/${text}`) })!;
    const report = { instances: [{ ...instance, advice }] } as unknown as Report;
    const lines = adviceLines(report)(report.instances[0]!, { ...STYLE, width });
    for (const { command } of advice) {
      if (command === null) continue;
      assert.equal(lines.filter((line) => line.endsWith(` ${command}`)).length, 1, command);
    }
    // No word of a sentence is lost on the way.
    const words = (all: readonly string[]) => all.join(" ").split(/[ →]+/).filter((word) => word);
    assert.deepEqual(
      words(lines),
      words(advice.map(({ text, command }) => command === null ? text : `${text}: ${command}`)),
    );
  }));
});
