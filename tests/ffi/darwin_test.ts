import assert from "node:assert/strict";
import { NativeError, UnsupportedError } from "../../src/errors.ts";
import { DARWIN_SYMBOLS } from "../../src/ffi/darwin_abi.ts";
import { DarwinProbe } from "../../src/ffi/darwin.ts";
import { openDarwin } from "../../src/ffi/open.ts";
import { CALLER, NEEDS, Standin } from "../standin/standin.ts";
import { live } from "../support.ts";
import { facts } from "./facts.ts";
import { failing, probing } from "./probing.ts";
import { wholeTable } from "../rows.ts";

probing("the process table has every user's processes, zombies too", ({ system, probe }) => {
  const start = { startSeconds: 1_700_000_000, startMicroseconds: 5_006 };
  system.add({ pid: 10, ppid: 1, uid: 0, name: "launchd" });
  system.add({ pid: 11, ppid: 10, uid: 502, ruid: 503, name: "sixteen-bytes-xy", ...start });
  system.add({ pid: 12, ppid: 11, name: "opencode", zombie: true });
  const { processes, unreadable } = wholeTable(probe);
  assert.equal(unreadable, 0);
  const base = { zombie: false };
  const boot = { started: "0.000000" };
  assert.deepEqual(processes, [
    {
      ...base,
      key: { pid: CALLER.pid, ...boot },
      ppid: 1,
      name: "ocmem",
      uid: 501,
      startedAtMs: 0,
    },
    { ...base, key: { pid: 10, ...boot }, ppid: 1, name: "launchd", uid: 0, startedAtMs: 0 },
    {
      ...base,
      key: { pid: 11, started: "1700000000.005006" },
      ppid: 10,
      name: "sixteen-bytes-xy",
      uid: 502,
      startedAtMs: 1_700_000_000_005,
    },
    {
      ...base,
      key: { pid: 12, ...boot },
      ppid: 11,
      name: "opencode",
      uid: 501,
      startedAtMs: 0,
      zombie: true,
    },
  ]);
});

probing("a table that shrinks after its size was told has no leftovers", ({ system, probe }) => {
  for (let pid = 10; pid < 200; pid++) system.add({ pid });
  assert.equal(wholeTable(probe).processes.length, 191);
  for (let pid = 20; pid < 200; pid++) system.remove(pid);
  assert.equal(wholeTable(probe).processes.length, 11);
});

probing("a table that grows by a few dozen rows fits at once", ({ system, probe }) => {
  system.grow(30, 1);
  assert.equal(wholeTable(probe).processes.length, 31);
  assert.equal(system.calls("table_fill"), 1);
});

probing("a table that outgrows its buffer is asked for again, whole", ({ system, probe }) => {
  for (const times of [1, 2, 3]) {
    const before = system.calls("table_fill");
    system.outgrow(times);
    const { processes } = wholeTable(probe);
    assert.equal(system.calls("table_fill") - before, times + 1);
    const pids = new Set(processes.map((process) => process.key.pid));
    assert.equal(pids.size, processes.length);
    assert(pids.has(CALLER.pid));
    assert.equal(processes.at(-1)!.name, "latecomer");
  }
});

probing("a table that gains hundreds of rows every time is caught up with", ({ system, probe }) => {
  system.grow(400, 1000);
  const { processes } = wholeTable(probe);
  assert.equal(processes.length, 1 + 400 * system.calls("table_fill"));
});

probing("a table that always outgrows its buffer is an error, after a few attempts", (scene) => {
  const { system, probe } = scene;
  system.outgrow(1000);
  assert.throws(() => wholeTable(probe), (error: Error) => {
    assert(error instanceof NativeError);
    assert.match(error.message, /^Cannot list processes: .*12/);
    return true;
  });
  assert(system.calls("table_fill") <= 16);
  system.outgrow(0);
  assert(wholeTable(probe).processes.length > 1, "and works again afterwards");
});

const refused = failing("sysctl");
probing(
  "any other failure of the table is an error at once, with its errno",
  ({ system, probe }) => {
    refused.errno = facts.constants.EPERM;
    try {
      assert.throws(() => wholeTable(probe), /^NativeError: Cannot list processes: .*errno 1$/);
      assert.throws(() => probe.memoryBytes(), /^NativeError: Cannot tell .*errno 1$/);
    } finally {
      refused.errno = 0;
    }
    assert.equal(system.calls("table_fill"), 0);
  },
  refused.wrap,
);

probing("the machine's memory is in bytes, beyond 4 GiB too", ({ system, probe }) => {
  const argMax = facts.constants.ARG_MAX;
  for (const memoryBytes of [8 * 2 ** 30, 2 ** 32 - 1, 1.5 * 2 ** 40]) {
    system.machine({ memoryBytes, argMax });
    assert.equal(probe.memoryBytes(), memoryBytes);
  }
});

