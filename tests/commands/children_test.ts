/** What runs around sessions, on the command line: who says it, how, and where the names come from. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, MIB, NOW_MS, reading } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";
import { add, bytesOf, openCodeWith, outsideOf, rawFile } from "../sessions/made.ts";
import { HOSTILE, native } from "../schema/machine.ts";
import { pure } from "../support.ts";
import { FileError } from "../../src/errors.ts";

const ENV = { HOME: "/h" };
const CONFIG = "/h/.config/opencode/opencode.json";

function mcp(servers: Readonly<Record<string, readonly string[]>>): string {
  const all = Object.entries(servers)
    .map(([name, command]) => [name, { type: "local", command, environment: { KEY: "s3cret" } }]);
  return JSON.stringify({ mcp: Object.fromEntries(all) });
}

/** A session in /w/app, and what it has started. */
function session(...children: readonly (readonly string[])[]): FakeProcess[] {
  return [
    native(10, "", { cwd: "/w/app", memory: reading(2 ** 30, { uid: 501 }) }),
    ...children.map((argv, i) => ({
      ...{ pid: 100 + i, ppid: 10, name: "x", exe: null, argv, memory: 64 * MIB },
    })),
  ];
}

const COPIES = session(
  ...Array.from({ length: 66 }, () => ["npm exec @x/github-mcp", "", ""]),
  ["gopls"],
);

