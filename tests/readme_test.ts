/** The README's recipes, as they stand, and its tables against the program. */

import assert from "node:assert/strict";
import denoJson from "../deno.json" with { type: "json" };
import { COMMANDS } from "../src/cli/command_table.ts";
import { checkFlags, trackFlags, watchFlags } from "../src/cli/flag_table.ts";
import { FakeProbe } from "./fake.ts";
import { runFake } from "./fake_world.ts";
import { finished } from "./live/command_line.ts";
import { documented } from "./live/program.ts";
import { hookVariables } from "./live/hooks.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "./support.ts";

const README = Deno.readTextFileSync(`${ROOT}README.md`);

const recipes = README.split("### jq")[1]!.split("```sh\n")[1]!.split("```")[0]!.trim().split("\n");

for (const recipe of recipes) {
  live(`recipe: ${recipe}`, { jq: hasProgram("jq"), bash: hasProgram("bash") }, async () => {
    // A machine without OpenCode has nothing to show: this process stands in for it.
    const command = documented().map((word) => `'${word}'`).join(" ");
    using folder = temporaryFolder();
    const env = { XDG_STATE_HOME: folder.path };
    const own = `--pid ${Deno.pid}`;
    const recording = `${command} watch --record --format log --count 1 ${own} >/dev/null; `;
    const script = (recipe.startsWith("ocmem history") ? recording : "") +
      recipe.replace(/^ocmem (\w+)/, `${command} $1 ${own}`);
    const ran = await finished("bash", ["-c", script], env);
    assert.equal(ran.stderr, "");
    assert.equal(ran.code, 0);
    if (!recipe.includes("select(")) assert.notEqual(ran.stdout.trim(), "");
    assert.doesNotMatch(ran.stdout, /^null$/m);
  });
}

live("the options file of the README is one", {}, async () => {
  const text = README.split("```jsonc\n")[1]!.split("```")[0]!;
  const files = new Map([["/h/.config/ocmem/config.jsonc", { text }]]);
  const scene = { files, env: { HOME: "/h" }, probe: new FakeProbe([]) };
  const { out } = await runFake(["config", "--json"], scene);
  const ofFile = JSON.parse(out).options.filter(({ from }: { from: string }) => from === "file");
  assert.equal(ofFile.length, [...text.matchAll(/"[\w-]+": (?!\{)/g)].length);
  assert.equal((await runFake(["check"], scene)).code, 0);
});

live("the README names every task, dependency, flag, word and format that there is", {}, () => {
  for (const task of Object.keys(denoJson.tasks)) {
    if (task !== "bundle") assert.ok(README.includes(`task ${task}`) || task === "list", task);
  }
  for (const name of Object.keys(denoJson.imports)) {
    assert.ok(README.includes(`npmjs.com/package/${name})`), name);
  }
  for (const [command, { flags, positional }] of Object.entries(COMMANDS)) {
    assert.ok(README.includes(`ocmem ${command}`), command);
    for (const flag of Object.keys(flags)) {
      assert.ok(README.includes(`\`--${flag}`), `--${flag} of ${command}`);
    }
    for (const word of positional?.values ?? []) {
      assert.ok(new RegExp(`\\b${word}\\b`).test(README), `${word} of ${command}`);
    }
  }
  for (const { values } of [checkFlags.format, trackFlags().format, watchFlags().format]) {
    for (const format of values) assert.ok(README.includes(`\`${format}\``), format);
  }
  for (const name of hookVariables()) {
    assert.ok(README.includes(`\`${name}\``), name);
  }
});
