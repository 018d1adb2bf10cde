import assert from "node:assert/strict";
import { UnsupportedError } from "../src/errors.ts";
import type { Missing } from "../src/types.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, OWN_PID } from "./fake.ts";
import { type Ran, runFake, type Scene } from "./fake_world.ts";
import { pure } from "./support.ts";

function openCode(memory: number | Missing, rest: Partial<FakeProcess> = {}): FakeProcess {
  return { pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory, ...rest };
}

function runOn(processes: readonly FakeProcess[], args: string, scene: Scene = {}): Promise<Ran> {
  return runFake(args.split(" ").filter((a) => a), { probe: new FakeProbe(processes), ...scene });
}

const VERDICTS: readonly [number, string, FakeProcess[], string][] = [
  [0, "OCMEM OK", [openCode(GIB)], ""],
  [0, "OCMEM OK", [openCode(2 * GIB)], ""],
  [1, "OCMEM WARNING", [openCode(2 * GIB + 1)], ""],
  [2, "OCMEM CRITICAL", [openCode(4 * GIB + 1)], ""],
  [3, "OCMEM UNKNOWN", [openCode("denied")], ""],
  [3, "OCMEM UNKNOWN", [openCode("unsupported")], ""],
  [1, "OCMEM WARNING", [openCode(GIB + 1)], "--warning 1GiB"],
  [2, "OCMEM CRITICAL", [openCode(GIB + 1)], "--warning 1GiB --critical 1GiB"],
  // The scripted machine has 16 GiB.
  [0, "OCMEM OK", [openCode(12 * GIB)], "--warning 75% --critical 80%"],
  [1, "OCMEM WARNING", [openCode(12 * GIB + 1)], "--warning 75% --critical 80%"],
  [0, "OCMEM OK", [openCode(1.5 * GIB), { pid: 11, ppid: 10, memory: GIB }], ""],
  [
    1,
    "OCMEM WARNING",
    [openCode(1.5 * GIB), { pid: 11, ppid: 10, memory: GIB }],
    "--scope instance",
  ],
  [0, "OCMEM OK - no OpenCode process is running", [], ""],
  [1, "OCMEM WARNING - no OpenCode process", [], "--none warning"],
  [2, "OCMEM CRITICAL - no OpenCode process", [], "--none critical"],
  [3, "OCMEM UNKNOWN - no OpenCode process", [], "--none unknown"],
  [0, "OCMEM OK", [openCode(GIB), { pid: 11, ppid: 10, zombie: true }], ""],
  // A dead OpenCode that nobody reaps, as in a container without an init, holds nothing.
  [0, "OCMEM OK - no OpenCode process is running", [openCode("zombie", { zombie: true })], ""],
  [2, "OCMEM CRITICAL - no OpenCode", [openCode("zombie", { zombie: true })], "--none critical"],
  [3, "OCMEM UNKNOWN", [openCode("zombie", { zombie: true })], "--pid 10"],
  // It ended while it was looked at: left out.
  [0, "OCMEM OK - no OpenCode process is running", [openCode("gone")], ""],
  [3, "OCMEM UNKNOWN", [openCode("gone")], "--pid 10"],
];

for (const [code, start, processes, flags] of VERDICTS) {
  const memory = processes.map((p) => p.memory ?? "zombie").join(", ");
  pure(`check ${flags}: ${start} for ${memory || "nothing"}`, async () => {
    const ran = await runOn(processes, `check ${flags}`);
    assert.equal(ran.code, code);
    assert.ok(ran.out.startsWith(start), ran.out);
    assert.equal(ran.err, "");
    const json = JSON.parse((await runOn(processes, `check --json ${flags}`)).out);
    assert.equal(json.exit_code, code);
    assert.equal(json.level, ["normal", "warning", "critical", "unknown"][code]);
  });
}

