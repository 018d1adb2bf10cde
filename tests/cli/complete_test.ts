/** What is proposed where: against the table, and against the parser that must understand it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { understand } from "../../src/cli/application.ts";
import { type CommandName, COMMANDS } from "../../src/cli/command_table.ts";
import type { Flag } from "../../src/cli/place.ts";
import { OutputError } from "../../src/errors.ts";
import { KINDS } from "../../src/commands/service_words.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { native } from "../schema/machine.ts";
import { add, bytesOf, outsideOf } from "../sessions/made.ts";
import { pure } from "../support.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];
/** Opening the probe is what a TAB must not cost where no pid is asked for. */
const UNTOUCHED: Scene = {
  openProbe: () => {
    throw new Error("The probe was opened");
  },
};

/** Proposals for the last word, by value. */
async function proposed(
  words: readonly string[],
  scene: Scene = UNTOUCHED,
): Promise<Map<string, string>> {
  const { code, out, err } = await runFake(["complete", "--", ...words], scene);
  assert.equal(code, 0);
  assert.equal(err, "");
  if (out === "") return new Map();
  assert.ok(out.endsWith("\n"));
  return new Map(
    out.slice(0, -1).split("\n").map((line) => {
      const [value, description, ...more] = line.split("\t");
      assert.deepEqual(more, []);
      return [value!, description ?? ""];
    }),
  );
}

async function valuesAt(words: readonly string[], scene?: Scene): Promise<string[]> {
  return [...(await proposed(words, scene)).keys()];
}

function flagsOf(command: CommandName): [string, Flag][] {
  return Object.entries<Flag>(COMMANDS[command].flags);
}

