/** What strangers may call themselves, and what is not to be shown, in `ocmem orphans`. */

import assert from "node:assert/strict";
import { HOSTILE } from "../report/reported.ts";
import { pure } from "../support.ts";
import { INIT, LEFT, MACHINE, on, opencode } from "./left_behind.ts";

pure("hostile names, arguments and folders are made harmless", async () => {
  const machine = [
    { ...INIT, name: HOSTILE },
    opencode(10, "", { ppid: 1, standing: LEFT, cwd: HOSTILE, argv: ["opencode", HOSTILE] }),
    { pid: 11, ppid: 1, name: HOSTILE, argv: "denied" as const, marks: { openCodePid: 7 } },
  ];
  for (const args of ["", "--wide", "--json", "--show-secrets"]) {
    const { out } = await on(machine, args);
    assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u, args);
    assert.ok(out.isWellFormed());
    if (args === "--json") assert.equal(JSON.parse(out).orphans.length, 2);
  }
  const { out } = await on(machine, "--color never");
  assert.ok(out.split("\n").every((line) => line.length <= 80));
});

pure("colours only for what --fail is about", async () => {
  const { out } = await on([
    INIT,
    opencode(10, "", { ppid: 1, standing: LEFT }),
    opencode(11, "serve", { ppid: 1, standing: LEFT }),
  ], "--color always");
  assert.ok(out.includes(": \x1b[33mlikely an orphan\x1b[0m\n"));
  assert.match(out, /: possibly an orphan\n/);
});

pure("secrets only if asked for", async () => {
  assert.doesNotMatch((await on(MACHINE, "--json")).out, /hunter2/);
  assert.match((await on(MACHINE, "--show-secrets")).out, /hunter2/);
});
