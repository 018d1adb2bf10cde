/** Commands of the shell, by what Deno has granted. */

import assert from "node:assert/strict";
import { module, runArgs } from "../live/module.ts";
import { live, temporaryFolder } from "../support.ts";
import { LONG } from "./outside.ts";

const EXECUTE = `
import { execute } from "SRC/world/shell.ts";
const never = new AbortController().signal;
const run = (script: string, timeoutMs: number) =>
  execute({ script, args: [], env: { A: "a" }, timeoutMs }, never);
const show = (outcome: unknown) => console.log(JSON.stringify(outcome));
`;

live("shell: without the grant it is refused, and names the flag", {}, async () => {
  const code = `${EXECUTE} show(await run("exit 0", 1000));`;
  const reason = "it is not granted: run with --allow-run=/bin/sh";
  for (const grants of [[], ["--allow-run=/bin/cat"]]) {
    const { stdout, stderr } = await module(code, ...grants);
    assert.deepEqual([JSON.parse(stdout), stderr], [{ kind: "refused", reason }, ""]);
  }
});

live("shell: the grant to run it is enough", {}, async () => {
  const { stdout, stderr } = await module(
    `${EXECUTE} show(await run("echo $A; exit 5", ${LONG})); show(await run("sleep 1000", 1));`,
    "--allow-run=/bin/sh",
  );
  assert.equal(stderr, "");
  assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    { kind: "done", code: 5, output: "a" },
    { kind: "ended", output: "" },
  ]);
});

live("shell: a command does not read what is typed", {}, async () => {
  using folder = temporaryFolder();
  const code = `${EXECUTE} show(await run("cat; echo end", ${LONG}));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: runArgs(folder.path, code, "--allow-run=/bin/sh"),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const said = await new Response(child.stdout).json();
  await child.stdin.close();
  await child.status;
  assert.deepEqual(said, { kind: "done", code: 0, output: "end" });
});

live("shell: a command ends though nothing can be started to end it", {}, async () => {
  const { stdout, stderr } = await module(
    `${EXECUTE}
    const running = run("exec sleep 1000", 1);
    Deno.permissions.revokeSync({ name: "run", command: "/bin/sh" });
    show(await running);`,
    "--allow-run=/bin/sh",
  );
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), { kind: "ended", output: "" });
});