pure("check is the default command, and list judges nothing", async () => {
  const machine = [openCode(5 * GIB)];
  assert.deepEqual(await runOn(machine, ""), await runOn(machine, "check"));
  assert.deepEqual(await runOn(machine, "--json"), await runOn(machine, "check --format json"));
  const listed = await runOn(machine, "list");
  assert.equal(listed.code, 0);
  assert.match(
    listed.out,
    /^1 OpenCode instance, 5 GiB in 1 process, largest 5 GiB \(pid 10, tui\)\n/,
  );
  assert.doesNotMatch(listed.out, /LEVEL|CRITICAL|critical/);
});

pure("--quiet prints nothing while all is well, and everything else as ever", async () => {
  assert.deepEqual(await runOn([openCode(GIB)], "--quiet"), { code: 0, out: "", err: "" });
  assert.deepEqual(await runOn([], "--quiet --json"), { code: 0, out: "", err: "" });
  const bad = [openCode(3 * GIB)];
  assert.deepEqual(await runOn(bad, "--quiet"), await runOn(bad, ""));
});

pure("--exact adds PSS and USS", async () => {
  const json = JSON.parse((await runOn([openCode(GIB)], "list --json --exact")).out);
  const { memory } = json.instances[0].processes[0];
  assert.equal(memory.pss_bytes, GIB + MIB);
  assert.equal(memory.uss_bytes, GIB - MIB);
  assert.match((await runOn([openCode(GIB)], "list --exact --wide")).out, / PSS +USS /);
});

pure(
  "--match and --pid from the command line, with a pattern that runs for ever elsewhere",
  async () => {
    const hostile = { pid: 20, argv: ["agent", "a".repeat(100_000) + "!"], memory: 3 * GIB };
    const machine = [openCode(GIB), hostile];
    const ran = await runFake(["check", "--match", "^agent (a+)+!$", "--json"], {
      probe: new FakeProbe(machine),
    });
    assert.equal(ran.code, 1);
    assert.equal(JSON.parse(ran.out).instances[0].processes[0].role, "match");
    const named = JSON.parse((await runOn(machine, "check --pid 20 --pid 10 --json")).out);
    assert.deepEqual(named.instances.map((i: { role: string }) => i.role), ["pid", "tui"]);
  },
);

/** Bad command lines, and what the sentence must name. */
const BAD: readonly [string, RegExp][] = [
  ["--jsn", /--jsn.*did you mean --json\?/],
  ["--bogus-flag", /--bogus-flag/],
  ["-x", /-x/],
  ["--constructor", /--constructor/],
  ["--__proto__", /--__proto__/],
  ["--json --json", /--json twice/],
  ["extra-after --json", /extra-after/],
  ["--warning bogus", /--warning "bogus".*2GiB.*75%/],
  ["--warning=2G", /--warning "2G".*2GiB/],
  ["--warning -1", /--warning/],
  ["--warning 0", /--warning "0".*more than 0/],
  ["--critical NaN", /--critical "NaN"/],
  ["--warning", /--warning.*value/],
  ["--warning --json", /--warning/],
  ["--warning 1GiB --warning 2GiB", /--warning twice/],
  ["--warning 5GiB", /--warning 5GiB.*--critical 4GiB, the default/],
  ["--critical 1GiB", /--warning 2GiB, the default.*--critical 1GiB/],
  ["--warning 90% --critical 10%", /--warning.*--critical/],
  ["--pid abc", /--pid "abc".*whole number/],
  ["--pid 0", /--pid "0"/],
  ["--pid -1", /--pid/],
  ["--pid 1099511627776", /--pid "1099511627776"/],
  ["--pid 1.5", /--pid "1.5"/],
  ["--top 0", /--top "0": expected a whole number from 1 to 999999999/],
  ["--top 1000000000", /--top "1000000000": expected a whole number from 1 to 999999999/],
  ["--pid 12345", /--pid 12345: no such process/],
  [`--pid ${OWN_PID}`, /--pid 999.*ocmem itself/],
  ["--match [", /--match "\[".*RE2/],
  ["--match (?=x)", /--match.*look-around/],
  ["--match=", /--match.*empty/],
  ["--scope galaxy", /--scope "galaxy".*process, instance/],
  ["--format xml", /--format "xml".*text, json/],
  ["--none maybe", /--none "maybe".*ok, warning/],
  ["--json --format text", /--json.*--format text/],
  ["--json=maybe", /--json/],
  ["--color pink", /--color "pink"/],
];

