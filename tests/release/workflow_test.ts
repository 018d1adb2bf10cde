/** The workflows: what actionlint and bash say of them, and what they must have in common with the rest. */

import assert from "node:assert/strict";
import { TARGETS } from "../../release/targets.ts";
import { finished } from "../live/command_line.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { lint, scriptOf, stepsOf, textOf, workflowOf, WORKFLOWS } from "./workflow.ts";

const RELEASE = workflowOf("release.yml");

for (const name of WORKFLOWS) {
  live(`${name}: actionlint has nothing to say`, {}, async () => {
    assert.deepEqual(await lint(textOf(name)), []);
  });

  live(`${name}: no text from outside becomes a part of a script`, {}, () => {
    for (const { where, step } of stepsOf(workflowOf(name))) {
      assert.ok(!step.run?.includes("${{"), where);
    }
  });

  live(`${name}: bash understands its scripts`, { bash: hasProgram("bash") }, async () => {
    for (const { where, step } of stepsOf(workflowOf(name))) {
      const { code, stderr } = await finished("bash", ["-n", "-c", step.run ?? ""]);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" }, where);
    }
  });
}

live("actionlint sees what is wrong", {}, async () => {
  const text = textOf("release.yml");
  const wrong: [string, string, RegExp][] = [
    ["needs: build", "needs: bild", /job "assemble" needs job "bild" which does not exist/],
    ["contents: read", "contents: reed", /"reed" is invalid for permission of scope "contents"/],
    ["matrix.os", "matrix.oz", /property "oz" is not defined/],
    ["pattern: ocmem-*", "patern: ocmem-*", /input "patern" is not defined in action/],
    ["macos-15 }", "macos-5 }", /label "macos-5" is unknown/],
    ["steps.version.outputs", "steps.versoin.outputs", /property "versoin" is not defined/],
    ["runner.os", "runner.ox", /property "ox" is not defined/],
    ["timeout-minutes", "timeout-minute", /unexpected key "timeout-minute"/],
    ['"$PROGRAM"', "${{ github.event.head_commit.message }}", /is potentially untrusted/],
  ];
  for (const [right, bad, said] of wrong) {
    assert.ok(text.includes(right), right);
    const found = await lint(text.replace(right, bad));
    assert.ok(found.some((one) => said.test(one)), `${bad}: ${found.join("\n")}`);
  }
});

live("scripts satisfy shellcheck", { shellcheck: hasProgram("shellcheck") }, async () => {
  using folder = temporaryFolder();
  const files = ["release/sign.sh", "release/try.sh"];
  for (const [index, { step }] of WORKFLOWS.map(workflowOf).flatMap(stepsOf).entries()) {
    const file = `${folder.path}/${index}.sh`;
    // GitHub runs a script so.
    Deno.writeTextFileSync(file, `#!/usr/bin/env bash\nset -eo pipefail\n${step.run ?? ""}\n`);
    files.push(file);
  }
  const { code, stdout } = await finished("shellcheck", files);
  assert.equal(stdout, "");
  assert.equal(code, 0);
});

live("a release has the executables that there are, each built on its own kind", {}, () => {
  const rows = RELEASE.jobs.build!.strategy!.matrix.include;
  assert.deepEqual(rows.map(({ target }) => target), TARGETS.map(({ triple }) => triple));
  // GitHub's names for its machines: macOS is arm64 unless it says intel, Ubuntu x64 unless arm.
  for (const { target, os } of rows) {
    const { os: system, arch } = TARGETS.find(({ triple }) => triple === target)!;
    const mac = arch === "aarch64" ? /^macos-\d+$/ : /^macos-\d+-intel$/;
    const ubuntu = arch === "aarch64" ? /^ubuntu-[\d.]+-arm$/ : /^ubuntu-[\d.]+$/;
    assert.match(os!, system === "darwin" ? mac : ubuntu, target);
  }
});

