/** What to do about it, on the command line: where it shows, and where nobody asks for it. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, NOW_MS, reading } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { large } from "../report/advised.ts";
import { add, bytesOf, outsideOf, REFUSED } from "../sessions/made.ts";
import { pure } from "../support.ts";

const MACHINE: readonly FakeProcess[] = [
  large("", { memory: reading(3 * GIB, { uid: 501 }) }),
  large("", { pid: 20, cwd: "/x", memory: reading(GIB, { uid: 501 }) }),
];
const RESUME = "cd '/w' && opencode --continue";

async function run(args: string, scene: Scene = {}) {
  const words = args.split(" ").filter((word) => word);
  const { out, err, code } = await runFake(words, { probe: new FakeProbe(MACHINE), ...scene });
  assert.equal(err, "");
  return { out, code };
}

async function adviceIn(args: string, scene: Scene = {}) {
  const { instances } = JSON.parse((await run(`${args} --json`, scene)).out);
  return instances.map(({ advice }: { advice: unknown[] | null }) => advice);
}

pure("check says what to do, in text, JSON, NDJSON and Markdown, and in a cron mail", async () => {
  for (const args of ["", "--quiet", "--format ndjson", "--format markdown", "--json"]) {
    const { out, code } = await run(`check ${args}`);
    assert.equal(code, 1);
    assert.ok(out.includes(RESUME), args);
    assert.ok(out.includes("ocmem show 10"), args);
    assert.ok(!out.includes("ocmem show 20"), args);
  }
  const [over, within] = await adviceIn("check");
  assert.deepEqual(over[0], {
    kind: "resume",
    text: "Its session is kept; end it (ocmem stop 10) and go on with it",
    command: RESUME,
  });
  assert.equal(within, null);
});

pure("nothing is said where nobody asks, or nothing is over a limit", async () => {
  const file = (text: string): Scene => ({
    env: { HOME: "/h" },
    files: new Map([["/h/.config/ocmem/config.jsonc", { text }]]),
  });
  const quiet: readonly (readonly [string, Scene])[] = [
    ["check --no-advice", {}],
    ["check", { env: { OCMEM_ADVICE: "no" } }],
    ["check", file('{ "advice": false }')],
    ["check --warning 4GiB", {}],
    ["list --no-sessions", {}],
  ];
  for (const [args, scene] of quiet) {
    assert.deepEqual(await adviceIn(args, scene), [null, null], args);
    assert.ok(!(await run(args, scene)).out.includes("→"), args);
  }
  assert.equal((await adviceIn("check --advice", file('{ "advice": false }')))[0].length, 3);
  for (const format of ["nagios", "csv", "prometheus", "openmetrics"]) {
    assert.doesNotMatch((await run(`check --format ${format}`)).out, /ocmem show|opencode --/);
  }
});

pure("sessions are looked up if they are asked for, and only then", async () => {
  const database = bytesOf((made) =>
    add(made, { id: "ses_5", directory: "/w", updatedAtMs: NOW_MS })
  );
  const outside = outsideOf(
    { "/h/.local/share/opencode/opencode.db": database },
    () => REFUSED,
    501,
  );
  const scene = { env: { HOME: "/h" }, outside };
  assert.ok((await run("check", scene)).out.includes(RESUME));
  assert.deepEqual(outside.asked, []);
  const { out } = await run("check --sessions", scene);
  assert.ok(out.includes("cd '/w' && opencode --session ses_5\n"));
  assert.match(out, /likely session/);
});

pure("text advises on the three largest, JSON on all that are shown", async () => {
  const machine = [1, 2, 3, 4, 5].map((pid) =>
    large("serve", { pid: 10 * pid, memory: (10 - pid) * GIB })
  );
  const probe = () => ({ probe: new FakeProbe(machine) });
  const { out } = await run("check", probe());
  assert.deepEqual(
    [...out.matchAll(/ocmem show (\d+)/g)].map(([, pid]) => Number(pid)),
    [10, 20, 30],
  );
  // Below the reason of each.
  assert.match(
    out,
    /process 30:.*\n(?: +[^ p].*\n)+ +→ All about it: ocmem show 30\n +critical +process 40/,
  );
  const lengths = async (args: string) =>
    (await adviceIn(args, probe())).map((all: unknown[]) => all.length);
  assert.deepEqual(await lengths("check"), [3, 3, 3, 3, 3]);
  assert.deepEqual(await lengths("check --top 2 --sort pid"), [3, 3]);
});

pure("names of others are no markup in Markdown", async () => {
  const name = "<b>*x*`|@ann";
  const machine = [large("", { memory: GIB }), { pid: 11, ppid: 10, name, memory: 3 * GIB }];
  const { out } = await run("check --format markdown", { probe: new FakeProbe(machine) });
  const item = out.split("\n").find((line) => line.startsWith("  - It is helper"))!;
  assert.equal(
    item,
    '  - It is helper "&#60;b&#62;&#42;x&#42;&#96;&#124;&#64;<!-- -->ann" of process 10, ' +
      "not the session, and can be ended alone: `ocmem stop 11`",
  );
});
