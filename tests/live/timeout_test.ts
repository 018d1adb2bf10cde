/** `--timeout`: a check ends in time, even while a call into the system hangs. */

import assert from "node:assert/strict";
import { ocmem } from "./command_line.ts";
import { projectModule } from "./module.ts";
import { live, temporaryFolder } from "../support.ts";

const GRANTS = ["--allow-ffi", "--allow-env", "--allow-read", "--allow-write"];

/**
 * A check of a machine on which reading a process's memory never comes back, as where a filesystem of
 * the network is gone. Only a thread of its own can end it.
 */
function hangingCheck(...args: readonly string[]): string {
  return `
    import { run } from "SRC/cli.ts";
    import { endAfter, openProbe, runtime } from "SRC/ffi/open.ts";
    import { openFile } from "SRC/world/files.ts";
    import { outputOf } from "SRC/world/output.ts";
    const args = ${JSON.stringify(["check", "--pid", `${Deno.pid}`, ...args])};
    const hang = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    Deno.exitCode = await run(args, {
      version: "1", args, endAfter, openFile, runtime: runtime(),
      openProbe: () => {
        const probe = openProbe();
        probe.memory = hang;
        return probe;
      },
      nowMs: () => Date.now(),
      elapsedMs: () => performance.now(),
      env: () => undefined, renounce: () => {},
      readFile: () => null,
      size: () => null,
      stdout: outputOf("", Deno.stdout, () => true),
      stderr: outputOf("", Deno.stderr, () => true),
    });`;
}

live("a call that hangs does not keep a plugin from its verdict", {}, async () => {
  const ran = await projectModule(
    hangingCheck("--format", "nagios", "--timeout", "300ms"),
    ...GRANTS,
  );
  assert.deepEqual(ran, {
    code: 3,
    stdout: "OCMEM UNKNOWN - Cannot look at the processes within 300ms. --timeout allows longer\n",
    stderr: "",
  });
});

live("a call that hangs leaves no half-written file", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x.prom`;
  Deno.writeTextFileSync(path, "old");
  const args = ["--format", "prometheus", "--timeout", "300ms", "--output", path];
  const ran = await projectModule(hangingCheck(...args), ...GRANTS);
  assert.equal(ran.code, 3);
  assert.match(ran.stderr, /^ocmem: Cannot look at the processes within 300ms/);
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["x.prom"]);
  assert.equal(Deno.readTextFileSync(path), "old");
});

live(
  "what takes too long is unknown in each format, and said where its reader looks",
  {},
  async () => {
    const within = (...args: readonly string[]) => ocmem("check", "--timeout", "1ms", ...args);
    const text = await within();
    assert.deepEqual([text.code, text.stdout], [3, ""]);
    assert.match(text.stderr, /^ocmem: Cannot look at the processes within 1ms\./);
    const json = await within("--json");
    assert.deepEqual([json.code, json.stdout, JSON.parse(json.stderr).exit_code], [3, "", 3]);
    const nagios = await within("--format", "nagios");
    assert.deepEqual([nagios.code, nagios.stderr], [3, ""]);
    assert.match(nagios.stdout, /^OCMEM UNKNOWN - .*\n$/);
  },
);

live("what is in time is as without", {}, async () => {
  const own = ["check", "--pid", `${Deno.pid}`, "--format", "nagios"];
  const ran = await ocmem(...own, "--timeout", "1m");
  assert.match(ran.stdout, /^OCMEM OK - /);
  assert.deepEqual([ran.code, ran.stderr], [0, ""]);
});