live("the version of Deno is one", {}, () => {
  const files = [".ci/run", "README.md", ".github/workflows/release.yml"];
  const versions = files.flatMap((file) =>
    [...Deno.readTextFileSync(ROOT + file).matchAll(/\bdeno@([\w.-]+)/g)].map(([, one]) => one!)
  );
  assert.ok(versions.length >= files.length);
  assert.deepEqual([...new Set(versions)], [versions[0]]);
});

live("actions are pinned to commits, with their versions, each to one", {}, () => {
  const pins = new Map<string, string>();
  for (const [, action, pin] of textOf("release.yml").matchAll(/uses: ([^@\s]+)@(.*)$/gm)) {
    assert.match(pin!, /^[\da-f]{40} # v\d+\.\d+\.\d+$/, action);
    assert.equal(pins.get(action!) ?? pin, pin, action);
    pins.set(action!, pin!);
    // Whoever may write the release, or knows its secrets, is GitHub or this project.
    assert.match(action!, /^actions\//);
  }
  assert.equal(pins.size, 5);
});

live("only publishing may write, after a push of a tag, and it runs nothing of others", {}, () => {
  assert.deepEqual(Object.keys(RELEASE.on), ["push", "workflow_dispatch"]);
  assert.deepEqual(RELEASE.on.push, { tags: ["v*"] });
  assert.deepEqual(RELEASE.permissions, { contents: "read" });
  const { publish, ...others } = RELEASE.jobs;
  for (const [name, job] of Object.entries(others)) assert.equal(job.permissions, undefined, name);
  assert.equal(publish!.if, "github.event_name == 'push'");
  const mayWrite = { contents: "write", "id-token": "write", attestations: "write" };
  assert.deepEqual(publish!.permissions, mayWrite);
  for (const { uses = "", run = "" } of publish!.steps) {
    assert.doesNotMatch(`${uses} ${run}`, /checkout|setup-node|DENO|npx|release\/|"\$PROGRAM"/);
  }
  const checkouts = stepsOf(RELEASE).filter(({ step }) => step.uses?.includes("/checkout@"));
  for (const { where, step } of checkouts) {
    assert.equal(step.with?.["persist-credentials"], false, where);
  }
});

live("a step has a secret only if there is one, and what comes after has none", {}, () => {
  const secret = /secrets\.(\w+)/;
  const known = { MACOS_CERTIFICATE: "HAS_IDENTITY", NOTARY_KEY: "HAS_NOTARY" };
  const { env, steps } = RELEASE.jobs.build!;
  for (const [name, guard] of Object.entries(known)) {
    assert.equal(env![guard], `\${{ secrets.${name} != '' }}`);
  }
  const withSecrets = steps.filter((step) => secret.test(JSON.stringify(step)));
  assert.deepEqual(withSecrets.map(({ name }) => name), ["Take the identity", "Notarise"]);
  for (const { name, if: condition, env } of withSecrets) {
    for (const text of Object.values(env!)) {
      const guard = secret.exec(text)![1]!.startsWith("NOTARY") ? "HAS_NOTARY" : "HAS_IDENTITY";
      assert.ok(condition!.includes(`env.${guard} == 'true'`), name);
    }
  }
  // Elsewhere there is none, nor a name that the head of the file does not explain.
  const names = [...textOf("release.yml").matchAll(/secrets\.(\w+)/g)].map(([, name]) => name!);
  const [head = ""] = textOf("release.yml").split("\nname:");
  for (const name of names) assert.match(head, new RegExp(`^#.*\\b${name}\\b`, "m"));
  const { build: _, ...others } = RELEASE.jobs;
  assert.doesNotMatch(JSON.stringify(others), secret);
  // The identity is gone before the tests, which are made of packages too.
  const order = steps.map(({ name }) => name).filter((name) => name !== undefined);
  const after = ["Build", "Take the identity", "Sign", "Notarise", "Forget the identity", "Try"];
  assert.deepEqual(order, [...after, "Test"]);
  assert.match(scriptOf(RELEASE, "build", "Forget the identity"), /security delete-keychain/);
});
