/** Options: flag before variable before file before default. */

import assert from "node:assert/strict";
import { FakeProbe, GIB } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { openCode } from "../commands/running.ts";
import { pure } from "../support.ts";
import { HOME, PATH, run } from "./with_options.ts";

async function thresholds(...of: Parameters<typeof run>) {
  const ran = await run(...of);
  assert.equal(ran.err, "");
  return JSON.parse(ran.out).thresholds;
}

const FILE = '{ "warning": "1GiB", "scope": "instance", "check": { "critical": "10GiB" } }';

pure("flag, variable, file, default: the first that speaks counts", async () => {
  const check = ["check", "--json"];
  const ofFile = await thresholds(check, FILE);
  assert.deepEqual([ofFile.warning_bytes, ofFile.critical_bytes], [GIB, 10 * GIB]);
  assert.equal(ofFile.scope, "instance");
  const env = { OCMEM_WARNING: "5GiB", OCMEM_SCOPE: "process" };
  const ofEnv = await thresholds(check, FILE, env);
  assert.deepEqual([ofEnv.warning_bytes, ofEnv.scope], [5 * GIB, "process"]);
  const ofFlag = await thresholds([...check, "--warning", "6GiB"], FILE, env);
  assert.deepEqual([ofFlag.warning_bytes, ofFlag.critical_bytes], [6 * GIB, 10 * GIB]);
  const ofNone = await thresholds(check, null);
  assert.deepEqual([ofNone.warning_bytes, ofNone.scope], [2 * GIB, "process"]);
  const ofEmpty = await thresholds(check, FILE, { OCMEM_WARNING: "" });
  assert.equal(ofEmpty.warning_bytes, GIB, "an empty variable is not set");
});

pure("a section is for its command alone, and goes before what is for all", async () => {
  const file = '{ "warning": "1GiB", "check": { "warning": "2GiB" }, "interval": "20s", ' +
    '"watch": { "interval": "30s" }, "track": { "duration": "1s", "interval": "0.5s" } }';
  assert.equal((await thresholds(["check", "--json"], file)).warning_bytes, 2 * GIB);
  const tracked = JSON.parse((await run(["track", "--json"], file)).out);
  assert.equal(tracked.thresholds.warning_bytes, GIB);
  assert.deepEqual([tracked.duration_ms, tracked.interval_ms], [1000, 500]);
  const watched = await run(["watch", "--json", "--count", "1"], file);
  assert.equal(JSON.parse(watched.out.split("\n")[0]!).interval_ms, 30_000);
});

pure("a switch of the file is turned off on the command line", async () => {
  const probe = () =>
    new FakeProbe([{ ...openCode(GIB), argv: ["opencode", "--token", "hunter2hunter2"] }]);
  const file = '{ "show-secrets": true }';
  assert.match((await run(["list", "--wide"], file, {}, { probe: probe() })).out, /hunter2/);
  assert.doesNotMatch(
    (await run(["list", "--wide", "--no-show-secrets"], file, {}, { probe: probe() })).out,
    /hunter2/,
  );
  for (const word of ["0", "false", "no", "off"]) {
    const env = { OCMEM_SHOW_SECRETS: word };
    const ran = await run(["list", "--wide"], file, env, { probe: probe() });
    assert.match(ran.out, /--token \*\*\*/, word);
  }
  for (const word of ["1", "true", "yes", "on"]) {
    const env = { OCMEM_SHOW_SECRETS: word };
    const ran = await run(["list", "--wide"], null, env, { probe: probe() });
    assert.match(ran.out, /--token hunter2/, word);
  }
});

pure("comments, a byte order mark and trailing commas are taken", async () => {
  const file = '\uFEFF// mine\n{\n  /* limits */ "warning": "1GiB", // low\n}\n';
  assert.equal((await thresholds(["check", "--json"], file)).warning_bytes, GIB);
  const bytes = '{ "warning": 1073741824 }';
  assert.equal((await thresholds(["check", "--json"], bytes)).warning_bytes, GIB);
});

pure("limits of a role stand in the place of the general ones", async () => {
  const file = '{ "roles": { "tui": { "warning": "1GiB" }, "child": { "critical": "2.5GiB" } } }';
  const machine = [
    openCode(1.5 * GIB),
    { pid: 60, ppid: 10, name: "mcp", memory: 1.5 * GIB },
  ];
  const scene = { probe: new FakeProbe(machine) };
  const ran = await run(["check", "--json"], file, {}, scene);
  const report = JSON.parse(ran.out);
  assert.deepEqual(
    report.instances[0].processes.map((p: { role: string; level: string }) => [p.role, p.level]),
    [["tui", "warning"], ["child", "normal"]],
  );
  assert.deepEqual(report.thresholds.roles, {
    tui: { warning_bytes: GIB, critical_bytes: 4 * GIB },
    child: { warning_bytes: 2 * GIB, critical_bytes: 2.5 * GIB },
  });
  // A limit that is given now is for all.
  const given = await run(["check", "--json", "--warning", "2GiB"], file, {}, scene);
  assert.equal(JSON.parse(given.out).level, "normal");
  const varied = await run(["check", "--json"], file, { OCMEM_WARNING: "2GiB" }, scene);
  assert.equal(JSON.parse(varied.out).level, "normal");
  const nine = [[["--critical", "9GiB"], {}], [[], { OCMEM_CRITICAL: "9GiB" }]] as const;
  for (const [args, env] of nine) {
    const { roles } = await thresholds(["check", "--json", ...args], file, env);
    assert.deepEqual(roles, {
      tui: { warning_bytes: GIB, critical_bytes: 9 * GIB },
      child: { warning_bytes: 2 * GIB, critical_bytes: 9 * GIB },
    });
  }
});

