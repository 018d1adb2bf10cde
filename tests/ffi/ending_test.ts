/** Signals through the C library: which call is made, what its failures mean, and what is never asked. */

import assert from "node:assert/strict";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import { DarwinEnder, LinuxEnder } from "../../src/ffi/ending.ts";
import {
  DARWIN_ENDING_SYMBOLS,
  ERRNO,
  LINUX_ENDING_SYMBOLS,
  type LinuxEndingCalls,
  SIGNALS,
} from "../../src/ffi/ending_abi.ts";
import { openLinuxEnder } from "../../src/ffi/open_ender.ts";
import type { Hold } from "../../src/ender.ts";
import { DarwinProbe } from "../../src/ffi/darwin.ts";
import { DARWIN_SYMBOLS } from "../../src/ffi/darwin_abi.ts";
import { runFake } from "../fake_world.ts";
import { CALLER, NEEDS, Standin } from "../standin/standin.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";

const LINUX = { Linux: Deno.build.os === "linux" };
const [EPERM, ESRCH, EINVAL, ENOSYS] = [1, 3, 22, 38];

/** What stands in for libc: each call fails with the errno that is set for it, and is noted. */
interface Table {
  readonly calls: string[];
  readonly ender: LinuxEnder;
}

function table(errnos: Readonly<Record<string, number>>, without: readonly string[] = []): Table {
  const calls: string[] = [];
  const errno = new Int32Array(1);
  const library = Deno.dlopen(libc(), { memcpy: LINUX_ENDING_SYMBOLS.memcpy });
  const call = (name: string, result: number) => (...args: readonly unknown[]) => {
    calls.push(`${name} ${args.join(" ")}`.trim());
    errno[0] = errnos[name] ?? 0;
    return errno[0] === 0 ? result : -1;
  };
  const all = {
    pidfd_open: call("pidfd_open", 77),
    pidfd_send_signal: call("pidfd_send_signal", 0),
    close: call("close", 0),
    kill: call("kill", 0),
    memcpy: library.symbols.memcpy,
    __errno_location: () => Deno.UnsafePointer.of(errno),
    ...Object.fromEntries(without.map((name) => [name, null])),
  } as unknown as LinuxEndingCalls;
  return { calls, ender: new LinuxEnder(all, 4321, () => library.close()) };
}

function libc(): string {
  return LIBC_PATHS[Deno.build.arch]!.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  })!;
}

/** The hold on a process. Throws if there is none. */
function held(hold: Hold | string): Hold {
  if (typeof hold === "string") throw new Error(hold);
  return hold;
}

live("a pidfd is opened once, takes every signal, and is closed once", LINUX, () => {
  const { calls, ender } = table({});
  const hold = held(ender.hold(10));
  assert.equal(hold.by, "pidfd");
  assert.deepEqual([hold.send("SIGTERM"), hold.send("SIGKILL")], [null, null]);
  hold[Symbol.dispose]();
  hold[Symbol.dispose]();
  assert.equal(hold.send("SIGKILL"), "gone");
  ender[Symbol.dispose]();
  assert.deepEqual(calls, [
    ...["pidfd_open 10 0", "pidfd_send_signal 77 15  0", "pidfd_send_signal 77 9  0"],
    "close 77",
  ]);
});

live("failures of the second call say why, and the pidfd is closed all the same", LINUX, () => {
  const cases = [[ESRCH, "gone"], [EPERM, "denied"], [EINVAL, "unsupported"], [
    ENOSYS,
    "unsupported",
  ]] as const;
  for (const [errno, why] of cases) {
    const { calls, ender } = table({ pidfd_send_signal: errno });
    const hold = held(ender.hold(10));
    assert.equal(hold.send("SIGTERM"), why);
    hold[Symbol.dispose]();
    ender[Symbol.dispose]();
    assert.deepEqual(calls.at(-1), "close 77");
    // Never in its place: the pid may be another's by now.
    assert.ok(!calls.some((call) => call.startsWith("kill")));
  }
});

live("without pidfds it is kill, and that is said", LINUX, () => {
  const ways = [
    table({ pidfd_open: ENOSYS }),
    table({ pidfd_open: EPERM }),
    table({}, ["pidfd_open", "pidfd_send_signal"]),
    table({}, ["pidfd_send_signal"]),
  ];
  for (const { calls, ender } of ways) {
    const hold = held(ender.hold(10));
    assert.equal(hold.by, "pid");
    assert.equal(hold.send("SIGTERM"), null);
    assert.equal(calls.at(-1), "kill 10 15");
    hold[Symbol.dispose]();
    ender[Symbol.dispose]();
  }
  for (const [errno, why] of [[ESRCH, "gone"], [EPERM, "denied"]] as const) {
    const { ender } = table({ kill: errno }, ["pidfd_open"]);
    assert.equal(held(ender.hold(10)).send("SIGTERM"), why);
    ender[Symbol.dispose]();
  }
  const { ender } = table({ pidfd_open: ESRCH });
  assert.equal(ender.hold(10), "gone");
  ender[Symbol.dispose]();
});