pure("at first: every command with what it does, and help", async () => {
  const first = await proposed([""]);
  assert.deepEqual([...first.keys()], [...NAMES, "help"]);
  assert.match(first.get("list")!, /^Show OpenCode's processes/);
  assert.deepEqual(await valuesAt(["che"]), [...NAMES, "help"]);
  assert.deepEqual(await valuesAt(["help", ""]), NAMES);
  assert.deepEqual(await valuesAt(["help", "list", ""]), []);
  assert.deepEqual(await valuesAt(["chekc", ""]), []);
  assert.deepEqual(await valuesAt(["toString", ""]), []);
});

for (const command of NAMES) {
  pure(`${command}: every flag with its brief, and help; none twice`, async () => {
    const { positional } = COMMANDS[command];
    const kind = positional ? [positional.values[0] ?? "42"] : [];
    const end = command === "service" ? ["--"] : [];
    const all = flagsOf(command).map(([name]) => `--${name}`);
    // Behind a pid there may be others.
    const found = await proposed([command, ...kind, command === "stop" ? "-" : ""]);
    assert.deepEqual([...found.keys()], [...all, ...end, "--help"]);
    assert.deepEqual(await valuesAt([command, "-"]), [...all, "--help"]);
    for (const [name, { brief, kind: flagKind, variadic }] of flagsOf(command)) {
      assert.equal(found.get(`--${name}`), brief);
      const given = flagKind === "boolean" ? [`--${name}`] : [`--${name}`, "1"];
      const rest = all.filter((flag) => variadic || flag !== `--${name}`);
      assert.deepEqual(await valuesAt([command, ...given, "-"]), [...rest, "--help"]);
      assert.deepEqual(await valuesAt([command, `--${name}=1`, "-"]), [...rest, "--help"]);
    }
  });

  pure(
    `${command}: the parser takes every value that is proposed, and no default is missing`,
    async () => {
      const { positional } = COMMANDS[command];
      const kind = positional ? [positional.values[0] ?? "42"] : [];
      for (const [name, { kind: flagKind, standard }] of flagsOf(command)) {
        const flag = `--${name}`;
        const attached = await proposed([command, `${flag}=`], { probe: new FakeProbe([]) });
        if (flagKind === "boolean") {
          assert.deepEqual([...attached.keys()], []);
        } else {
          const separate = await proposed([command, flag, ""], { probe: new FakeProbe([]) });
          const isFile = ["output", "html", "database", "project"].includes(name);
          assert.deepEqual(
            [...attached.keys()],
            [...separate.keys()].map((value) => isFile ? value : `${flag}=${value}`),
          );
          if (standard) assert.equal(separate.get(standard), "default");
          if (isFile) assert.deepEqual([...separate.keys()], [":files"]);
          for (const value of isFile ? [] : separate.keys()) {
            await understand(command, [flag, value, ...kind]);
          }
        }
        for (const word of attached.keys()) {
          if (word === ":files") continue;
          await understand(command, [word, ...kind]);
        }
      }
      for (const value of positional?.values ?? []) {
        assert.deepEqual((await understand(command, [value])).words, [value]);
      }
    },
  );
}

pure(
  "values: those of an enum, examples of what is measured, none of what only the user knows",
  async () => {
    assert.deepEqual(await valuesAt(["list", "--format", "js"]), [
      ...["text", "json", "ndjson", "csv", "markdown"],
    ]);
    assert.deepEqual(await valuesAt(["check", "--json", "--color=al"]), [
      ...["--color=auto", "--color=always", "--color=never"],
    ]);
    assert.deepEqual(await valuesAt(["check", "--warning", ""]), [
      ...["2GiB", "1GiB", "4GiB", "25%", "75%"],
    ]);
    assert.deepEqual(await valuesAt(["watch", "--remind", ""]), ["10m", "10s", "1m", "5m", "1h"]);
    for (const flag of ["--match", "--exec"]) {
      assert.deepEqual(await valuesAt(["watch", flag, ""]), []);
    }
    assert.deepEqual(await valuesAt(["check", "--bogus="]), []);
    assert.deepEqual(await valuesAt(["check", "--constructor="]), []);
  },
);

pure("show: the pid of what runs, and of one alone", async () => {
  const probe = new FakeProbe([native(10, "", { cwd: "/w" }), {
    pid: 11,
    ppid: 10,
    name: "gopls",
  }]);
  assert.deepEqual(await valuesAt(["show", ""], { probe }), ["10", "11"]);
  assert.equal((await proposed(["show", ""], { probe })).get("10"), "tui 100 MiB /w");
  assert.deepEqual(await valuesAt(["show", "--wide", "1"], { probe }), ["10", "11"]);
  assert.ok((await valuesAt(["show", "10", ""], { probe })).includes("--json"));
  assert.ok(!(await valuesAt(["show", "10", ""], { probe })).includes("11"));
  assert.deepEqual(await valuesAt(["show", "10", "1"], { probe }), []);
});

pure("stop: the pids of what runs, without those that are there already", async () => {
  const probe = new FakeProbe([
    { pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], cwd: "/w" },
    { pid: 11, ppid: 10, name: "node", zombie: false },
  ]);
  assert.deepEqual(await valuesAt(["stop", ""], { probe }), ["10", "11"]);
  assert.deepEqual(await valuesAt(["stop", "1"], { probe }), ["10", "11"]);
  assert.deepEqual(await valuesAt(["stop", "10", "--yes", ""], { probe }), ["11"]);
  assert.equal((await proposed(["stop", ""], { probe })).get("10"), "tui 100 MiB /w");
  assert.ok((await valuesAt(["stop", "10", "-"], { probe })).includes("--force"));
});

pure("words: kinds of services, shells, names of schemas; flags once there is one", async () => {
  assert.deepEqual(await valuesAt(["completions", ""]), ["bash", "zsh", "fish"]);
  assert.deepEqual(await valuesAt(["service", "--install", "sys"]), Object.keys(KINDS));
  assert.deepEqual(await valuesAt(["service", "--name", "x", ""]), Object.keys(KINDS));
  assert.ok((await valuesAt(["schema", ""])).includes("report-line"));
  assert.deepEqual(await valuesAt(["completions", "zsh", ""]), ["--help"]);
  assert.deepEqual(await valuesAt(["completions", "zsh", "b"]), []);
  assert.deepEqual(await valuesAt(["list", "mat"]), []);
});

pure(
  "without a command the flags are check's; version is asked for first or not at all",
  async () => {
    const check = await valuesAt(["check", "-"]);
    assert.deepEqual(await valuesAt(["-"]), [...check, "--version"]);
    assert.deepEqual(await valuesAt(["--format=j"]), await valuesAt(["check", "--format=j"]));
    assert.deepEqual(await valuesAt(["--scope", ""]), ["process", "instance"]);
    assert.deepEqual(
      await valuesAt(["--json", ""]),
      check.filter((flag) => flag !== "--json"),
    );
  },
);

