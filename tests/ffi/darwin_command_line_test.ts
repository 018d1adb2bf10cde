import assert from "node:assert/strict";
import { NativeError } from "../../src/errors.ts";
import type { ProcessInfo } from "../../src/types.ts";
import { CALLER } from "../standin/standin.ts";
import { facts, nulJoined, utf8 } from "./facts.ts";
import { failing, probing, type Scene } from "./probing.ts";
import { wholeTable } from "../rows.ts";

const NO_MARKS = { openCodePid: null, runsAsBun: false } as const;

const SECRET = "hunter2-s3cr3t";
const ENVIRONMENT = [`API_KEY=${SECRET}`, "OPENCODE_PID=4711", "", "BUN_BE_BUN=1", `T=${SECRET}`];

probing("arguments are told whole, empty ones too", ({ probe, process }) => {
  const lists = [
    ["opencode", "run", "--model", "a/b", "fix the bug"],
    ["opencode", "", "x", ""],
    ["", "", ""],
    ["", "second"],
    [""],
    [],
  ];
  for (const [i, argv] of lists.entries()) {
    const executable = "/Users/a/bin/opencode" + "x".repeat(i);
    const info = process({ pid: 10 + i, executable, argv, environment: ENVIRONMENT });
    assert.deepEqual(probe.commandLine(info), argv);
    assert.deepEqual(probe.marks(info.key.pid), { openCodePid: 4711, runsAsBun: true });
  }
});

probing("bytes that are no text become U+FFFD", ({ probe, process }) => {
  const argv = ["opencode", new Uint8Array([0x61, 0xff, 0x1b, 0x5b]), "ünï"];
  assert.deepEqual(probe.commandLine(process({ pid: 10, argv })), [
    "opencode",
    "a\u{fffd}\x1b[",
    "ünï",
  ]);
});

probing("another user's arguments are denied, not gone", ({ probe, process }) => {
  for (const [pid, uid] of [[10, 502], [11, 0]] as const) {
    const info = process({ pid, uid, argv: ["opencode"], environment: ENVIRONMENT });
    assert.equal(probe.commandLine(info), "denied");
    assert.equal(probe.marks(info.key.pid), null);
  }
});

probing("root reads everybody's arguments", ({ system, probe, process }) => {
  system.remove(CALLER.pid);
  system.caller({ pid: CALLER.pid, uid: 0 });
  system.add({ pid: CALLER.pid });
  const info = process({ pid: 10, uid: 502, argv: ["opencode", "serve"] });
  assert.deepEqual(probe.commandLine(info), ["opencode", "serve"]);
  system.remove(10);
  assert.equal(probe.commandLine(info), "gone");
});

probing("a process that is gone is gone, and a zombie a zombie", ({ system, probe, process }) => {
  const [gone, dying] = [process({ pid: 10, argv: ["a"] }), process({ pid: 11, argv: ["b"] })];
  const zombie = process({ pid: 12, argv: ["c"], zombie: true });
  system.remove(10);
  system.dies(11, "arguments", 1, true);
  assert.equal(probe.commandLine(zombie), "zombie");
  assert.equal(system.calls("arguments"), 0, "nothing is asked of a zombie");
  assert.equal(probe.marks(zombie.key.pid), null);
  for (const info of [gone, dying]) {
    assert.equal(probe.commandLine(info), "gone");
    assert.equal(probe.marks(info.key.pid), null);
  }
});

probing("a kernel that leaves the environment out tells no marks", ({ system, probe, process }) => {
  const argv = ["/usr/libexec/x", "", "y"];
  const info = process({ pid: 10, executable: "/usr/libexec/x", argv, environment: ENVIRONMENT });
  system.restrict(10);
  assert.deepEqual(probe.commandLine(info), argv);
  assert.deepEqual(probe.marks(info.key.pid), NO_MARKS);
});

/** All that the probe tells of a process, and what it throws, as one text. */
function everything({ probe }: Scene, info: ProcessInfo): string {
  const told: unknown[] = [];
  const asked = [
    () => wholeTable(probe),
    () => probe.executable(info.key.pid),
    () => probe.directory(info.key.pid),
    () => probe.commandLine(info),
    () => probe.marks(info.key.pid),
    () => probe.memory(info, { exact: true }),
  ];
  for (const ask of asked) {
    try {
      told.push(ask());
    } catch (error) {
      told.push(String(error), (error as Error).stack);
    }
  }
  return JSON.stringify(told);
}