probing("the machine's name is read, and not told is no name", ({ probe }) => {
  assert.deepEqual(probe.machine(), { name: "stand-in.local", boot: "" });
  refused.errno = facts.constants.EPERM;
  try {
    assert.deepEqual(probe.machine(), { name: "", boot: "" });
  } finally {
    refused.errno = 0;
  }
}, refused.wrap);

probing("a value of another width than is known is an error", ({ system, probe }) => {
  system.machine({ memoryBytes: 8 * 2 ** 30, argMax: facts.constants.ARG_MAX });
  assert.throws(() => probe.memoryBytes(), NativeError);
}, (calls) => ({
  ...calls,
  sysctl: (...args) => {
    const result = calls.sysctl(...args);
    (args[3] as BigUint64Array<ArrayBuffer>)[0] = 4n;
    return result;
  },
}));

probing("the executable is told of every user's processes", ({ system, probe }) => {
  const long = "/" + "d".repeat(1022);
  system.add({ pid: 10, executable: "/Users/a/.opencode/bin/opencode" });
  system.add({ pid: 11, uid: 0, executable: "/usr/libexec/ünï" });
  system.add({ pid: 12, uid: 502, executable: long });
  assert.equal(probe.executable(10), "/Users/a/.opencode/bin/opencode");
  assert.equal(probe.executable(12), long);
  assert.equal(probe.executable(11), "/usr/libexec/ünï", "nothing of the longer path before");
});

probing("no executable: gone, a zombie, or a file that was deleted", ({ system, probe }) => {
  system.add({ pid: 10, executable: "/bin/before" });
  system.add({ pid: 11, executable: "/bin/zombie", zombie: true });
  system.add({ pid: 12 });
  assert.equal(probe.executable(10), "/bin/before");
  for (const pid of [11, 12, 13]) assert.equal(probe.executable(pid), null);
});

probing("the working directory is told of the caller's processes only", ({ system, probe }) => {
  system.add({ pid: 10, directory: "/Users/a/über/project" });
  system.add({ pid: 11, uid: 502, directory: "/Users/b" });
  system.add({ pid: 12, directory: "" });
  system.add({ pid: 13, directory: "/zombie", zombie: true });
  assert.equal(probe.directory(10), "/Users/a/über/project");
  for (const pid of [11, 12, 13, 14]) assert.equal(probe.directory(pid), null);
});

probing("root is told every working directory", ({ system, probe }) => {
  system.caller({ pid: CALLER.pid, uid: 0 });
  system.add({ pid: 11, uid: 502, directory: "/Users/b" });
  assert.equal(probe.directory(11), "/Users/b");
});

for (const size of [-1, 0, 1, 1176, 2351, 2353]) {
  probing(`a working directory of ${size} bytes is not decoded`, ({ system, probe }) => {
    system.add({ pid: 10, directory: "/Users/a" });
    assert.equal(probe.directory(10), null);
  }, (calls) => ({
    ...calls,
    proc_pidinfo: (...args) => {
      calls.proc_pidinfo(...args);
      return size;
    },
  }));
}

live("the library is closed once, with the probe", NEEDS, () => {
  using system = new Standin();
  const library = Deno.dlopen(system.path, DARWIN_SYMBOLS);
  let closed = 0;
  {
    const close = () => {
      closed++;
      library.close();
    };
    using probe = new DarwinProbe(library.symbols, "x86_64", 77, close, () => null);
    assert.equal(probe.os, "darwin");
    assert.equal(probe.arch, "x86_64");
    assert.equal(probe.ownPid, 77);
    assert.equal(probe.ports(77), null, "what can't be loaded tells nothing");
    assert.equal(closed, 0);
  }
  assert.equal(closed, 1);
});

live("openDarwin takes the first library that loads, and this process as its own", NEEDS, () => {
  using system = new Standin();
  using probe = openDarwin(["/nonexistent/libSystem.B.dylib", system.path]);
  assert.equal(probe.ownPid, Deno.pid);
  assert.equal(probe.arch, Deno.build.arch);
  system.add({ pid: Deno.pid, name: "ocmem" });
  assert.deepEqual(wholeTable(probe).processes.map((process) => process.name), ["ocmem"]);
});

live("openDarwin says which libraries it could not load", NEEDS, () => {
  const paths = ["/nonexistent/a.dylib", "/nonexistent/b.dylib"];
  assert.throws(() => openDarwin(paths), (error: Error) => {
    assert(error instanceof UnsupportedError);
    for (const path of paths) assert(error.message.includes(path));
    return true;
  });
});
