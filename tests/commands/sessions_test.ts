/** Projects and sessions on the command line: who shows them, how, and what it costs who does not. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, NOW_MS, reading } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";
import { add, addProject, bytesOf, openCodeWith, outsideOf, REFUSED } from "../sessions/made.ts";
import { HOSTILE, native } from "../schema/machine.ts";
import { pure } from "../support.ts";

const DATA = "/h/.local/share/opencode";
const ENV = { HOME: "/h" };

function stored(title = "Fix the login form"): Uint8Array {
  return bytesOf((database) => {
    addProject(database, "p", "/h/mono");
    add(
      database,
      { id: "ses_1", directory: "/h/mono/web", title, updatedAtMs: NOW_MS - 5000 },
      { id: "ses_2", directory: "/h/mono/api", title: "Review", updatedAtMs: NOW_MS - 90_000 },
    );
  });
}

const MACHINE: readonly FakeProcess[] = [
  native(10, "", { cwd: "/h/mono/web", memory: reading(2 ** 30, { uid: 501 }) }),
  { pid: 11, ppid: 10, name: "gopls", cwd: "/h/mono/web", memory: reading(2 ** 20, { uid: 501 }) },
  native(20, "serve --port 4096", {
    cwd: "/h/mono/api",
    memory: reading(2 ** 29, { uid: 501 }),
    ports: [{ address: "127.0.0.1", port: 4096 }],
  }),
];

interface Case extends Scene {
  readonly machine?: readonly FakeProcess[];
  readonly file?: Uint8Array;
  readonly uid?: number;
}

async function shown(args: string, rest: Case = {}): Promise<Ran & { asked: readonly string[] }> {
  const { machine = MACHINE, file = stored(), uid = 501, ...scene } = rest;
  const answer = openCodeWith([
    {
      id: "ses_3",
      title: "Parser",
      location: { directory: "/h/x" },
      time: { updated: NOW_MS - 1 },
    },
  ], { ses_3: { type: "running" } });
  const outside = outsideOf({ [`${DATA}/opencode.db`]: file }, answer, uid);
  const ran = await runFake(args.split(" "), {
    probe: new FakeProbe(machine),
    env: ENV,
    outside,
    ...scene,
  });
  return { ...ran, asked: outside.asked };
}

pure("list shows the sessions of each instance below it, in any width", async () => {
  const { out, err, code } = await shown("list --wide");
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.split("\n").slice(3).map((line) => line.replace(/ +/g, " ").trim());
  assert.deepEqual(lines.filter((line) => !/^\d/.test(line)), [
    "project ~/mono",
    'likely session "Fix the login form", active 5s ago, ses_1',
    "LSP Go (gopls), 1 MiB",
    "project ~/mono",
    'shared session "Parser", active 0s ago, busy, in ~/x, ses_3',
    'shared session "Review", active 1m 30s ago, ses_2',
    "",
  ]);
  // Behind all processes of its instance.
  assert.match(lines.join("|"), /^10 tui [^|]*\|11 └ child [^|]*\|project [^|]*\|likely /);
  for (const columns of [1, 8, 20, 40, 80, 120]) {
    const { out } = await shown("list", { size: { columns, rows: 24 } });
    const table = out.split("\n").slice(2);
    assert.ok(table.every((line) => [...line].length <= columns), `${columns}: ${out}`);
    assert.equal(table.length, 3 + 1 + 5 + 1 + 1, `${columns}`);
  }
});

pure(
  "JSON has projects, sessions and notes; without them null, and nothing is looked at",
  async () => {
    const { out } = await shown("list --json");
    const { instances, notes } = JSON.parse(out);
    assert.deepEqual(notes, []);
    assert.deepEqual(instances[0].project, { id: "p", worktree: "/h/mono" });
    assert.deepEqual(instances[0].sessions, [{
      id: "ses_1",
      title: "Fix the login form",
      directory: "/h/mono/web",
      certainty: "likely",
      updated_at: new Date(NOW_MS - 5000).toISOString(),
      busy: null,
    }]);
    assert.deepEqual(instances[1].sessions[0].busy, true);
    for (const args of ["list --json --no-sessions", "check --json"]) {
      const { out, asked } = await shown(args);
      const { instances, notes } = JSON.parse(out);
      assert.deepEqual(
        [instances[0].project, instances[0].sessions, notes],
        [null, null, []],
        args,
      );
      assert.deepEqual(asked, [], args);
    }
    const judged = await shown("check --json --sessions");
    assert.equal(JSON.parse(judged.out).instances[0].sessions.length, 1);
    assert.match((await shown("check --sessions")).out, /^OCMEM OK [^]*likely session "Fix/);
    for (const format of ["csv", "markdown"]) {
      assert.equal(
        (await shown(`list --format ${format}`)).code,
        0,
      );
    }
  },
);

pure("titles and ids of strangers are harmless everywhere, however long", async () => {
  const file = bytesOf((database) =>
    add(database, {
      id: `ses_${HOSTILE}`,
      directory: "/h/mono/web",
      title: HOSTILE,
      updatedAtMs: NOW_MS,
    })
  );
  for (const args of ["list --wide", "list --json", "list --format ndjson", "check --sessions"]) {
    const { out } = await shown(args, { file });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/, args);
    assert.match(out, /x1b\]0;x/, args);
  }
  const long = await shown("list --json", { file: stored("ü😀".repeat(5000)) });
  const [{ title }] = JSON.parse(long.out).instances[0].sessions;
  assert.ok(title.length < 500 && title.isWellFormed() && title.endsWith("…"));
});

pure("what can't be found out is a note, and fails nothing", async () => {
  const outside = outsideOf({ [`${DATA}/opencode.db`]: stored() }, () => REFUSED, 501);
  const cases: readonly [Case, RegExp][] = [
    [
      { file: new Uint8Array(0) },
      /Cannot read sessions in \/h\/.*opencode\.db: nothing is in it yet/,
    ],
    [{ file: stored().slice(0, 5000) }, /: it is damaged \(page \d+(?: is cut off)?\)/],
    [
      { outside: {} },
      /Cannot read sessions: there is no opencode\.db in \/h\/\.local\/share\/opencode/,
    ],
    [{ outside }, /Cannot ask the server of 20 \(server\) for its sessions: nobody listens there/],
    [{
      outside: { ...outside, openRaw: () => Promise.reject(new Error("a bug in the file system")) },
    }, /opencode\.db: a bug in the file system/],
  ];
  for (const [scene, expected] of cases) {
    const { out, err, code } = await shown("list --json", scene);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(JSON.parse(out).notes.join("|"), expected);
    const text = await shown("list --wide", scene);
    assert.deepEqual([text.code, text.err], [0, ""]);
    assert.match(text.out, expected);
    assert.equal((await shown("check --sessions", scene)).code, 0);
  }
});

pure("a database is its owner's alone, and servers of others are not asked", async () => {
  const { out, asked } = await shown("list --json", { uid: 502 });
  const { instances } = JSON.parse(out);
  assert.deepEqual(instances.map((one: { sessions: unknown[] }) => one.sessions), [[], []]);
  assert.deepEqual(asked, []);
});

pure("where the database is: XDG_DATA_HOME, then HOME; each channel has its own", async () => {
  const files = {
    "/d/opencode/opencode.db": stored(),
    "/d/opencode/opencode-dev.db": bytesOf((database) =>
      add(database, { id: "ses_dev", directory: "/h/mono/web", updatedAtMs: NOW_MS })
    ),
    "/d/opencode/opencode.db-wal": new Uint8Array(0),
    "/d/opencode/other.db": new Uint8Array(9),
  };
  const outside = outsideOf(files);
  const env = { HOME: "/h", XDG_DATA_HOME: "/d" };
  const { out } = await shown("list --json", { outside, env });
  const { instances, notes } = JSON.parse(out);
  assert.deepEqual(instances[0].sessions.map(({ id }: { id: string }) => id), ["ses_dev", "ses_1"]);
  assert.equal(notes.length, 1, "the server's");
  assert.ok(!outside.asked.includes("/d/opencode/other.db"));
  const relative = { HOME: "/h", XDG_DATA_HOME: "d" };
  assert.equal(JSON.parse((await shown("list --json", { env: relative })).out).notes.length, 0);
  // Without a home there is nothing to look at, and nothing to say.
  assert.deepEqual(JSON.parse((await shown("list --json", { env: {} })).out).notes, []);
});

const MINUTE = 60_000;

pure(
  "the screen of watch shows them: at first, when somebody is found, once a minute",
  async () => {
    let opened = 0;
    const outside = outsideOf({ [`${DATA}/opencode.db`]: stored() }, () => REFUSED, 501);
    const counting = {
      ...outside,
      folder: (path: string) => {
        if (path === DATA) opened++;
        return outside.folder(path);
      },
    };
    const probe = new FakeProbe(MACHINE.slice(0, 2));
    const counts: number[] = [];
    const script = {
      [9000]: () => counts.push(opened),
      [10_500]: () => probe.set(MACHINE),
      [19_000]: () => counts.push(opened),
      [MINUTE + 9000]: () => counts.push(opened),
      [MINUTE + 20_500]: () => probe.set([...MACHINE, native(30, "", { cwd: "/h/mono/api" })]),
      [MINUTE + 29_000]: () => counts.push(opened),
    };
    const size = { columns: 100, rows: 30 };
    const screen = { probe, outside: counting, env: ENV, terminal: true, size, script };
    const args = ["watch", "--interval", "1s", "--count", "90"];
    const { out, code, err } = await runFake(args, screen);
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(counts, [1, 2, 2, 4]);
    assert.match(out, /likely session "Fix the login form", active/);
    assert.match(out, /note +Cannot ask the server of 20 /);
    assert.equal(out.match(/note: Cannot ask/g)!.length, 1);
    const plain = await runFake([...args, "--no-sessions"], { ...screen, script: {} });
    assert.doesNotMatch(plain.out, /session "/);
    assert.equal(opened, 4);
    // Where there is no room for all, there is room for processes.
    const low = await runFake(args.slice(0, 3).concat("--count", "3"), {
      ...{ ...screen, script: {} },
      size: { columns: 100, rows: 14 },
    });
    assert.doesNotMatch(low.out, /session "/);
    assert.match(low.out, /\b11\b/);
  },
);

pure("the log and the lines of watch look up nothing", async () => {
  for (const format of ["log", "ndjson"]) {
    const { asked, code } = await shown(`watch --count 2 --interval 1s --format ${format}`);
    assert.deepEqual([code, asked], [0, []]);
  }
});