interface Case extends Scene {
  readonly machine?: readonly FakeProcess[];
  readonly files?: never;
  readonly texts?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

async function shown(args: string, rest: Case = {}): Promise<Ran & { asked: readonly string[] }> {
  const { machine = COPIES, texts = {}, uid = 501, ...scene } = rest;
  const files = Object.entries(texts).map(([path, text]) =>
    [path, new TextEncoder().encode(text)] as const
  );
  const outside = outsideOf(Object.fromEntries(files), undefined, uid);
  const probe = new FakeProbe(machine);
  const ran = await runFake(args.split(" "), { probe, env: ENV, outside, ...scene });
  return { ...ran, asked: outside.asked.filter((path) => !path.includes(".db")) };
}

/** Names and counts of an instance's groups. */
async function groups(rest: Case, args = "list --json"): Promise<unknown[]> {
  const { out, err } = await shown(args, rest);
  assert.equal(err, "");
  return JSON.parse(out).instances[0].children
    .map(({ name, count }: { name: string; count: number }) => [name, count]);
}

const GITHUB = { [CONFIG]: mcp({ github: ["npx", "-y", "@x/github-mcp"] }) };

pure("66 copies of one MCP server are one line, with its name and all their memory", async () => {
  const { out, err, code } = await shown("list --wide", { texts: GITHUB });
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.split("\n").filter((line) => /^ {7}\S/.test(line)).map((line) => line.trim());
  assert.deepEqual(lines, [
    '66 × MCP server "github", 4.13 GiB: npm exec @x/github-mcp',
    "LSP Go (gopls), 64 MiB",
  ]);
  for (const columns of [1, 8, 20, 40, 80]) {
    const { out } = await shown("list", { texts: GITHUB, size: { columns, rows: 24 } });
    assert.ok(out.split("\n").slice(2).every((line) => [...line].length <= columns), `${columns}`);
  }
  assert.match(
    (await shown("check --sessions", { texts: GITHUB })).out,
    /66 × MCP server "github"/,
  );
});

pure("JSON has it for the instance and for each process; a plain check asks nobody", async () => {
  const { out } = await shown("list --json", { texts: GITHUB });
  const [{ children, processes }] = JSON.parse(out).instances;
  const purpose = {
    kind: "mcp",
    name: "github",
    language: null,
    command: "npm exec @x/github-mcp",
  };
  assert.deepEqual(children[0], { ...purpose, count: 66, footprint_bytes: 66 * 64 * MIB });
  assert.deepEqual(children[1].language, "Go");
  assert.deepEqual(processes[0].purpose, null);
  // Its command line stands there already.
  assert.deepEqual(processes[1].purpose, { ...purpose, command: null });
  const plain = await shown("check --json", { texts: GITHUB });
  const [instance] = JSON.parse(plain.out).instances;
  assert.deepEqual([instance.children, instance.processes[1].purpose, plain.asked], [
    null,
    null,
    [],
  ]);
  // No grant, no file: what command lines tell by themselves.
  const alone = await shown("list --json --no-sessions", { texts: GITHUB });
  assert.deepEqual(alone.asked, []);
  assert.deepEqual(
    JSON.parse(alone.out).instances[0].children.map((one: { name: string | null }) => one.name),
    [null, "gopls"],
  );
});

pure("what runs below a shell of a tool says what that was told to run", async () => {
  const machine = [
    ...session(["/bin/bash", "-c", "npm test && x"]),
    { pid: 200, ppid: 100, name: "node", argv: ["node", "/w/vitest.js"] },
  ];
  const [{ processes }] = JSON.parse((await shown("list --json", { machine })).out).instances;
  const purpose = { kind: "shell", name: "bash", language: null, command: "npm test && x" };
  assert.deepEqual([processes[1].purpose, processes[2].purpose], [purpose, purpose]);
});

pure("project configuration counts more than the global one, as OpenCode has it", async () => {
  const machine = session(["a"], ["b"], ["c"], ["d"], ["e"]);
  const cases: readonly (readonly [Readonly<Record<string, string>>, readonly unknown[]])[] = [
    [{ [CONFIG]: mcp({ one: ["a"], two: ["b"] }), "/w/app/opencode.json": mcp({ one: ["c"] }) }, [
      ...[["two", 1], ["one", 1]],
    ]],
    [{
      "/w/opencode.jsonc": mcp({ up: ["a"] }),
      "/opencode.json": mcp({ top: ["b"] }),
      "/w/app/.opencode/opencode.json": mcp({ hidden: ["c"] }),
      "/h/.opencode/opencode.jsonc": mcp({ home: ["d"] }),
      "/h/.config/opencode/config.json": mcp({ old: ["e"] }),
    }, [["up", 1], ["top", 1], ["hidden", 1], ["home", 1], ["old", 1]]],
    // Above the repository nothing counts.
    [{ "/w/app/.git": "gitdir: x", "/w/opencode.json": mcp({ up: ["a"] }) }, []],
    [{ "/w/app/.git/HEAD": "x", "/w/opencode.json": mcp({ up: ["a"] }) }, []],
  ];
  for (const [texts, expected] of cases) {
    const named = (await groups({ machine, texts })).filter((one) =>
      !["a", "b", "c", "d", "e"].includes((one as string[])[0]!)
    );
    assert.deepEqual(named, expected);
  }
  const env = { HOME: "/h", XDG_CONFIG_HOME: "/c" };
  const texts = { "/c/opencode/opencode.json": mcp({ one: ["a"] }), [CONFIG]: mcp({ no: ["b"] }) };
  assert.deepEqual((await groups({ machine, texts, env }))[0], ["one", 1]);
  assert.equal((await groups({ machine, texts, env: {} })).length, 5);
});

pure("of another user's session no configuration is read", async () => {
  const { out, asked } = await shown("list --json", { texts: GITHUB, uid: 502 });
  assert.equal(JSON.parse(out).instances[0].children[0].name, null);
  assert.deepEqual(asked, []);
});

pure(
  "nothing of the configuration is told but names, and no secret of a command line",
  async () => {
    const secret = "sk-abcdefghijklmnopqrst";
    const command = ["node", "/x/server.js", "--token", "hunter2", `KEY=${secret}`];
    const machine = session(command, ["bash", "-c", "deploy --password hunter2; x"]);
    const texts = { [CONFIG]: mcp({ mine: command }) };
    for (const args of ["list --json", "list --wide", "list --format ndjson", "check --sessions"]) {
      const { out } = await shown(args, { machine, texts });
      assert.doesNotMatch(out, /hunter2|s3cret|sk-abc/, args);
      assert.match(out, /deploy --password \*\*\*; x/, args);
    }
    const open = await shown("list --wide --show-secrets", { machine, texts });
    assert.match(open.out, /MCP server "mine", 64 MiB: node \/x\/server\.js --token hunter2/);
    assert.doesNotMatch(open.out, /s3cret/);
  },
);

pure("names and commands of strangers are harmless, however long", async () => {
  const long = "ü😀".repeat(5000);
  const machine = session(["sh", "-c", HOSTILE], ["srv", HOSTILE], ["sh", "-c", long], [long]);
  const texts = { [CONFIG]: mcp({ [HOSTILE]: ["srv", HOSTILE], __proto__: ["x"] }) };
  for (const args of ["list --wide", "list --json", "list --format ndjson", "check --sessions"]) {
    const { out } = await shown(args, { machine, texts });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/, args);
    assert.match(out, /MCP server "\\x1b|"name": ?"\\\\x1b/, args);
  }
  const { out } = await shown("list --json", { machine, texts });
  for (const { command, name } of JSON.parse(out).instances[0].children) {
    assert.ok(command.length < 1100 && command.isWellFormed());
    assert.ok(name === null || name.length < 500);
  }
});

