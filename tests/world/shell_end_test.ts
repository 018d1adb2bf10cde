/** The end of a command of the shell whose time is up, or that is cut, and of all that it started. */

import assert from "node:assert/strict";
import { execute } from "../../src/world/shell.ts";
import type { Outcome } from "../../src/world.ts";
import { until } from "../live/processes.ts";
import { live, temporaryFolder } from "../support.ts";
import { counting, NEVER, order, runs } from "./outside.ts";

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Runs a script that says when it is `ready` ($READY), and then cuts it. */
async function cutWhenReady(script: string): Promise<Outcome> {
  using folder = temporaryFolder();
  const ready = `${folder.path}/ready`;
  const cut = new AbortController();
  const running = execute(order(script, { env: { READY: ready } }), cut.signal);
  await until("the script", () => exists(ready));
  cut.abort();
  return await running;
}

/** The pids that a script has printed. */
function pidsOf({ output }: Outcome & { readonly output: string }): number[] {
  return output.split("\n").filter((line) => /^\d+$/.test(line)).map(Number);
}

live("shell: its time is up", {}, async () => {
  const outcome = await execute(order("sleep 1000", { timeoutMs: 1 }), NEVER);
  assert.deepEqual(outcome, { kind: "ended", output: "" });
});

live("shell: cut before it began", {}, async () => {
  const outcome = await execute(order("sleep 1000"), AbortSignal.abort());
  assert.deepEqual(outcome, { kind: "ended", output: "" });
});

live("shell: nothing of a command's time is left when it is done", {}, async () => {
  // A timer or listener that stays fails here by the sanitizers, and below by its number.
  const cut = new AbortController();
  const counted = counting(cut.signal);
  await execute(order("exit 0"), cut.signal);
  assert.equal(counted.listeners, 0);
});

live("shell: cut, it ends with its children and theirs", {
  Linux: Deno.build.os === "linux",
}, async () => {
  const outcome = await cutWhenReady(
    `echo $$; sleep 1000 & echo $!; (sleep 1000 & echo $!; : >"$READY"; wait); echo never`,
  );
  assert.ok(outcome.kind === "ended");
  const pids = pidsOf(outcome);
  assert.equal(pids.length, 3);
  for (const pid of pids) await until(`the end of ${pid}`, () => !runs(pid));
  assert.doesNotMatch(outcome.output, /never/);
});

live("shell: who ignores being asked is killed", { Linux: Deno.build.os === "linux" }, async () => {
  const outcome = await cutWhenReady(
    `trap '' TERM; echo $$; sleep 1000 & echo $!; : >"$READY"; while :; do sleep 1000; done`,
  );
  assert.ok(outcome.kind === "ended");
  const pids = pidsOf(outcome);
  assert.equal(pids.length, 2);
  for (const pid of pids) await until(`the end of ${pid}`, () => !runs(pid));
});

live("shell: a child of the command has time to clean up, too", {}, async () => {
  // It begins when the shell itself has ended, and takes a tenth of the time.
  const handler = "while kill -0 $$ 2>/dev/null; do :; done; sleep 0.1; echo cleaned; exit";
  const outcome = await cutWhenReady(
    `(trap '${handler}' TERM; : >"$READY"; while :; do sleep 0.01; done); :`,
  );
  assert.ok(outcome.kind === "ended");
  assert.match(outcome.output, /^cleaned$/m);
});
