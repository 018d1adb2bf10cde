/** `ocmem orphans` weighs the sessions of what may have been left behind, and of nothing else. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, NOW_MS } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";
import { HOSTILE } from "../report/reported.ts";
import { add, bytesOf, type Made, openCodeWith, outsideOf } from "../sessions/made.ts";
import { pure } from "../support.ts";
import { INIT, LEFT, opencode } from "./left_behind.ts";

const MINUTE = 60_000;
const STORE = "/home/ann/.local/share/opencode/opencode.db";
const left = (pid: number, args: string, rest: Partial<FakeProcess> = {}) =>
  opencode(pid, args, {
    ...{ ppid: 1, standing: LEFT, cwd: "/w", startedAtMs: NOW_MS - 30 * MINUTE },
    ...rest,
  });

function outsideWith(...sessions: readonly Made[]) {
  const file = bytesOf((database) => add(database, ...sessions));
  return outsideOf({ [STORE]: file }, openCodeWith([]));
}

async function on(
  processes: readonly FakeProcess[],
  outside: Scene["outside"],
  args = "--json",
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const probe = new FakeProbe([INIT, ...processes]);
  const words = ["orphans", ...args.split(" ").filter((word) => word)];
  const scene = { probe, outside, env: { HOME: "/home/ann", ...env } };
  return await runFake(words, scene);
}

interface Told {
  readonly conclusion: string;
  readonly evidence: readonly { readonly kind: string; readonly detail: string }[];
  readonly sessions: readonly { readonly id: string; readonly certainty: string }[] | null;
}

/** What is told of the only one: conclusion, whether its lack of a session counts, its sessions. */
async function told(...[processes, outside, args, env]: Parameters<typeof on>): Promise<string> {
  const { out, err, code } = await on(processes, outside, args, env);
  assert.deepEqual([err, code], ["", 0]);
  const orphans: readonly Told[] = JSON.parse(out).orphans;
  assert.equal(orphans.length, 1);
  const { conclusion, evidence, sessions } = orphans[0]!;
  const none = evidence.find(({ kind }) => kind === "no_open_session");
  if (none) assert.equal(none.detail, "no session was active in it since it started");
  const held = sessions?.map(({ id, certainty }) => ` ${certainty} ${id}`).join("") ?? " unasked";
  return `${conclusion}${none ? " none" : ""}${held}`;
}

pure(
  "a run without a session since it started is likely an orphan; at work it may be none",
  async () => {
    const run = [left(10, "run x")];
    const at = (minutes: number) =>
      outsideWith({ id: "ses_1", directory: "/w", updatedAtMs: NOW_MS - minutes * MINUTE });
    assert.equal(await told(run, at(31)), "likely none");
    assert.equal(await told(run, at(11)), "possible likely ses_1");
    assert.equal(await told(run, at(31), "--json --no-sessions"), "possible unasked");
    const tui = [left(10, "")];
    assert.equal(await told(tui, at(31)), "likely none");
    assert.equal(await told(tui, at(11)), "likely likely ses_1");
    assert.equal(await told(tui, at(10)), "possible likely ses_1");
    assert.equal(await told([left(10, "--session ses_9")], at(31)), "likely certain ses_9");
    assert.equal(await told([left(10, "attach")], at(31)), "likely");
    assert.equal(await told([left(10, "run x --attach http://h")], at(31)), "possible");
  },
);

pure("--fail heeds what sessions make of it", async () => {
  const run = [left(10, "run x")];
  const code = async (args: string) => (await on(run, outsideWith(), args)).code;
  assert.deepEqual([await code("--fail"), await code("--fail --no-sessions")], [1, 0]);
});

pure("a server that lists none has none, and one that can't be asked is not known", async () => {
  const dead = { marks: { openCodePid: 7 } };
  const server = [left(20, "serve --port 4096", dead)];
  assert.equal(await told(server, outsideWith()), "likely none");
  assert.equal(await told([left(20, "serve", dead)], outsideWith()), "likely");
  const busy = outsideOf(
    { [STORE]: bytesOf(() => {}) },
    openCodeWith([{ id: "ses_1" }], { ses_1: {} }),
  );
  assert.equal(await told(server, busy), "possible shared ses_1");
});

pure("a database that can't be read wholly is a note, and speaks for nothing", async () => {
  const run = [left(10, "run x")];
  const cases: readonly [Scene["outside"], RegExp, Record<string, string>?][] = [
    [outsideOf({}), /^Cannot read sessions: there is no opencode\.db in /],
    [outsideOf({ [STORE]: new Uint8Array(99) }), /opencode\.db: nothing is in it yet$/],
    [outsideWith(), /OPENCODE_DB=:memory:/, { OPENCODE_DB: ":memory:" }],
    [outsideWith(), /in \/gone\.db: it is not there$/, { OPENCODE_DB: "/gone.db" }],
  ];
  for (const [outside, expected, env] of cases) {
    assert.equal(await told(run, outside, "--json", env), "possible");
    const { out } = await on(run, outside, "--json", env);
    const { notes } = JSON.parse(out);
    assert.equal(notes.length, 1);
    assert.match(notes[0], expected);
    const text = await on(run, outside, "--wide", env);
    assert.ok(text.out.endsWith(`\n\n  ${notes[0]}\n`), text.out);
  }
});

pure("nothing is read where there is no suspect, or none that holds sessions", async () => {
  const child: FakeProcess = { pid: 12, ppid: 1, name: "node", marks: { openCodePid: 7 } };
  for (const machine of [[], [opencode(9, "", { cwd: "/w" })], [child], [left(11, "auth")]]) {
    const outside = outsideWith();
    const { out } = await on(machine, outside);
    assert.deepEqual([outside.asked, JSON.parse(out).notes], [[], []]);
  }
  const outside = outsideWith();
  await on([left(10, ""), opencode(9, "serve --port 4096")], outside);
  assert.deepEqual(outside.asked.filter((one) => one.startsWith("http")), []);
  assert.ok(outside.asked.includes(STORE));
});

pure("what is no suspect counts as who may hold the same session", async () => {
  const outside = outsideWith({ id: "ses_1", directory: "/w", updatedAtMs: NOW_MS - 11 * MINUTE });
  const other = opencode(9, "", { cwd: "/w" });
  assert.equal(await told([left(10, ""), other], outside), "likely shared ses_1");
});

pure("text shows what would end with it, harmless and within its width", async () => {
  const title = `Fix the login ${HOSTILE}`;
  const outside = outsideWith({ id: "ses_1", directory: "/w", title, updatedAtMs: NOW_MS - 5000 });
  const { out } = await on([left(10, "")], outside, "");
  assert.match(out, /\n {4}in \/w\n {4}likely session "Fix the login .*, active 5s ago, ses_1\n/);
  assert.ok(out.split("\n").every((line) => line.length <= 80));
  for (const args of ["", "--wide", "--json"]) {
    const { out } = await on([left(10, "")], outside, args);
    assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u, args);
  }
});