pure(
  "a switch that the options file turns on is turned off by --no-, if that is begun",
  async () => {
    const [plain, begun] = [await valuesAt(["watch", "--"]), await valuesAt(["watch", "--n"])];
    assert.deepEqual(begun.filter((flag) => !plain.includes(flag)), [
      ...["--no-notify", "--no-record", "--no-show-secrets", "--no-sessions", "--no-advice"],
    ]);
    for (const flag of begun.filter((flag) => !plain.includes(flag))) {
      await understand("watch", [flag]);
    }
    for (const word of ["--notify", "--no-notify"]) {
      const rest = await valuesAt(["watch", word, "--n"]);
      assert.deepEqual(rest.filter((flag) => flag.includes("notify")), []);
    }
    assert.ok(!(await valuesAt(["check", "--n"])).includes("--no-json"), "no file turns that on");
  },
);

pure("a word that looks like a flag is no value, as for the parser", async () => {
  const rest = (await valuesAt(["check", "--wide", "-"])).filter((flag) => flag !== "--match");
  assert.deepEqual(await valuesAt(["check", "--match", "--wide", "-"]), rest);
  assert.ok((await valuesAt(["check", "--match", "--w"])).includes("--wide"));
  // What stands behind a flag that takes a value is no command, and no shell.
  assert.deepEqual(await valuesAt(["service", "--interval", "cron", ""]), Object.keys(KINDS));
});

pure("behind the -- of a service stands another command line, without help", async () => {
  for (const [kind, { commands }] of Object.entries(KINDS)) {
    assert.deepEqual(await valuesAt(["service", kind, "--", ""]), commands);
  }
  const watch = (await valuesAt(["watch", "-"])).filter((flag) => flag !== "--help");
  assert.deepEqual(await valuesAt(["service", "systemd", "--", "watch", "--"]), watch);
  assert.deepEqual(await valuesAt(["service", "systemd", "--", "--json", "--"]), []);
  assert.deepEqual(await valuesAt(["service", "systemd", "--", "help", ""]), []);
  assert.deepEqual(await valuesAt(["service", "--", ""]), [], "nobody knows what that can run");
});

const MACHINE: readonly FakeProcess[] = [
  openCode({ pid: 10, argv: ["opencode"], memory: 624 * MIB, cwd: "/home/ann/work/web" }),
  { pid: 11, ppid: 10, name: "node", memory: 80 * MIB },
  { pid: 12, ppid: 10, name: "gone", zombie: true },
  openCode({ pid: 20, argv: ["opencode", "serve"], memory: 2 * GIB, cwd: "/srv/home/ann" }),
  openCode({ pid: 30, argv: ["opencode", "acp"], memory: "denied", cwd: null }),
  { pid: 40, name: "vim", argv: ["vim", "opencode.json"] },
  { pid: 50, name: "mycode", exe: "/opt/mycode", argv: ["mycode"], memory: MIB, cwd: "/home/ann" },
];

function openCode(rest: Partial<FakeProcess> & { readonly pid: number }): FakeProcess {
  return { name: "opencode", exe: "/b/opencode", ...rest };
}

function machine(files: Readonly<Record<string, string>> = {}, more: Scene = {}): Scene {
  return {
    probe: new FakeProbe(MACHINE),
    env: { HOME: "/home/ann" },
    files: new Map(Object.entries(files).map(([path, text]) => [path, { text }])),
    ...more,
  };
}

const CONFIG = "/home/ann/.config/ocmem/config.jsonc";

pure("pids: what runs, largest instance first, with role, size and directory", async () => {
  assert.deepEqual([...await proposed(["check", "--pid", ""], machine())], [
    ["20", "server 2 GiB /srv/home/ann"],
    ["10", "tui 624 MiB ~/work/web"],
    ["11", "child node 80 MiB ~/work/web"],
    ["30", "acp denied -"],
  ]);
  assert.deepEqual(await valuesAt(["track", "--pid=2"], machine()), [
    ...["--pid=20", "--pid=10", "--pid=11", "--pid=30"],
  ]);
  assert.deepEqual(await valuesAt(["--pid", "20", "--pid=11", "--pid", ""], machine()), [
    ...["10", "30"],
  ]);
  assert.deepEqual(await valuesAt(["--pid", "20", "--pid=11", "--pid="], machine()), [
    ...["--pid=10", "--pid=30"],
  ]);
});

pure("pids: sessions are nothing that a TAB waits for", async () => {
  const asked: string[] = [];
  const refuse = (what: string) => () => {
    asked.push(what);
    throw new Error(what);
  };
  const outside = { folder: refuse("folder"), openRaw: refuse("file"), get: refuse("server") };
  assert.equal((await valuesAt(["--pid", ""], { ...machine(), outside })).length, 4);
  assert.deepEqual(asked, []);
});

