/** The README's recipes, as they stand, and its tables against the program. */

import assert from "node:assert/strict";
import denoJson from "../deno.json" with { type: "json" };
import { COMMANDS } from "../src/cli/command_table.ts";
import { hookEnvironment } from "../src/report/hook_environment.ts";
import { documented, finished, ocmem } from "./live/command_line.ts";
import { hasProgram, live, ROOT } from "./support.ts";

const README = Deno.readTextFileSync(`${ROOT}README.md`);

const recipes = README.split("### jq")[1]!.split("```sh\n")[1]!.split("```")[0]!.trim().split("\n");

for (const recipe of recipes) {
  live(`recipe: ${recipe}`, { jq: hasProgram("jq"), bash: hasProgram("bash") }, async () => {
    // A machine without OpenCode has nothing to show: this process stands in for it.
    const command = documented().map((word) => `'${word}'`).join(" ");
    const script = recipe.replace(/^ocmem (\w+)/, `${command} $1 --pid ${Deno.pid}`);
    const ran = await finished("bash", ["-c", script]);
    assert.equal(ran.stderr, "");
    assert.equal(ran.code, 0);
    if (!recipe.includes("select(")) assert.notEqual(ran.stdout.trim(), "");
    assert.doesNotMatch(ran.stdout, /^null$/m);
  });
}

const GAP = {
  atMs: 0,
  kind: "gap",
  message: "",
  subject: null,
  standing: null,
  detail: { kind: "gap", gap: { kind: "slept", ms: 0 } },
} as const;

live("the README names every task, dependency and flag that there is", {}, async () => {
  for (const task of Object.keys(denoJson.tasks)) {
    if (task !== "bundle") assert.ok(README.includes(`task ${task}`) || task === "list", task);
  }
  for (const name of Object.keys(denoJson.imports)) {
    assert.ok(README.includes(`npmjs.com/package/${name})`), name);
  }
  for (const command of Object.keys(COMMANDS)) {
    const { stdout } = await ocmem(command, "--help");
    const flags = [...stdout.matchAll(/^ +\[(--[a-z-]+)\]/gm)].map(([, flag]) => flag!);
    assert.ok(flags.length > 3);
    for (const flag of flags) assert.ok(README.includes(`\`${flag}`), `${flag} of ${command}`);
  }
  for (const name of Object.keys(hookEnvironment(GAP))) {
    assert.ok(README.includes(`\`${name}\``), name);
  }
});
