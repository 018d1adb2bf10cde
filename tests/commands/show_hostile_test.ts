/** What strangers may call themselves, terminals of any width, and what is not to be shown: `ocmem show`. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, MIB, NOW_MS } from "../fake.ts";
import { HOSTILE } from "../report/reported.ts";
import { add, addProject, bytesOf, outsideOf, REFUSED } from "../sessions/made.ts";
import { pure } from "../support.ts";
import { INIT, LEFT, opencode } from "./left_behind.ts";
import { MACHINE, partOf, show, shown } from "./shown.ts";

const STRANGE: readonly FakeProcess[] = [
  { ...INIT, name: HOSTILE },
  { pid: 5, ppid: 1, name: HOSTILE },
  opencode(10, "", {
    ppid: 5,
    cwd: `/${HOSTILE}`,
    exe: `/${HOSTILE}/opencode`,
    argv: ["opencode", HOSTILE],
    ports: [{ address: HOSTILE, port: 1 }],
  }),
  { pid: 11, ppid: 10, name: HOSTILE, exe: null, argv: "denied" },
  { pid: 12, ppid: 1, name: HOSTILE, argv: [HOSTILE], marks: { openCodePid: 7 }, standing: LEFT },
];

/** A database of OpenCode's with a session of any title in that folder. */
function withSession() {
  const file = bytesOf((database) => {
    addProject(database, "p", `/${HOSTILE.toWellFormed()}x`);
    add(database, {
      id: "ses_1",
      directory: "/home/ann/web",
      title: HOSTILE.toWellFormed(),
      updatedAtMs: NOW_MS,
    });
  });
  return outsideOf({ "/home/ann/.local/share/opencode/opencode.db": file }, () => REFUSED);
}

pure("hostile names, arguments, folders, addresses and titles are made harmless", async () => {
  for (const pid of [1, 5, 10, 11, 12]) {
    for (const args of ["", "--wide", "--json", "--show-secrets"]) {
      const { out, err, code } = await show(`${pid} ${args}`, STRANGE);
      assert.deepEqual([err, code], ["", 0]);
      assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u, `${pid} ${args}`);
      assert.ok(out.isWellFormed());
      if (args === "--json") assert.equal(JSON.parse(out).process.pid, pid);
    }
  }
  const { out } = await show("10", MACHINE, { outside: withSession() });
  assert.match(partOf(out, "Sessions").join(" "), /certain session "\\x1b\]0;/);
  assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
});

pure("it fits the terminal, whatever its width, but for what is to be copied", async () => {
  for (const columns of [4, 8, 20, 40, 60, 80, 120]) {
    for (const machine of [MACHINE, STRANGE]) {
      const { out } = await show("10", machine, { size: { columns, rows: 24 } });
      const lines = out.split("\nNext\n")[0]!.split("\n");
      // Titles are a word each, and the first line says which process this is.
      const body = lines.slice(1).filter((line) => !/^[A-Z][a-z]+$/.test(line));
      assert.ok(body.length > 20);
      for (const line of body) {
        assert.ok([...line].length <= columns, `${columns}: ${line}`);
      }
    }
  }
});

pure("what is wide is not cut, and a long command line only there", async () => {
  const argv = ["opencode", ...Array.from({ length: 2000 }, (_, i) => `word${i}`)];
  const machine = [opencode(10, "", { argv })];
  const narrow = partOf((await show("10 --no-sessions", machine)).out, "Process").join("\n");
  assert.match(narrow, /…\ndirectory/);
  assert.ok(narrow.length < 2500);
  const wide = (await show("10 --no-sessions --wide", machine)).out;
  assert.match(wide, / word1999$/m);
});

pure(
  "a path that is longer than its line goes on in the next, and nothing of it is lost",
  async () => {
    const exe = `/${"folder資/".repeat(9)}🦊`;
    for (let columns = 18; columns <= 100; columns++) {
      const scene = { size: { columns, rows: 24 } };
      const { out } = await show("10 --no-sessions", [{ pid: 10, exe }], scene);
      assert.ok(out.isWellFormed(), out);
      const text = out.replaceAll(/\s+/g, "");
      assert.ok(text.includes(`executable${exe}command`), out);
    }
  },
);

pure("a server of another instance is not asked for its sessions", async () => {
  const outside = withSession();
  const machine = [...MACHINE, opencode(40, "serve --port 4097", { cwd: "/home/ann/api" })];
  const { out } = await show("10", machine, { outside });
  assert.deepEqual(outside.asked.filter((one) => one.includes("4097")), []);
  assert.deepEqual(partOf(out, "Notes"), []);
  const { out: other } = await show("40", machine, { outside: withSession() });
  assert.match(partOf(other, "Notes").join(" "), /^Cannot ask the server of 40 \(server\)/);
});

pure("secrets only if asked for", async () => {
  assert.doesNotMatch((await show("10 --json")).out, /"k"/);
  assert.match((await show("10 --json --show-secrets")).out, /"k"/);
  assert.doesNotMatch((await show("10")).out, /api-key k/);
  assert.match((await show("10 --show-secrets")).out, /api-key k/);
});

pure("colours only where they are asked for, and never alone", async () => {
  const coloured = (await show("10 --color always --no-sessions")).out;
  assert.ok(coloured.startsWith("10  tui, 3 GiB: \x1b[33mwarning\x1b[0m\n"));
  // deno-lint-ignore no-control-regex
  const plain = coloured.replaceAll(/\x1b\[[\d;]*m/g, "");
  assert.equal(plain, (await show("10 --no-sessions")).out);
  const scene = { terminal: true, env: { HOME: "/home/ann", NO_COLOR: "1", LANG: "C.UTF-8" } };
  assert.equal((await show("10 --no-sessions", MACHINE, scene)).out, plain);
});

pure("bars are characters of the locale", async () => {
  const { out } = await show("10 --no-sessions", MACHINE, { env: { LANG: "C" } });
  assert.match(out, /^ {2}anonymous .* 75% {2}#{15}$/m);
});

pure("sessions: of the instance, with the project; nobody is asked for them in vain", async () => {
  const outside = withSession();
  const { out } = await show("11", MACHINE, { outside });
  assert.match(partOf(out, "Sessions").join(" "), /^project .* certain session .* ses_1$/);
  assert.ok(outside.asked.length > 0);
  for (const args of ["10 --no-sessions", "20"]) {
    const unasked = withSession();
    await show(args, MACHINE, { outside: unasked });
    assert.deepEqual(unasked.asked, [], args);
  }
  const { instance } = await shown("10");
  assert.equal(instance.sessions, null);
});

pure("figures that are larger than the footprint are no longer bars than the whole", async () => {
  const parts = [{ kind: "internal", bytes: 300 * MIB, inFootprint: true }] as const;
  const probe = new FakeProbe([opencode(10, "", { memory: 100 * MIB, parts })], "darwin");
  assert.match((await show("10 --no-sessions", probe)).out, /300% {2}█{20}$/m);
});