for (const [args, sentence] of BAD) {
  pure(`bad: check ${args}`, async () => {
    for (const command of ["check ", ...args.startsWith("extra") ? [] : [""]]) {
      const ran = await runOn([openCode(GIB)], command + args);
      assert.equal(ran.code, 3);
      assert.equal(ran.out, "");
      assertSentence(ran.err, sentence);
    }
  });
  if (!/--(warning|critical|scope|none|quiet)/.test(args)) {
    pure(`bad: list ${args}`, async () => {
      const ran = await runOn([openCode(GIB)], `list ${args}`);
      assert.equal(ran.code, 64);
      assert.equal(ran.out, "");
      if (!args.includes("--json --format")) assertSentence(ran.err, sentence);
    });
  }
}

function assertSentence(err: string, sentence: RegExp): void {
  const message = err.startsWith("{") ? JSON.parse(err).message : err;
  assert.match(message, sentence);
  assert.doesNotMatch(err, /\n +at |\.ts:|undefined|\[object/);
}

pure("what every object has is no command", async () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const ran = await runOn([], name);
    assert.equal(ran.code, 64);
    assert.match(ran.err, new RegExp(`Unknown command "${name}"`));
  }
});

pure("an unknown command is told from an unknown flag, with the nearest one", async () => {
  const ran = await runOn([], "chekc");
  assert.equal(ran.code, 64);
  assert.match(ran.err, /Unknown command "chekc": did you mean check\?/);
  assert.match((await runOn([], "x\x1b[31m")).err, /Unknown command "x\\x1b\[31m"/);
});

pure("errors are JSON on stderr when JSON was asked for", async () => {
  for (
    const args of [
      "--json --warning bogus",
      "--warning bogus --format json",
      "list --pid x --format=json",
      "track --pid x --format ndjson",
      "watch --clear x --format=ndjson",
    ]
  ) {
    const ran = await runOn([], args);
    const error = JSON.parse(ran.err);
    assert.equal(error.type, "error");
    assert.equal(error.exit_code, ran.code);
    assert.equal(typeof error.message, "string");
  }
});

pure("a missing library: 3 for check, 69 elsewhere", async () => {
  const openProbe = () => {
    throw new UnsupportedError("Cannot read processes: no library");
  };
  for (const [command, code] of [["check", 3], ["list", 69]] as const) {
    const ran = await runFake([command], { openProbe });
    assert.deepEqual(ran, { code, out: "", err: "ocmem: Cannot read processes: no library\n" });
  }
});

pure("an output that can't be written, and a bug: never a verdict", async () => {
  const write = () => {
    throw new Error("disk on fire");
  };
  for (const [command, code] of [["check", 3], ["list", 70]] as const) {
    const ran = await runFake([command], { write });
    assert.equal(ran.code, code);
    assert.match(ran.err, /bug in ocmem.*disk on fire/);
  }
});

pure("help and version open no library", async () => {
  const openProbe = () => {
    throw new Error("opened");
  };
  for (const args of ["--help", "-h", "help", "check --help", "list --help", "help check"]) {
    const ran = await runFake(args.split(" "), { openProbe });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /USAGE/);
    assert.equal(ran.err, "");
  }
  assert.deepEqual(await runFake(["--version"], { openProbe }), {
    code: 0,
    out: "1.2.3\n",
    err: "",
  });
});

pure("the probe is given back, also when the command line turns out to be wrong", async () => {
  for (const args of [[], ["list"], ["--pid", "12345"], ["--warning", "9GiB"]]) {
    const probe = new FakeProbe([openCode(GIB)]);
    await runFake(args, { probe });
    assert.equal(probe.disposed, true, args.join(" "));
  }
});
