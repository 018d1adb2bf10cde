/** Help and version: every command and flag, at any width, without touching the machine. */

import assert from "node:assert/strict";
import { type CommandName, COMMANDS } from "../../src/cli/command_table.ts";
import { DOCS } from "../../src/cli/docs.ts";
import { helpOn } from "../../src/cli/help.ts";
import type { FlagSpec } from "../../src/cli/settings.ts";
import { openDatabase } from "../../src/world/database.ts";
import { FakeProbe } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { FakeMachine, session } from "../ending/ender.ts";
import { pure } from "../support.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];

/** Text without its line breaks, to look for what may be broken anywhere. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

pure("help on ocmem names every command, with what it does", () => {
  const lines = helpOn(null, 80);
  const help = flat(lines);
  for (const name of NAMES) assert.ok(help.includes(`${name} ${DOCS[name].brief}`), name);
  assert.doesNotMatch(lines, /^ +complete\b/m, "that one is for shells");
});

for (const name of NAMES) {
  pure(`help on ${name}: what it does, flags, words, two examples, exit codes`, () => {
    const help = helpOn(name, 80);
    const text = flat(help);
    assert.ok(text.includes(flat(DOCS[name].description.join(" "))));
    const flags: [string, FlagSpec][] = Object.entries(COMMANDS[name].flags);
    for (const [flag, { kind, brief, values = [], standard, withNegated }] of flags) {
      const typed = kind === "boolean" && withNegated !== false ? `--[no-]${flag}` : `--${flag}`;
      assert.ok(help.includes(`\n  ${typed}`), flag);
      assert.ok(text.includes(flat(brief).replace(/ \([^()]*\)$/, "")), brief);
      for (const value of values) assert.match(text, new RegExp(`\\b${value}\\b`));
      if (standard && kind !== "boolean") assert.ok(text.includes(`(${standard})`), flag);
    }
    const { positional } = COMMANDS[name];
    for (const value of positional?.values ?? []) assert.ok(text.includes(value));
    assert.equal(DOCS[name].examples.length, 2);
    // What is copied stands on a line of its own.
    for (const example of DOCS[name].examples) {
      assert.ok(help.includes(`\n  ${example}\n`), example);
    }
    assert.ok(text.includes("EXIT CODES"));
  });

  pure(`the examples of ${name} are understood`, async () => {
    for (const example of DOCS[name].examples) {
      const words = /\bocmem ((?:'[^']*'|[^'|>#&)"])*)/.exec(example)![1]!.trim();
      const args = words.match(/'[^']*'|\S+/g)!.map((word) => word.replaceAll("'", ""));
      const ran = await runFake([...args, ...args[0] === "watch" ? ["--count", "1"] : []], {
        execute: () => Promise.resolve({ kind: "done", code: 0, output: "" }),
        ...name === "stop" ? stoppable() : {},
        ...name === "show" ? { probe: new FakeProbe([{ pid: 4242 }]) } : {},
        env: { HOME: "/h", OCMEM_TOKEN: "t" },
        openDatabase: () => openDatabase({ kind: "memory" }),
      });
      // A machine without OpenCode has nothing to track, and here nobody can listen.
      assert.ok([0, 1, 69].includes(ran.code), `${example}: ${ran.err}`);
    }
  });
}

pure("help fits the terminal, whatever its width, and is no wider than people read", () => {
  for (const columns of [30, 40, 60, 80, 100, 300]) {
    for (const name of [null, ...NAMES]) {
      const examples = name === null ? [] : DOCS[name].examples;
      for (const line of helpOn(name, columns).split("\n")) {
        if (examples.includes(line.trim())) continue;
        assert.ok(line.length <= Math.min(columns, 100), `${columns}: ${line}`);
      }
    }
  }
});

pure("help is asked for in each way that people try", async () => {
  const want = await runFake(["check", "--help"]);
  assert.equal(want.out, helpOn("check", 80));
  for (const words of ["help check", "check -h", "check --json --help", "check --bogus --help"]) {
    assert.deepEqual(await runFake(words.split(" ")), want, words);
  }
  const narrow = await runFake(["check", "--help"], { size: { columns: 40, rows: 24 } });
  assert.equal(narrow.out, helpOn("check", 40));
  const unknown = await runFake(["frobnicate", "--help"]);
  assert.equal(unknown.code, 64);
});

pure("behind -- help is for another command, and none of service's", async () => {
  const ran = await runFake(["service", "cron", "--", "check", "--help"]);
  assert.deepEqual([ran.code, ran.out], [64, ""]);
});

pure("the version, plain and as JSON", async () => {
  for (const words of ["--version", "-v", "check --version"]) {
    assert.deepEqual(await runFake(words.split(" ")), { code: 0, out: "1.2.3\n", err: "" }, words);
  }
  for (const words of ["--version --json", "--json --version", "-v --json"]) {
    const { out } = await runFake(words.split(" "));
    assert.deepEqual(JSON.parse(out), {
      schema_version: 1,
      type: "version",
      tool: { name: "ocmem", version: "1.2.3" },
      commit: null,
      runtime: { deno: "2.9.6", v8: "14.0", typescript: "5.9", standalone: false },
      host: { os: "linux", arch: "x86_64" },
    });
  }
});

pure("an executable names its commit, and what was added to it", async () => {
  const hash = "0123456789abcdef0123456789abcdef01234567";
  for (const [commit, text] of [[hash, "0123456"], [`${hash}-dirty`, "0123456-dirty"]] as const) {
    assert.equal((await runFake(["--version"], { commit })).out, `1.2.3 (${text})\n`);
    const { out } = await runFake(["--version", "--json"], { commit });
    assert.equal(JSON.parse(out).commit, commit);
  }
});

pure("a word that is missing, unknown or too much is named", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["service", /without KIND: expected one of launchd, systemd, cron, swiftbar/],
    ["service upstart", /KIND "upstart": expected one of launchd/],
    ["completions", /without SHELL: expected one of bash, zsh, fish/],
    ["schema reprot", /NAME "reprot": expected one of report,/],
    ["schema report track", /Unexpected argument "track"/],
    ["list --no-json", /Unknown flag --no-json/],
    ["list extra", /Unexpected argument "extra"/],
    ["confg", /Unknown command "confg": did you mean config\?/],
  ];
  for (const [words, sentence] of cases) {
    const ran = await runFake(words.split(" "));
    assert.deepEqual([ran.code, ran.out], [64, ""], words);
    assert.match(ran.err, sentence);
  }
});

/** A machine with the process of the examples. */
function stoppable() {
  const machine = new FakeMachine([session(4242)]);
  return { probe: machine.probe, ender: machine };
}