pure("with scope instance, the role of the instance decides", async () => {
  const file =
    '{ "scope": "instance", "roles": { "server": { "warning": "8GiB", "critical": "9GiB" } } }';
  const server = { ...openCode(5 * GIB), argv: ["opencode", "serve"] };
  assert.equal((await run(["check"], file, {}, { probe: new FakeProbe([server]) })).code, 0);
  assert.equal(
    (await run(["check"], file, {}, { probe: new FakeProbe([openCode(5 * GIB)]) })).code,
    2,
  );
});

pure("watch and track compare with the limits of a role, too", async () => {
  const file = '{ "roles": { "tui": { "warning": "1GiB" } } }';
  const scene = { probe: new FakeProbe([openCode(1.5 * GIB)]) };
  const watched = await run(["watch", "--json", "--count", "1"], file, {}, scene);
  const lines = watched.out.trim().split("\n").map((line) => JSON.parse(line));
  const level = lines.find((line) => line.event === "level");
  assert.deepEqual([level.level, level.limit_bytes], ["warning", GIB]);
  assert.equal(lines.find((line) => line.type === "sample").level, "warning");
  const tracked = JSON.parse((await run(["track", "--json"], file, {}, scene)).out);
  assert.equal(tracked.thresholds.roles.tui.warning_bytes, GIB);
});

pure("more names and patterns are found; what is named outright is all", async () => {
  const file = '{ "names": ["kilo"], "patterns": ["my-agent.*--serve", "other"] }';
  const machine = [
    openCode(GIB),
    { pid: 70, ppid: 1, name: "kilo", exe: "/opt/bin/kilo", argv: ["kilo", "serve"] },
    { pid: 80, ppid: 1, name: "node", exe: "/bin/node", argv: ["node", "my-agent.js", "--serve"] },
    { pid: 90, ppid: 1, name: "other", exe: "/bin/other", argv: ["other"] },
    { pid: 95, ppid: 1, name: "third", exe: "/bin/third", argv: ["third"] },
  ];
  const scene = { probe: new FakeProbe(machine) };
  const found = async (...args: readonly string[]) => {
    const ran = await run(["list", "--json", ...args], file, {}, scene);
    const { instances } = JSON.parse(ran.out);
    return instances.flatMap((i: { processes: { pid: number; role: string }[] }) => i.processes)
      .map((p: { pid: number; role: string }) => `${p.pid} ${p.role}`).sort();
  };
  assert.deepEqual(await found(), ["10 tui", "70 server", "80 match", "90 match"]);
  assert.deepEqual(await found("--match", "third"), [
    ...["10 tui", "70 server", "80 match", "90 match", "95 match"],
  ]);
  assert.deepEqual(await found("--pid", "95"), ["95 pid"]);
});

pure(
  "options that wait for others to come are no mistake in the file; those that clash are",
  async () => {
    const waiting = '{ "watch": { "exec-timeout": "5s" } }';
    assert.equal((await run(["watch", "--count", "1"], waiting)).code, 0);
    assert.equal((await run(["watch", "--count", "1", "--exec-timeout", "5s"], null)).code, 64);
    const clash = await run(["track"], '{ "interval": "1m" }');
    assert.equal(clash.code, 78);
    assert.match(clash.err, /"interval" in .*line 1, 1m with --duration 10s: expected an interval/);
  },
);

pure("the variables of hooks are no options: ocmem runs in a hook", async () => {
  const env = { OCMEM_PID: "1", OCMEM_COUNT: "2", OCMEM_LEVEL: "critical", OCMEM_EVENT: "level" };
  assert.deepEqual(await run(["list", "--json"], null, env), await run(["list", "--json"], null));
});

pure("the file is where XDG says, and a relative folder is ignored", async () => {
  const text = '{ "warning": "1GiB" }';
  const at = async (path: string, env: Readonly<Record<string, string>>) => {
    const files = new Map([[path, { text }]]);
    const ran = await runFake(["check", "--json"], { probe: new FakeProbe([]), files, env });
    return JSON.parse(ran.out).thresholds.warning_bytes === GIB;
  };
  assert.ok(await at("/x/ocmem/config.jsonc", { XDG_CONFIG_HOME: "/x", HOME }));
  assert.ok(!await at(PATH, { XDG_CONFIG_HOME: "/x", HOME }));
  assert.ok(await at(PATH, { XDG_CONFIG_HOME: "x", HOME }));
  assert.ok(await at(PATH, { XDG_CONFIG_HOME: "", HOME }));
  assert.ok(!await at(PATH, {}));
  assert.ok(!await at("ada/.config/ocmem/config.jsonc", { HOME: "ada" }));
});

pure("a file that can't be read is no missing file", async () => {
  const refusals = { [PATH]: "permission denied" };
  const { code, err } = await run(["list"], null, {}, { refusals });
  assert.equal(code, 78);
  assert.match(err, /Cannot read .*config\.jsonc: permission denied/);
});

pure("help, schemas and services do not read it", async () => {
  for (const args of [["--help"], ["schema"], ["service", "cron"], ["--version", "--json"]]) {
    assert.equal((await run(args, "{ nonsense")).code, 0, args.join(" "));
  }
});
