/** Options: flag before variable before file before default; and what is refused, by name. */

import assert from "node:assert/strict";
import { FakeProbe, GIB, MIB } from "../fake.ts";
import { type FakeFile, runFake, type Scene } from "../fake_world.ts";
import { openCode } from "../commands/running.ts";
import { pure } from "../support.ts";

const HOME = "/home/ada";
const PATH = `${HOME}/.config/ocmem/config.jsonc`;

/** Runs a command line with an options file and variables. */
async function run(
  args: readonly string[],
  file: string | null,
  env: Readonly<Record<string, string>> = {},
  scene: Scene = {},
) {
  const files = new Map<string, FakeFile>(file === null ? [] : [[PATH, { text: file }]]);
  const probe = new FakeProbe([openCode(3 * GIB)]);
  return await runFake(args, { probe, files, env: { HOME, ...env }, ...scene });
}

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

const BAD: readonly (readonly [file: string, sentence: RegExp])[] = [
  [
    '{\n "warnin": "1GiB" }',
    /"warnin" in \/home\/ada.*config\.jsonc, line 2: .*Did you mean "warning"\?/,
  ],
  [
    '{\n\n "watch": { "intervall": "1s" } }',
    /"watch\.intervall".*line 3: .*Did you mean "interval"\?/,
  ],
  ['{ "list": { "warning": "1GiB" } }', /"list\.warning".*no such key of list/],
  ['{ "warning": "2G" }', /"warning".*line 1: expected more than 0, as 2GiB.*not "2G"/],
  ['{ "warning": true }', /"warning".*not true/],
  ['{ "warning": null }', /"warning".*not null/],
  ['{ "warning": ["1GiB"] }', /"warning".*not \["1GiB"\]/],
  ['{ "scope": "all" }', /"scope".*expected one of process, instance, not "all"/],
  ['{ "scope": 1 }', /"scope".*not 1/],
  ['{ "watch": { "notify": "yes" } }', /"watch\.notify".*expected true or false, not "yes"/],
  ['{ "interval": 5 }', /"interval".*expected a duration.*not 5/],
  ['{ "watch": true }', /"watch".*expected an object/],
  ['{ "names": ["a/b"] }', /"names".*expected a name without a slash, not "a\/b"/],
  ['{ "names": [1] }', /"names".*not 1/],
  ['{ "patterns": [""] }', /"patterns".*expected a regular expression/],
  ['{ "patterns": ["x", "("] }', /"patterns" in .*line 1, "\(": missing closing/],
  ['{ "roles": { "servr": {} } }', /"roles\.servr".*Did you mean "server"\?/],
  [
    '{ "roles": { "server": { "warn": "1GiB" } } }',
    /"roles\.server\.warn".*Did you mean "warning"\?/,
  ],
  ['{ "roles": { "server": { "warning": "lots" } } }', /"roles\.server\.warning".*not "lots"/],
  ['{ "roles": { "tui": { "warning": "5GiB" } } }', /role tui above 5GiB.*4GiB/],
  ['{ "warning": "5GiB" }', /"warning" in .*line 1, 5GiB with --critical 4GiB, the default/],
  ['{ "warning": "1GiB",\n "warning": "2GiB" }', /"warning".*line 2: it is there twice/],
  ['{ "constructor": 1 }', /"constructor".*no such key/],
  ['{ "__proto__": { "warning": "1GiB" } }', /"__proto__".*no such key/],
  ['{ "pid": [1] }', /"pid".*no such key/],
  ["[1]", /line 1: expected an object/],
  ['{ "warning": "1GiB"\n\n', /line \d/],
  ["", /line 1/],
  ['{\n "warning": "1GiB",\n "scope": }', /config\.jsonc, line 3: /],
  [`{ "${"x".repeat(500)}": 1 }`, /"x{60}…" in/],
  ['{ "a\\u001b[31m": 1 }', /\\x1b\[31m/],
];

for (const [file, sentence] of BAD) {
  pure(`bad options file: ${file.replaceAll("\n", "⏎")}`, async () => {
    const { code, out, err } = await run(["watch", "--count", "1"], file);
    assert.deepEqual([code, out], [78, ""]);
    assert.match(err, sentence);
    assert.ok(err.includes("config.jsonc") || /of the options file/.test(err), "it names the file");
    assert.ok(!err.includes("--help"), "and no flag is to blame");
    assert.ok(!err.includes("\x1b"));
    // Monitoring must not take it for a verdict.
    assert.equal((await run(["check"], file)).code, 3);
  });
}

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

const BAD_VARIABLES: readonly (readonly [string, string, RegExp])[] = [
  ["OCMEM_WARNING", "2G", /Cannot use OCMEM_WARNING "2G": expected more than 0/],
  ["OCMEM_SCOPE", "all", /Cannot use OCMEM_SCOPE "all": expected one of process, instance/],
  ["OCMEM_SHOW_SECRETS", "maybe", /OCMEM_SHOW_SECRETS "maybe": expected true or false/],
  ["OCMEM_EXEC_TIMEOUT", "1", /OCMEM_EXEC_TIMEOUT "1": expected a duration/],
  ["OCMEM_WARNING", "9GiB", /Cannot use OCMEM_WARNING 9GiB with --critical 4GiB, the default/],
];

for (const [name, value, sentence] of BAD_VARIABLES) {
  pure(`bad variable: ${name}=${value}`, async () => {
    const { code, out, err } = await run(["watch", "--count", "1"], null, { [name]: value });
    assert.deepEqual([code, out], [64, ""]);
    assert.match(err, sentence);
  });
}

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

pure("config shows each option once, with its value and where it comes from", async () => {
  const file =
    '{\n "warning": "1GiB",\n "watch": { "warning": "3GiB", "exec": "x --token=abcdefgh" },\n' +
    ' "roles": { "server": { "critical": "8GiB" } }, "names": ["kilo"] }';
  const ran = await run(["config", "--json"], file, { OCMEM_CRITICAL: "5GiB" });
  const { options, file: place } = JSON.parse(ran.out);
  assert.deepEqual(place, { path: PATH, exists: true });
  const of = (option: string) =>
    options.filter((one: { option: string }) => one.option === option)
      .map((
        one: Record<string, unknown>,
      ) => [one.commands, one.value, one.from, one.line, one.variable]);
  assert.deepEqual(of("warning"), [
    [["check", "track"], "1GiB", "file", 2, null],
    [["watch"], "3GiB", "file", 3, null],
  ]);
  assert.deepEqual(of("critical"), [
    [["check", "track", "watch"], "5GiB", "environment", null, "OCMEM_CRITICAL"],
  ]);
  assert.deepEqual(of("interval"), [
    [["track"], "1s", "default", null, null],
    [["watch"], "1m", "default", null, null],
  ]);
  assert.deepEqual(of("exec"), [[["watch"], "x --token=***", "file", 3, null]]);
  // The variable sets the limit of all, so that of the role is not in effect.
  assert.deepEqual(of("roles.server.critical"), []);
  assert.deepEqual(of("names"), [[["check", "list", "track", "watch"], "kilo", "file", 4, null]]);
  const text = (await run(["config"], file)).out;
  assert.match(text, /^Options file: ~\/\.config\/ocmem\/config\.jsonc$/m);
  assert.match(text, /^roles\.server\.critical +8GiB +file, line 4 +check, track, watch$/m);
  assert.match((await run(["config"], null)).out, /config\.jsonc \(not there\)/);
});

pure("the defaults that are told are those that are applied", async () => {
  const { options } = JSON.parse((await run(["config", "--json"], null)).out);
  interface Told {
    readonly option: string;
    readonly commands: readonly string[];
    readonly value: string | null;
  }
  const told = (command: string) =>
    (options as Told[])
      .filter(({ commands, value }) =>
        commands.includes(command) && value !== null && value !== "no"
      )
      // Without --exec it is refused.
      .filter(({ option }) => option !== "exec-timeout")
      .flatMap(({ option, value }) => [`--${option}`, value!]);
  const grown = () => new FakeProbe([openCode(3 * GIB), ...copies(8)]);
  for (const command of ["check", "list", "track", "watch"]) {
    const more = command === "watch" ? ["--count", "25"] : [];
    const withFlags = told(command);
    const plain = await run([command, "--json", ...more], null, {}, { probe: grown() });
    const given = await run([command, "--json", ...more, ...withFlags], null, {}, {
      probe: grown(),
    });
    assert.ok(plain.out.length > 100);
    assert.deepEqual(given, plain, command);
  }
});

function copies(number: number) {
  return Array.from({ length: number }, (_, i) => ({
    ...{ pid: 100 + i, ppid: 10, name: "node", memory: 20 * MIB },
    argv: ["node", "/srv/mcp-server.js"],
  }));
}
