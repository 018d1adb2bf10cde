/** How processes stand: texts of /proc, launchd's mark, records of macOS, and this machine. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import { isOfService, standingOf, terminalOf } from "../../src/ffi/linux_standing.ts";
import { isLaunchdJob } from "../../src/ffi/marks.ts";
import { openLinux } from "../../src/ffi/open.ts";
import { CALLER } from "../standin/standin.ts";
import { hasProgram, live, pure } from "../support.ts";
import { nulJoined, utf8 } from "./facts.ts";
import { probing } from "./probing.ts";

pure("Linux: tty_nr is the fifth field behind the name, whatever the name is", () => {
  assert.equal(terminalOf("77 (opencode) S 1 77 77 0 -1 4194560"), false);
  // 34816: /dev/pts/0, the major number 136 in the second byte.
  assert.equal(terminalOf("77 (opencode) S 1 77 77 34816 77 4194560"), true);
  assert.equal(terminalOf("77 (a) S 1 2 3 0 5 (b)) S 1 77 77 34816 77 0"), true);
  assert.equal(terminalOf("77 (a) S 1 2 3 4 5 (b)) S 1 77 77 0 -1 0"), false);
  for (
    const text of ["", "77 (opencode", "77 (opencode)", "77 (x) S 1 77 77", "77 (x) S 1 2 3 x 5"]
  ) {
    assert.equal(terminalOf(text), null, text);
  }
});

pure("Linux: what can't be read is not known; without its stat a process is gone", () => {
  // Fields 10 to 21, and the start in ticks.
  const start = "0 0 0 0 0 0 0 0 20 0 1 0 555 0 0\n";
  const stat = utf8(`77 (opencode) S 1 77 77 0 -1 4194560 ${start}`);
  const key = { pid: 77, started: "555" };
  const standing = (stat: Uint8Array | "gone", group: Uint8Array | "denied") =>
    standingOf(key, (file) => file === "stat" ? stat : group);
  const service = utf8("0::/system.slice/opencode.service\n");
  assert.deepEqual(standing(stat, service), { hasTerminal: false, isService: true });
  assert.deepEqual(standing(stat, "denied"), { hasTerminal: false, isService: null });
  assert.deepEqual(standing(stat, utf8("")), { hasTerminal: false, isService: null });
  assert.equal(standing("gone", service), null);
  assert.equal(standing(utf8(""), service), null);
  assert.equal(standingOf({ ...key, started: "556" }, () => stat), null);
});

const GROUPS: readonly (readonly [string, boolean | null])[] = [
  ["", null],
  ["\n", null],
  ["4:memory:/system.slice/opencode.service", null],
  ["0::/", false],
  ["0::/init.scope", false],
  ["0::/system.slice/opencode.service", true],
  ["0::/system.slice/opencode@web.service", true],
  ["0::/system.slice/system-opencode.slice/opencode@web.service/worker", true],
  ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/opencode.service", true],
  ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-u71.service", true],
  ["12:pids:/x\n1:name=systemd:/system.slice/opencode.service\n0::/", true],
  ["0::/user.slice/user-1000.slice/session-3.scope", false],
  ["0::/user.slice/user-1000.slice/user@1000.service/init.scope", false],
  ["0::/user.slice/user-1000.slice/user@1000.service/tmux.service", false],
  ["0::/user.slice/user-1000.slice/user@1000.service/tmux-spawn-8a.scope", false],
  [
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope",
    false,
  ],
  [
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/gnome-terminal-server.service",
    false,
  ],
  [
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.konsole@8f.service",
    false,
  ],
  [
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/dbus-:1.2-org.gnome.Console@0.service",
    false,
  ],
  ["0::/user.slice/user-1000.slice/user@1000.service", false],
  ["0::/system.slice/ssh.service", false],
  ["0::/system.slice/sshd@4-10.0.0.1:22.service", false],
  ["0::/system.slice/cron.service", false],
  ["0::/system.slice/crond.service", false],
  ["0::/system.slice/cron-opencode.service", true],
  ["0::/system.slice/console-getty.service", false],
  ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/tmux@main.service", false],
  ["0::/system.slice/ssh@4-10.0.0.1:22.service", false],
  ["0::/system.slice/loginpage.service", true],
  ["0::/system.slice/system-getty.slice/getty@tty1.service", false],
  ["0::/system.slice/docker-0123abcd.scope", false],
  ["0::/docker/0123abcd", false],
];

for (const [text, expected] of GROUPS) {
  pure(`Linux: ${JSON.stringify(text)} is of a service: ${expected}`, () => {
    assert.equal(isOfService(text), expected);
    assert.equal(isOfService(`${text}\n`), expected);
  });
}

pure("Linux: any text is read", () => {
  const part = fc.constantFrom(
    "/",
    "0::",
    "x.service",
    "y.scope",
    "\n",
    ":",
    "1:name=systemd:",
    "@",
  );
  fc.assert(fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
    assert.ok([true, false, null].includes(isOfService(parts.join(""))));
    assert.ok([true, false, null].includes(terminalOf(parts.join(""))));
  }));
});

pure("launchd: a job is what has a name of its own", () => {
  const job = (...entries: readonly string[]) => isLaunchdJob(nulJoined(entries.map(utf8)));
  assert.equal(isLaunchdJob(new Uint8Array()), false);
  assert.equal(job("HOME=/Users/a"), false);
  assert.equal(job("HOME=/Users/a", "XPC_SERVICE_NAME=dev.opencode", "A=1"), true);
  assert.equal(job("XPC_SERVICE_NAME=0"), false);
  assert.equal(job("XPC_SERVICE_NAME=00"), true);
  assert.equal(job("XPC_SERVICE_NAME="), false);
  // What a terminal within an app inherits from it.
  assert.equal(job("XPC_SERVICE_NAME=application.com.microsoft.VSCode.5958.6112"), false);
  assert.equal(job("XPC_SERVICE_NAME=0", "XPC_SERVICE_NAME=x"), false);
  assert.equal(job("MY_XPC_SERVICE_NAME=x", "A=XPC_SERVICE_NAME=x", "XPC_SERVICE_NAME"), false);
  // Cut off.
  assert.equal(isLaunchdJob(utf8("XPC_SERVICE_NAME=dev.op")), false);
});

pure("launchd: whatever the other entries are", () => {
  const entry = fc.array(fc.integer({ min: 1, max: 255 })).map((bytes) => new Uint8Array(bytes));
  fc.assert(fc.property(fc.array(entry), fc.array(entry), (a, b) => {
    assert.equal(isLaunchdJob(nulJoined([...a, ...b])), false);
    assert.equal(isLaunchdJob(nulJoined([...a, utf8("XPC_SERVICE_NAME=x"), ...b])), true);
  }));
});

const NONE = { hasTerminal: false, isService: false };

probing("macOS: terminal and launchd's mark", ({ probe, process }) => {
  const argv = ["opencode"], environment = ["HOME=/Users/a"];
  const job = [...environment, "XPC_SERVICE_NAME=dev.opencode"];
  const at = (script: object) => probe.standing(process({ pid: 10, argv, environment, ...script }));
  assert.deepEqual(at({ pid: 10 }), NONE);
  assert.deepEqual(at({ pid: 11, terminal: 0x10000003 }), { ...NONE, hasTerminal: true });
  assert.deepEqual(at({ pid: 12, terminal: 0 }), { ...NONE, hasTerminal: true });
  assert.deepEqual(at({ pid: 13, environment: job }), { ...NONE, isService: true });
  // Another user's arguments are refused, and with them the environment.
  assert.deepEqual(at({ pid: 14, uid: CALLER.uid + 1 }), { ...NONE, isService: null });
});

probing("macOS: what the kernel leaves out is not known", ({ system, probe, process }) => {
  const row = process({ pid: 10, argv: ["opencode"], environment: ["XPC_SERVICE_NAME=x"] });
  system.restrict(10);
  assert.deepEqual(probe.standing(row), { hasTerminal: false, isService: null });
});

probing("macOS: a process that is gone, or another of its pid", ({ system, probe, process }) => {
  const row = process({ pid: 10, argv: ["opencode"], startSeconds: 5 });
  system.remove(10);
  assert.equal(probe.standing(row), null);
  const other = process({ pid: 10, argv: ["opencode"], startSeconds: 6 });
  assert.equal(probe.standing(row), null);
  assert.deepEqual(probe.standing(other)?.hasTerminal, false);
  system.dies(10, "one_process");
  assert.equal(probe.standing(other), null);
});

live("Linux: as ps tells it", { Linux: Deno.build.os === "linux", ps: hasProgram("ps") }, () => {
  using probe = openLinux(LIBC_PATHS[Deno.build.arch] ?? []);
  const table = probe.processTable();
  const args = ["-e", "-o", "pid=,tty=,lstart="];
  const { stdout } = new Deno.Command("ps", { args }).outputSync();
  let seen = 0;
  for (const line of new TextDecoder().decode(stdout).trim().split("\n")) {
    const [, pid, tty] = /^\s*(\d+)\s+(\S+)/.exec(line)!;
    const row = table.get(Number(pid));
    const standing = row && probe.standing(row);
    if (!standing) continue;
    seen++;
    assert.equal(standing.hasTerminal, tty !== "?", line);
  }
  assert.ok(seen > 0);
  const own = table.get(1) ?? table.get(Deno.ppid)!;
  assert.equal(probe.standing({ ...own, key: { ...own.key, started: "1x" } }), null);
  assert.equal(probe.standing({ ...own, key: { pid: 2 ** 22 + 1, started: "1" } }), null);
});
