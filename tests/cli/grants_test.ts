/** What a command line gives up: all that it has no use for. */

import assert from "node:assert/strict";
import { flagsOf } from "../../release/targets.ts";
import { run } from "../../src/cli.ts";
import type { AnyFlags, CommandName } from "../../src/cli/command_table.ts";
import { uselessGrants } from "../../src/cli/grants.ts";
import { FakeProbe } from "../fake.ts";
import { FakeWorld } from "../fake_world.ts";
import { module } from "../live/module.ts";
import { live, pure } from "../support.ts";

pure(
  "only serve and what shows sessions may connect, only hooks and service may start something",
  () => {
    const cases: readonly (readonly [CommandName, AnyFlags, string])[] = [
      ["check", {}, "read write net run"],
      ["check", { output: "x" }, "net run"],
      ["check", { sessions: true }, "write run"],
      ["list", { json: true }, "write run"],
      ["list", { sessions: false }, "read write net run"],
      ["list", { role: ["tui"], top: 1, sessions: false } as AnyFlags, "read write net run"],
      // Folders are compared by their names: nothing is read.
      ["list", { project: ["."], sessions: false } as AnyFlags, "write net run"],
      ["orphans", { fail: true } as AnyFlags, "write run"],
      ["orphans", { fail: true, sessions: false } as AnyFlags, "read write net run"],
      ["track", {}, "read write net run"],
      ["track", { html: "x" } as AnyFlags, "net run"],
      ["track", { session: "ses_1" } as AnyFlags, "write run"],
      ["watch", {}, "write run"],
      ["watch", { sessions: false } as AnyFlags, "read write net run"],
      ["watch", { record: false, sessions: false } as AnyFlags, "read write net run"],
      ["watch", { record: true, sessions: false } as AnyFlags, "net run"],
      ["watch", { exec: "true" } as AnyFlags, "write"],
      ["watch", { notify: true } as AnyFlags, "write"],
      ["serve", {}, "run"],
      ["serve", { exec: "true" } as AnyFlags, ""],
      ["history", {}, "net run"],
      ["config", {}, "write net run"],
      ["service", {}, "net"],
      ["stop", { yes: true, force: true } as AnyFlags, "read write net run"],
      ["watch", { "on-critical": "stop", sessions: false } as AnyFlags, "read write net run"],
      // The history is a file; sessions are asked of servers too.
      ["show", {}, "run"],
      ["show", { sessions: false } as AnyFlags, "net run"],
      ["schema", {}, "read write net run"],
    ];
    for (const [command, flags, given] of cases) {
      assert.equal(uselessGrants(command, flags).join(" "), given, command);
    }
  },
);

pure("it is given up before the machine is looked at, and after the options are read", async () => {
  const told: string[] = [];
  const world = new FakeWorld(
    {
      env: { HOME: "/h" },
      openProbe: () => (told.push("probe"), new FakeProbe([])),
      files: new Map(),
    },
    () => {},
    () => {},
  );
  const renounce = world.renounce.bind(world);
  world.renounce = (grants) => (told.push(`gives up ${grants.join(" ")}`), renounce(grants));
  const readFile = world.readFile.bind(world);
  world.readFile = (path) => (told.push(`reads ${path}`), readFile(path));
  assert.equal(await run(["check"], world), 0);
  assert.deepEqual(told, [
    "reads /h/.config/ocmem/config.jsonc",
    "gives up read write net run",
    "probe",
  ]);
});

/** Gives something up, and then tries everything. */
const script = (grants: string) =>
  `import { renounce } from "SRC/world/grants.ts";
renounce(${grants});
const tries = {
  read: () => Deno.statSync("/"),
  write: () => Deno.removeSync("/nonexistent/file"),
  net: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  run: () => new Deno.Command("/bin/sh", { args: ["-c", ":"] }).outputSync(),
};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    attempt();
    console.log(name, "may");
  } catch (error) {
    console.log(name, error.name === "NotCapable" ? "may not" : "may");
  }
}`;

live("what is given up is refused by the runtime, and the rest is not", {}, async () => {
  const all = ["read", "write", "net", "run"];
  const granted = flagsOf(null).filter((flag) => /^--allow-(?:read|write|net|run)/.test(flag));
  for (const given of [[], ["net"], ["write", "run"], all]) {
    const { stdout, stderr } = await module(script(JSON.stringify(given)), ...granted);
    const expected = all.map((name) => `${name} ${given.includes(name) ? "may not" : "may"}\n`);
    assert.deepEqual([stdout, stderr], [expected.join(""), ""]);
  }
});