probing("no byte of an environment is in anything that is told", (scene) => {
  const { process } = scene;
  const task = { resident: 1, footprint: 2, peak: 3 };
  const lists = [["opencode"], ["", "", "", "a"], ["a", "", ""], [""], []];
  for (const [i, argv] of lists.entries()) {
    const executable = "/" + "p".repeat(i);
    const script = { executable, directory: "/Users/a", argv, environment: ENVIRONMENT, task };
    const told = everything(scene, process({ pid: 10 + i, ...script }));
    assert(told.includes("/Users/a"));
    assert.doesNotMatch(told, new RegExp(`${SECRET}|API_KEY|OPENCODE_PID|T=`));
  }
});

probing("what an earlier process left in the buffer is not told of a later one", (scene) => {
  const { system, probe, process } = scene;
  const long = process({
    pid: 10,
    argv: ["a".repeat(500)],
    environment: Array(20).fill(`K=${SECRET}`),
  });
  const short = process({ pid: 11, argv: ["b"] });
  system.area(11, 50, utf8("/bin/b\0\0b\0c\0"));
  assert.deepEqual(probe.commandLine(long), ["a".repeat(500)]);
  assert.deepEqual(probe.commandLine(short), ["b", "c"]);
  assert.deepEqual(probe.marks(short.key.pid), NO_MARKS);
});

probing(
  "an area without a path is no argument list, and no exception",
  ({ system, probe, process }) => {
    const info = process({ pid: 10 });
    for (const bytes of [new Uint8Array(), utf8("x"), utf8("/bin/without-a-nul")]) {
      system.area(10, 3, bytes);
      assert.equal(typeof probe.commandLine(info), "string");
      assert.equal(probe.marks(info.key.pid), null);
    }
  },
);

/** Arguments that fill an area of `length` bytes behind argc, a secret environment at its end. */
function filling(length: number): { argv: string[]; area: Uint8Array<ArrayBuffer> } {
  const path = utf8("/bin/many-arguments\0\0\0\0\0");
  const environment = nulJoined([utf8(`API_KEY=${SECRET}`), utf8("OPENCODE_PID=4711")]);
  const argv: string[] = [];
  let rest = length - path.length - environment.length;
  for (; rest > 200; rest -= 100) argv.push(`${argv.length}-`.padEnd(99, "a"));
  argv.push("z".repeat(rest - 1));
  const area = new Uint8Array([...path, ...nulJoined(argv.map(utf8)), ...environment]);
  assert.equal(area.length, length);
  return { argv, area };
}

for (const argMax of [16384, facts.constants.ARG_MAX]) {
  probing(`arguments of nearly ${argMax} bytes are told whole`, ({ system, probe, process }) => {
    system.machine({ memoryBytes: 1, argMax });
    const info = process({ pid: 10 });
    for (const length of [argMax - 1000, argMax - 5]) {
      const { argv, area } = filling(length);
      system.area(10, argv.length, area);
      assert.deepEqual(probe.commandLine(info), argv);
      assert.deepEqual(probe.marks(info.key.pid), { openCodePid: 4711, runsAsBun: false });
    }
    assert.equal(system.calls("value"), 1, "the buffer is made once");
  });

  probing(
    `of an area beyond ${argMax} bytes neither other arguments nor the environment are told`,
    (scene) => {
      const { system, probe, process } = scene;
      system.machine({ memoryBytes: 1, argMax });
      const info = process({ pid: 10 });
      for (const more of [1, 4, 100, 1500]) {
        const { argv, area } = filling(argMax + more);
        system.area(10, argv.length, area);
        const told = everything(scene, info);
        assert(!told.includes("API_KEY"), `${more} more bytes: part of the environment is told`);
        const found = probe.commandLine(info);
        const right = typeof found === "string" || found.join("\0") === argv.join("\0");
        assert(right, `${more} more bytes: other arguments are told`);
      }
    },
  );
}

const refused = failing("sysctl");
probing("without KERN_ARGMAX there is a plain error", ({ probe, process }) => {
  const info = process({ pid: 10, argv: ["a"] });
  refused.errno = facts.constants.EINVAL;
  try {
    assert.throws(() => probe.commandLine(info), NativeError);
  } finally {
    refused.errno = 0;
  }
  assert.deepEqual(probe.commandLine(info), ["a"]);
}, refused.wrap);
