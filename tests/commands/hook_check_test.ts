/** A hook that can't run is known before anything happens. */

import assert from "node:assert/strict";
import { execute } from "../../src/world/shell.ts";
import { FakeProbe, GIB } from "../fake.ts";
import { type FakeFile, runFake } from "../fake_world.ts";
import { hasProgram, live, pure, temporaryFolder } from "../support.ts";
import { openCode } from "./running.ts";

/** Watches for one look, with hooks run by the real shell. */
function watchWith(exec: string, env: Readonly<Record<string, string>> = {}) {
  const probe = new FakeProbe([openCode(GIB)]);
  return runFake(["watch", "--count", "1", "--exec", exec], {
    probe,
    execute,
    checkHook: execute,
    env,
  });
}

const SHELL = { sh: hasProgram("sh") };

const BAD: readonly (readonly [string, RegExp])[] = [
  ["/no/such/hook", /Cannot use --exec "\/no\/such\/hook": there is no command \/no\/such\/hook/],
  ["nosuchcommandanywhere --flag", /there is no command nosuchcommandanywhere/],
  ["  nosuchcommandanywhere; true", /there is no command nosuchcommandanywhere/],
  ["~/hook", /there is no command ~\/hook/],
  ["if true; then", /the shell does not understand it: /],
  ["true; (", /the shell does not understand it: /],
  ["echo 'open", /the shell does not understand it: /],
];

for (const [exec, sentence] of BAD) {
  live(`a hook that can't run: ${exec}`, SHELL, async () => {
    const ran = await watchWith(exec, { HOME: "/nonexistent" });
    assert.deepEqual([ran.code, ran.out], [64, ""]);
    assert.match(ran.err, sentence);
  });
}

const GOOD = [
  "true",
  ":",
  '[ "$OCMEM_LEVEL" = critical ] || true',
  "X=1 nosuchcommandanywhere || true",
  '"$SHELL_OF_LATER" || true',
  "if true; then true; fi",
  "{ true; }",
  "(true)",
  "# a comment\ntrue",
  "! false",
];

for (const exec of GOOD) {
  live(`a hook that may run: ${JSON.stringify(exec)}`, SHELL, async () => {
    const ran = await watchWith(exec);
    assert.equal(ran.err, "");
    assert.doesNotMatch(ran.out, /trouble/);
  });
}

live("a hook in the home folder is found, and looking for it runs nothing", SHELL, async () => {
  using folder = temporaryFolder();
  const hook = `${folder.path}/hook`;
  Deno.writeTextFileSync(hook, `#!/bin/sh\necho "$OCMEM_EVENT" >> '${folder.path}/ran'\n`, {
    mode: 0o755,
  });
  const env = { HOME: folder.path };
  // Were it run to see whether it can, a file would be there; the fake World starts nothing else.
  const refused = await watchWith("~/hook; (", env);
  assert.equal(refused.code, 64);
  assert.throws(() => Deno.statSync(`${folder.path}/ran`), Deno.errors.NotFound);
  assert.equal((await watchWith("~/hook || true", env)).code, 0);
});

live("a hook is read before anything happens, and not run", SHELL, async () => {
  using folder = temporaryFolder();
  const exec = `touch '${folder.path}/ran'`;
  const probe = new FakeProbe([]);
  const ran = await runFake(["watch", "--count", "1", "--exec", exec], {
    probe,
    checkHook: execute,
  });
  assert.equal(ran.code, 0);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});

pure("the mistake is of who made it: the options file, a variable", async () => {
  const missing = { kind: "done", code: 127, output: "" } as const;
  const scene = { checkHook: () => Promise.resolve(missing), probe: new FakeProbe([]) };
  const path = "/c/ocmem/config.jsonc";
  const files = new Map<string, FakeFile>([[path, { text: '{ "watch": { "exec": "nohook" } }' }]]);
  const ofFile = await runFake(["watch"], { ...scene, files, env: { XDG_CONFIG_HOME: "/c" } });
  assert.equal(ofFile.code, 78);
  assert.match(
    ofFile.err,
    /"watch\.exec" in \/c\/ocmem\/config\.jsonc, line 1, "nohook": there is no/,
  );
  const ofVariable = await runFake(["watch"], { ...scene, env: { OCMEM_EXEC: "nohook" } });
  assert.equal(ofVariable.code, 64);
  assert.match(ofVariable.err, /Cannot use OCMEM_EXEC "nohook": there is no command nohook/);
});

pure("where the shell may not be started, watching begins all the same", async () => {
  const refused = { kind: "refused", reason: "not granted" } as const;
  const ran = await runFake(["watch", "--count", "1", "--exec", "x"], {
    execute: () => Promise.resolve(refused),
    checkHook: () => Promise.resolve(refused),
    probe: new FakeProbe([openCode(GIB)]),
  });
  assert.equal(ran.code, 0);
  assert.match(ran.out, /trouble .*not granted/);
});