live("what is no pid of one process is never handed to the library", LINUX, () => {
  for (const pid of [1, 0, -1, -10, NaN, Infinity, 1.5, 2 ** 31, 2 ** 32 + 10]) {
    for (const without of [[], ["pidfd_open"]]) {
      const { calls, ender } = table({}, without);
      assert.equal(ender.hold(pid), "denied");
      assert.deepEqual(calls, []);
      ender[Symbol.dispose]();
    }
  }
});

live("signals, errnos and prototypes are those of the C compiler's headers", {
  ...LINUX,
  cc: hasProgram("cc"),
}, () => {
  const source = [
    "#define _GNU_SOURCE",
    ...["signal.h", "errno.h", "unistd.h", "string.h"].map((header) => `#include <${header}>`),
    // sys/pidfd.h is there with the functions.
    ...["#if __has_include(<sys/pidfd.h>)", "#include <sys/pidfd.h>"],
    "int (*p0)(pid_t, unsigned int) = pidfd_open;",
    "int (*p1)(int, int, siginfo_t *, unsigned int) = pidfd_send_signal;",
    ...["#endif", "int (*p2)(pid_t, int) = kill;", "int (*p3)(int) = close;"],
    ...Object.entries({ ...SIGNALS, ...ERRNO }).map(([name, value]) =>
      `_Static_assert(${name} == ${value}, "");`
    ),
    '_Static_assert(sizeof(pid_t) == 4 && sizeof(int) == 4, "");',
  ].join("\n");
  using folder = temporaryFolder();
  const compile = (text: string) => {
    Deno.writeTextFileSync(`${folder.path}/facts.c`, text + "\n");
    const args = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", `${folder.path}/facts.c`];
    return new Deno.Command("cc", { args, stderr: "null" }).outputSync().success;
  };
  assert.ok(compile(source));
  assert.ok(!compile(source.replace("SIGTERM == 15", "SIGTERM == 1")));
});

live("a real process is ended by the real library", LINUX, async () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const child = new Deno.Command("sleep", { args: ["1000"] }).spawn();
    const ender = openLinuxEnder(LIBC_PATHS[Deno.build.arch]!);
    const hold = held(ender.hold(child.pid));
    assert.equal(hold.send(signal), null);
    assert.equal((await child.status).signal, signal);
    // It was reaped: whoever has its number now is out of reach.
    assert.equal(hold.send(signal), "gone");
    hold[Symbol.dispose]();
    assert.equal(ender.ownPid, Deno.pid);
    ender[Symbol.dispose]();
  }
});

/** Runs `stop` on the stand-in libSystem. */
async function stopOnStandin(system: Standin, args: string) {
  const probe = Deno.dlopen(system.path, DARWIN_SYMBOLS);
  const ending = Deno.dlopen(system.path, DARWIN_ENDING_SYMBOLS);
  const { out, err, code } = await runFake(["stop", "--json", "--yes", ...args.split(" ")], {
    probe: new DarwinProbe(
      probe.symbols,
      "aarch64",
      CALLER.pid,
      () => probe.close(),
      () => null,
    ),
    // The scripted World does not dispose of it.
    ender: new DarwinEnder(ending.symbols, CALLER.pid, () => {}),
  });
  ending.close();
  assert.equal(err, "");
  assert.deepEqual(system.violations(), []);
  return { code, processes: JSON.parse(out).processes };
}

const MEMORY = { resident: 1, footprint: 2 ** 20, peak: 2 ** 20 };
const SESSION = {
  ...{ name: "opencode", executable: "/b/opencode", argv: ["opencode"], directory: "/w" },
  ...{ task: MEMORY, rusage: MEMORY },
};

live(
  "macOS: processes are ended by kill; another user's, and what ocmem is below, are not",
  NEEDS,
  async () => {
    using system = new Standin();
    system.add({ pid: CALLER.pid, name: "ocmem", ppid: 50 });
    system.add({ pid: 50, ppid: 1, ...SESSION, startSeconds: 3 });
    system.add({ pid: 10, ppid: 1, ...SESSION, startSeconds: 5 });
    system.add({
      pid: 11,
      ppid: 10,
      ...SESSION,
      name: "node",
      executable: "/b/node",
      argv: ["node"],
    });
    system.add({ pid: 20, ppid: 1, ...SESSION, uid: 502 });
    const { code, processes } = await stopOnStandin(system, "10 20 50");
    const told = processes.map((one: Record<string, unknown>) =>
      [one.pid, one.outcome, one.refusal, one.signalled_by].join(" ")
    );
    assert.deepEqual(told.toSorted(), [
      "10 ended  pid",
      "11 ended  pid",
      "20 refused user ",
      "50 refused ancestor ",
    ]);
    assert.equal(code, 1);
    assert.equal(system.calls("kill"), 2);
  },
);