pure(
  "sessions: those that are held, with how sure that is, and what tells them apart",
  async () => {
    const file = bytesOf((database) =>
      add(
        database,
        { id: "ses_a", directory: "/home/ann/work/web", title: "Fix\tit", updatedAtMs: NOW_MS },
        { id: "ses_$(x)", directory: "/home/ann/work/web", updatedAtMs: NOW_MS },
        { id: "ses_old", directory: "/home/ann/work/web", updatedAtMs: 1 },
      )
    );
    const outside = outsideOf({ "/home/ann/.local/share/opencode/opencode.db": file });
    assert.deepEqual([...await proposed(["track", "--session", ""], { ...machine(), outside })], [
      ["ses_a", 'likely tui "Fix\\tit" ~/work/web'],
    ]);
    const scene = { ...machine(), outside };
    assert.deepEqual(await valuesAt(["track", "--session="], scene), ["--session=ses_a"]);
  },
);

pure("pids: also of what the options file calls OpenCode; PSS is not waited for", async () => {
  const names = machine({ [CONFIG]: '{ "names": ["mycode"], "exact": true }' });
  assert.equal((await proposed(["--pid", ""], names)).get("50"), "tui 1 MiB ~");
  const patterns = machine({ [CONFIG]: '{ "patterns": ["^vim "] }' });
  assert.match((await proposed(["--pid", ""], patterns)).get("40")!, /^match 100 MiB -$/);
});

pure("pids: a name or a directory of any text stays one harmless line", async () => {
  const cwd = "/a\tb\nc\x1b[31m$(touch x)`touch x`'\"%s*\u202e:\\";
  const child = { pid: 11, ppid: 110, name: "e\tv\nil", argv: ["evil"], memory: MIB };
  const probe = new FakeProbe([openCode({ pid: 110, memory: MIB, cwd }), child]);
  const shown = "/a\\tb\\nc\\x1b[31m$(touch x)`touch x`'\"%s*\\u202e:\\";
  assert.deepEqual([...await proposed(["--pid", ""], { probe })], [
    ["110", `tui 1 MiB ${shown}`],
    ["11", `child e\\tv\\nil 1 MiB ${shown}`],
  ]);
});

pure("whatever goes wrong: no lines, no word, 0", async () => {
  assert.deepEqual(await valuesAt(["--pid", ""], UNTOUCHED), []);
  const broken = [
    machine({ [CONFIG]: "{ nonsense" }),
    machine({}, { refusals: { [CONFIG]: "Permission denied" } }),
    machine({}, { env: { HOME: "/home/ann", OCMEM_EXACT: "perhaps" } }),
  ];
  for (const scene of broken) assert.deepEqual(await valuesAt(["--pid", ""], scene), []);
  const write = () => {
    throw new OutputError("Cannot write standard output: no space left");
  };
  assert.deepEqual(await runFake(["complete", "--", ""], { write }), { code: 0, out: "", err: "" });
  for (const args of [[], ["--"], ["check"], ["check", ""], ["--help"]]) {
    assert.deepEqual(await runFake(["complete", ...args]), { code: 0, out: "", err: "" });
  }
});

pure("it is no command that help tells of", async () => {
  for (const args of [["--help"], ["complet"]]) {
    const { out, err } = await runFake(args);
    assert.doesNotMatch(out + err, /^\s*(?:ocmem )?complete(?:\s|$)|mean complete\b/m);
  }
});

/** Words of command lines, and such as are none. */
const words = fc.oneof(
  fc.constantFrom(...NAMES, "help", "--", "--pid", "--format", "--match=x", "systemd", "", "-"),
  fc.constantFrom(...NAMES.flatMap(flagsOf).map(([name]) => `--${name}`)),
  fc.string({ unit: "binary", maxLength: 8 }),
);

pure("any words: lines of a value and a description, or none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 6 }), async (line) => {
      const scene = machine();
      const { code, out, err } = await runFake(["complete", "--", ...line], scene);
      assert.deepEqual([code, err], [0, ""]);
      // deno-lint-ignore no-control-regex -- what must not be there
      assert.match(out, /^(?::files\n|(?:[^\t\n\x00-\x1f]+\t[^\x00-\x1f\x7f]*\n)*)$/);
    }),
    { numRuns: 1000 },
  );
});
