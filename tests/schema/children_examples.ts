/** Children of a session for every purpose, with all that can be told of one and with nothing. */

import { FakeProbe, MIB } from "../fake.ts";
import type { Scene } from "../fake_world.ts";
import { outsideOf } from "../sessions/made.ts";
import { HOSTILE, native } from "./machine.ts";

export function withChildren(): Scene {
  const config = { mcp: { [HOSTILE]: { type: "local", command: ["npx", "-y", HOSTILE] } } };
  const of = (
    pid: number,
    argv: readonly string[] | "denied",
    memory: number | "denied" = MIB,
  ) => ({
    ...{ pid, ppid: 10, name: "x", exe: null, argv, memory },
  });
  const machine = [
    native(10, "", { cwd: "/w" }),
    of(11, ["npx", "-y", HOSTILE]),
    { ...of(12, ["node", "/n/below.js"]), ppid: 11 },
    of(13, ["node", "/n/my-mcp.js"]),
    of(14, ["gopls"]),
    of(15, ["prettier", "--write", "/w/x.ts"]),
    of(16, ["/bin/bash", "-c", `npm test -- ${HOSTILE}`]),
    of(17, ["git", "status"]),
    of(18, ["sleep", "9"], "denied"),
    of(19, "denied"),
    { ...native(20, "x something"), ppid: 10 },
  ];
  const files = { "/w/opencode.json": new TextEncoder().encode(JSON.stringify(config)) };
  return { probe: new FakeProbe(machine), env: { HOME: "/h" }, outside: outsideOf(files) };
}
