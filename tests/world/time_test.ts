/** Sleep, and signals to stop. */

import assert from "node:assert/strict";
import { sleep } from "../../src/world/time.ts";
import { runArgs } from "../live/module.ts";
import { Child } from "../live/processes.ts";
import { live, temporaryFolder } from "../support.ts";
import { counting, LONG, NEVER } from "./outside.ts";

live("sleep: ends by itself or by the cut, and leaves neither timer nor listener", {}, async () => {
  const cut = new AbortController();
  const counted = counting(cut.signal);
  for (const ms of [0, 1, 0.3, -5]) await sleep(ms, cut.signal);
  assert.equal(counted.listeners, 0);
  const sleeping = [sleep(LONG, cut.signal), sleep(LONG, cut.signal)];
  assert.equal(counted.listeners, 2);
  cut.abort();
  await Promise.all(sleeping);
  await sleep(LONG, cut.signal);
  assert.equal(counted.listeners, 0);
});

live("sleep: longer than a timer can count is not at once", {}, async () => {
  const cut = new AbortController();
  const order: string[] = [];
  const longest = [2 ** 31, 2 ** 40, Infinity].map((ms) =>
    sleep(ms, cut.signal).then(() => order.push("long"))
  );
  // Timers that overflow wait 1 ms, and those that began before end before.
  await sleep(2, NEVER).then(() => order.push("short"));
  cut.abort();
  await Promise.all(longest);
  assert.deepEqual(order, ["short", "long", "long", "long"]);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  live(
    `onStop: ${signal} is told until it is disposed, and then ends the process`,
    {},
    async () => {
      using folder = temporaryFolder();
      const code = `
      import { onStop } from "SRC/world/time.ts";
      const stdin = Deno.stdin.readable.getReader();
      const stop = onStop((signal) => console.log("asked by " + signal), () => false);
      console.log("ready");
      await stdin.read();
      stop[Symbol.dispose]();
      console.log("disposed");
      await stdin.read();
    `;
      const process = new Deno.Command(Deno.execPath(), {
        args: runArgs(folder.path, code),
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const child = new Child(process);
      try {
        await child.line(/^ready$/);
        for (let i = 0; i < 2; i++) {
          process.kill(signal);
          await child.line(new RegExp(`^asked by ${signal}$`));
        }
        await child.say("go\n");
        await child.line(/^disposed$/);
        process.kill(signal);
        assert.equal((await process.status).signal, signal);
      } finally {
        await child.end();
      }
    },
  );
}