pure("what can't be read is a note, and fails nothing", async () => {
  const big = "x".repeat(256 * 1024 + 1);
  const many = Object.fromEntries(
    ["/w/opencode.json", "/w/app/opencode.json", "/w/app/.opencode/opencode.json", "/opencode.json"]
      .concat("/w/app/.opencode/opencode.jsonc")
      .map((path) => [path, `{}${" ".repeat(256 * 1024 - 2)}`]),
  );
  const refuse = (error: Error) => ({
    ...outsideOf({}, undefined, 501),
    openRaw: (path: string) =>
      path.includes("opencode.json") ? Promise.reject(error) : Promise.resolve(null),
  });
  const endless = {
    ...rawFile(new Uint8Array(0)),
    size: () => 50 * MIB,
    read: () => assert.fail(),
  };
  const cases: readonly (readonly [Case, RegExp])[] = [
    [
      { texts: { [CONFIG]: "{ nonsense s3cret" } },
      /Cannot read MCP servers in \/h\/\.config\/opencode\/opencode\.json: it is no JSON with comments \(line 1\)$/,
    ],
    [{ texts: { [CONFIG]: "[".repeat(100_000) } }, /: it is nested too deeply$/],
    [{ texts: { [CONFIG]: big } }, /: it is larger than 256 KiB$/],
    [{ texts: many }, /\/w\/app\/\.opencode\/opencode\.jsonc: there is too much of it$/],
    [
      { outside: { ...refuse(new Error("")), openRaw: () => Promise.resolve(endless) } },
      / and \d+ more: it is larger than 256 KiB$/,
    ],
    [
      { outside: refuse(new FileError("it is no plain file")) },
      / and \d+ more: it is no plain file$/,
    ],
    [
      { outside: refuse(new FileError("it can't be read: permission denied")) },
      /permission denied$/,
    ],
  ];
  for (const [scene, expected] of cases) {
    for (const args of ["list --json", "check --json --sessions"]) {
      const { out, err, code } = await shown(args, scene);
      assert.deepEqual([code, err], [0, ""]);
      const { notes, instances } = JSON.parse(out);
      const own = notes.filter((note: string) => note.includes("MCP"));
      assert.equal(own.length, 1);
      assert.match(own[0], expected);
      assert.doesNotMatch(own[0], /s3cret/);
      assert.equal(instances[0].children[0].count, 66);
    }
  }
});

pure("a file is read once, and when that takes too long the rest is left", async () => {
  const machine = [
    ...session(["gopls"]),
    native(20, "", { cwd: "/w/app" }),
    { pid: 21, ppid: 20, name: "gopls" },
    // Nothing runs around this one.
    native(30, "", { cwd: "/elsewhere" }),
  ];
  const { asked } = await shown("list --json", { machine, texts: GITHUB });
  assert.deepEqual([...new Set(asked)].sort(), [...asked].sort());
  assert.ok(asked.includes("/w/opencode.json"));
  assert.ok(!asked.some((path) => path.startsWith("/elsewhere")));
  let now = 0;
  const slow = await shown("list --json", { machine, texts: GITHUB, elapsedMs: () => now += 60 });
  assert.ok(slow.asked.length < asked.length);
  assert.match(
    JSON.parse(slow.out).notes.join(),
    /all of OpenCode's configuration: it takes too long/,
  );
});

pure("a crowd of purposes is cut, and says how many are left", async () => {
  const many = session(...Array.from({ length: 12 }, (_, i) => ["sh", "-c", `work ${i}`]));
  const { out } = await shown("list", { machine: many });
  assert.equal(out.match(/^ {7}shell/gm)!.length, 8);
  assert.match(out, /^ {7}and 4 others$/m);
  const nine = await shown("list", { machine: many.slice(0, 10) });
  assert.equal(nine.out.match(/^ {7}shell/gm)!.length, 9);
  assert.doesNotMatch(nine.out, /others/);
});

pure("a server's sessions tell where else its MCP servers may come from", async () => {
  const machine = [
    native(10, "serve --port 4096", { cwd: "/w/app", memory: reading(2 ** 30, { uid: 501 }) }),
    { pid: 11, ppid: 10, name: "x", argv: ["srv"] },
  ];
  const answer = openCodeWith([
    { id: "ses_1", title: "x", location: { directory: "/w/other" }, time: { updated: 1 } },
  ]);
  const files = {
    "/w/other/opencode.json": new TextEncoder().encode(mcp({ far: ["srv"] })),
    "/h/.local/share/opencode/opencode.db": bytesOf(() => {}),
  };
  const outside = outsideOf(files, answer, 501);
  assert.deepEqual(await groups({ machine, outside }), [["far", 1]]);
});

pure("the screen of watch shows them where there is room, sessions before them", async () => {
  const machine = session(["npm exec @x/github-mcp"], ["npm exec @x/github-mcp"], ["gopls"]);
  const files = {
    [CONFIG]: new TextEncoder().encode(GITHUB[CONFIG]),
    "/h/.local/share/opencode/opencode.db": bytesOf((database) =>
      add(database, { id: "ses_1", directory: "/w/app", title: "Mine", updatedAtMs: NOW_MS })
    ),
  };
  const outside = outsideOf(files, undefined, 501);
  const screen = async (rows: number) => {
    const size = { columns: 100, rows };
    const args = ["watch", "--interval", "1s", "--count", "3"];
    const probe = new FakeProbe(machine);
    const { out, err } = await runFake(args, { probe, env: ENV, outside, terminal: true, size });
    assert.equal(err, "");
    return [/2 × MCP server "github", 128 MiB/.test(out), /session "Mine"/.test(out)];
  };
  assert.deepEqual(await screen(30), [true, true]);
  // Titles, four processes, a session, the frame and the event: no line is left.
  assert.deepEqual(await screen(11), [false, true]);
  assert.deepEqual(await screen(10), [false, false]);
});
