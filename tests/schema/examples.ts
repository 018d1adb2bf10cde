/** What ocmem prints as JSON, in many situations, by the name of its schema. */

import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import { FakeProbe, NOW_MS } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { own, runOn } from "../selftest_scene.ts";
import { add, addProject, bytesOf, openCodeWith, outsideOf, REFUSED } from "../sessions/made.ts";
import { withChildren } from "./children_examples.ts";
import { histories } from "./history_examples.ts";
import { HOSTILE, MACHINE, native } from "./machine.ts";
import { ORPHANS } from "./orphan_examples.ts";
import { document, lines } from "./run.ts";
import { healths, looks } from "./serve_examples.ts";
import { shows } from "./show_examples.ts";
import { stops } from "./stop_examples.ts";
import { TRACKINGS } from "./track_examples.ts";
import { STOPPINGS, WATCHINGS } from "./watch_examples.ts";

const SMALL = [native(10, "serve", { memory: 0 })];

/** Arguments of check and list, and the machine of each. */
const REPORTS: readonly (readonly [args: string, probe: () => FakeProbe])[] = [
  ["check", () => new FakeProbe(MACHINE)],
  ["check --scope instance --warning 1% --critical 75%", () => new FakeProbe(MACHINE, "darwin", 7)],
  ["check --match agent", () => new FakeProbe(MACHINE)],
  ["check --pid 40 --pid 37 --pid 11", () => new FakeProbe(MACHINE)],
  ["check", () => new FakeProbe(SMALL)],
  ["check --none critical", () => new FakeProbe([])],
  ["list --exact --show-secrets", () => new FakeProbe(MACHINE)],
  ["list", () => new FakeProbe([])],
  ["list --top 2 --sort project", () => new FakeProbe(MACHINE)],
  ["check --role tui", () => new FakeProbe(MACHINE)],
];

/** Sessions of every certainty, with all that can be told of one and with nothing. */
function withSessions(): Scene {
  const file = bytesOf((database) => {
    addProject(database, "p", "/w");
    add(
      database,
      { id: "ses_a", directory: "/w", title: HOSTILE, updatedAtMs: NOW_MS },
      { id: "ses_b", directory: "/x", projectId: "gone", updatedAtMs: -1 },
    );
  });
  const machine = [
    native(10, "", { cwd: "/w" }),
    native(11, "--session ses_unknown", { cwd: "/x" }),
    native(12, "serve", { ports: [{ address: "0.0.0.0", port: 4096 }] }),
    native(13, "auth"),
    native(14, "serve --port 4097", { ports: null }),
  ];
  const answer = openCodeWith([{ id: "ses_c" }], { ses_c: {} });
  return {
    probe: new FakeProbe(machine),
    env: { HOME: "/h" },
    outside: outsideOf(
      { "/h/.local/share/opencode/opencode.db": file },
      (request) => request.port === 4096 ? answer(request) : REFUSED,
    ),
  };
}

/** An options file with limits of a role. */
const OPTIONS: Scene = {
  env: { HOME: "/h" },
  files: new Map([["/h/.config/ocmem/config.jsonc", {
    text: '{ "roles": { "server": { "warning": "1GiB" } } }',
  }]]),
};

const FAILURES: readonly (readonly [args: string, scene: Scene])[] = [
  ["check --json --pid abc", {}],
  ["list --json --pid 2147483647", {}],
  ["track --json", { probe: new FakeProbe([]) }],
  ["watch --json", {
    openProbe: () => {
      throw new TypeError("a bug");
    },
  }],
];

/** The line on standard error of a run that fails. */
async function failure([args, scene]: (typeof FAILURES)[number]): Promise<unknown> {
  const { out, err, code } = await runFake(args.split(" "), scene);
  assert.equal(out, "");
  assert.match(err, /^.+\n$/);
  assert.equal(JSON.parse(err).exit_code, code);
  return JSON.parse(err);
}

async function selftests(): Promise<unknown[]> {
  const json = { json: true, duration: 50 };
  const runs = [
    runOn(MACHINE, json, {}, slowed),
    runOn([own({ memory: "denied" })], json),
    runOn([], json, { probe: Object.assign(new FakeProbe([]), { ownPid: 1 }) }),
    runOn([own(), native(10, "")], { json: true }, { script: { 99: (c) => c.signal("SIGTERM") } }),
    runOn([own()], json, { openProbe: refuse }),
    runOn([], json, ending()),
  ];
  return (await Promise.all(runs)).map(({ out }) => JSON.parse(out));
}

/** A World in which asking for the time takes time: a run on it can tell what it costs. */
function slowed(world: { elapsedMs(): number }): void {
  const elapsedMs = world.elapsedMs.bind(world);
  let asked = 0;
  world.elapsedMs = () => elapsedMs() + ++asked / 8;
}

/** A session on macOS that ends after two readings. */
function ending(): Scene {
  const probe = new FakeProbe([own(), native(10, "", { cwd: "/w" })], "darwin");
  return { probe, script: { 15: () => probe.set([own(), native(10, "", { started: "later" })]) } };
}

function refuse(): never {
  throw new UnsupportedError("Cannot read processes: no library");
}

function all<T>(
  runs: readonly (readonly [string, () => T])[],
  run: (args: string, scene: T) => Promise<unknown>,
): Promise<unknown[]> {
  return Promise.all(runs.map(([args, scene]) => run(args, scene())));
}

/** Everything, by the name of its schema. */
export const EXAMPLES: Readonly<Record<string, () => Promise<unknown[]>>> = {
  "report": async () => [
    ...await all(REPORTS, (args, probe) => document(`${args} --json`, { ...OPTIONS, probe })),
    await document("list --json", withSessions()),
    await document("list --json", withChildren()),
  ],
  "report-line": async () => [
    ...(await all(
      REPORTS,
      (args, probe) => lines(`${args} --format ndjson`, { ...OPTIONS, probe }),
    ))
      .flat(),
    ...await lines("list --format ndjson", withSessions()),
    ...await lines("list --format ndjson", withChildren()),
  ],
  "track": () =>
    all(TRACKINGS, (args, scene) => document(`track ${args} --json`, { ...OPTIONS, ...scene })),
  "track-line": async () =>
    (await all(
      TRACKINGS,
      (args, scene) => lines(`track ${args} --format ndjson`, { ...OPTIONS, ...scene }),
    )).flat(),
  "event": async () =>
    (await all(
      [...WATCHINGS, ...STOPPINGS],
      (args, scene) => lines(`watch ${args} --json`, { ...OPTIONS, ...scene }),
    ))
      .flat(),
  "history": () => histories(OPTIONS),
  "look": looks,
  "health": () => Promise.resolve(healths()),
  "orphans": () => all(ORPHANS, (args, scene) => document(`orphans ${args} --json`, scene)),
  "selftest": selftests,
  "error": () => Promise.all(FAILURES.map(failure)),
  "settings": async () => [
    await document("config --json"),
    await document("config --json", {
      env: { HOME: "/h", OCMEM_SCOPE: "instance" },
      files: new Map([["/h/.config/ocmem/config.jsonc", {
        text: '{ "warning": "1GiB", "watch": { "interval": "5s" }, "names": ["x"] }',
      }]]),
    }),
  ],
  "show": () => shows({ ...OPTIONS }, withSessions()),
  "stop": stops,
  "version": async () => [
    await document("--version --json"),
    await document("--version --json", { commit: "0123456789abcdef0123456789abcdef01234567" }),
  ],
};
