/** How ocmem is started again: by its executable, or by the runtime with the flags that it was given. */

import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import type { FakeProcess } from "../fake.ts";
import { ownCommand } from "../../src/world/own_command.ts";
import { FakeProbe, OWN_PID } from "../fake.ts";
import { pure } from "../support.ts";

/** A machine on which ocmem runs like this. */
function machine(rest: Partial<FakeProcess>): FakeProbe {
  return new FakeProbe([{ pid: OWN_PID, name: "deno", exe: "/opt/deno", ...rest }]);
}

const SOURCE = { isStandalone: false, script: "/src/main.ts" } as const;

pure("from source: the runtime, its flags, the script, and none of ocmem's own arguments", () => {
  const argv = ["deno", "run", "--v8-flags=a,b", "--allow-read", "main.ts", "service", "cron"];
  assert.deepEqual(
    ownCommand({ ...SOURCE, args: ["service", "cron"] }, machine({ argv })),
    ["/opt/deno", "run", "--v8-flags=a,b", "--allow-read", "/src/main.ts"],
  );
  assert.deepEqual(
    ownCommand({ ...SOURCE, args: [] }, machine({ argv: ["deno", "run", "main.ts"] })),
    ["/opt/deno", "run", "/src/main.ts"],
  );
});

pure("as one executable: that alone", () => {
  const probe = machine({ exe: "/opt/ocmem", argv: ["ocmem", "service", "cron"] });
  const running = { isStandalone: true, script: "/anything", args: ["service", "cron"] };
  assert.deepEqual(ownCommand(running, probe), ["/opt/ocmem"]);
});

pure("what the system does not tell is not guessed", () => {
  for (const rest of [{ exe: null }, { argv: "denied" }] as const) {
    assert.throws(() => ownCommand({ ...SOURCE, args: [] }, machine(rest)), UnsupportedError);
  }
});
