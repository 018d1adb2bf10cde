/** `ocmem stop` on real processes. */

import assert from "node:assert/strict";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { act, type Acting, type Actor, castAs, NEEDS as ACTORS } from "./actor.ts";
import { type Line, linesOf, ocmem, ocmemStarted } from "./command_line.ts";
import { Children, stateOf, until } from "./processes.ts";
import { documented } from "./program.ts";
import { Terminal } from "./terminal.ts";

const LINUX = { Linux: Deno.build.os === "linux", ...ACTORS };
const ROOT = { ...LINUX, root: Deno.uid() === 0, setpriv: hasProgram("setpriv") };
const MIB = 1024 ** 2;

interface Row {
  readonly pid: number;
  readonly outcome: string;
  readonly refusal: string | null;
  readonly signals: readonly string[];
  readonly signalled_by: string | null;
  readonly waited_ms: number;
}

interface Document {
  readonly exit_code: number;
  readonly totals: { readonly ended: number; readonly reclaimed_bytes: number };
  readonly processes: readonly Row[];
}

/** Runs `stop --yes --json` to its end. */
async function stop(...words: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await ocmem("stop", ...words, "--yes", "--json");
  assert.equal(stderr, "");
  const document: Document = JSON.parse(stdout);
  assert.equal(document.exit_code, code);
  return document;
}

/** An actor named opencode, in a folder of its own, with children. */
async function withSession(
  acting: Acting & { readonly children?: number },
  body: (actor: Actor, folder: string) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const helper = castAs(`${folder.path}/mcp`);
  const spawn = Array<{ path: string; argv: string[] }>(acting.children ?? 0)
    .fill({ path: helper, argv: ["mcp"] });
  await body(await act(children, path, { spawn, cwd: folder.path, ...acting }), folder.path);
}

/** Whether a process is gone, or waits for its parent to take note. */
function isOver(pid: number): boolean {
  return (stateOf(pid) ?? "Z") === "Z";
}

/** Whether this libc has the functions for pidfds. */
function hasPidfd(): boolean {
  const symbol = { parameters: ["i32", "u32"], result: "i32", optional: true } as const;
  for (const path of LIBC_PATHS[Deno.build.arch] ?? []) {
    try {
      const library = Deno.dlopen(path, { pidfd_open: symbol });
      const has = library.symbols.pidfd_open !== null;
      library.close();
      return has;
    } catch {
      // Not on this system.
    }
  }
  return false;
}

live("a session and its children are ended, and their memory is told", LINUX, async () => {
  await withSession({ children: 2 }, async ({ child, pid, below }) => {
    await child.say(`p${40 * MIB}\n`);
    await child.line(/^done$/);
    const { exit_code, totals, processes } = await stop(String(pid));
    assert.equal(exit_code, 0);
    assert.deepEqual(processes.map((one) => one.pid).toSorted(), [pid, ...below].toSorted());
    for (const { outcome, signals, signalled_by } of processes) {
      assert.deepEqual([outcome, signals], ["ended", ["SIGTERM"]]);
      assert.equal(signalled_by, hasPidfd() ? "pidfd" : "pid");
    }
    assert.ok(totals.reclaimed_bytes >= 40 * MIB && totals.reclaimed_bytes < 60 * MIB);
    for (const one of [pid, ...below]) assert.ok(isOver(one));
  });
});

live("--only leaves the children", LINUX, async () => {
  await withSession({ children: 1 }, async ({ pid, below }) => {
    const { processes } = await stop(String(pid), "--only");
    assert.deepEqual(processes.map((one) => [one.pid, one.outcome]), [[pid, "ended"]]);
    assert.ok(!isOver(below[0]!));
  });
});

live("one that takes no SIGTERM still runs, and --force kills it", LINUX, async () => {
  await withSession({ stubborn: true, children: 1 }, async ({ pid, below }) => {
    const still = await stop(String(pid), "--grace", "100ms");
    assert.equal(still.exit_code, 1);
    assert.deepEqual(still.processes.map(({ outcome }) => outcome), Array(2).fill("still_running"));
    assert.ok(still.processes[0]!.waited_ms >= 100);
    assert.ok(!isOver(pid) && !isOver(below[0]!));
    const killed = await stop(String(pid), "--grace", "100ms", "--force");
    assert.equal(killed.exit_code, 0);
    assert.deepEqual(killed.processes.map(({ outcome }) => outcome), ["killed", "ended"]);
    assert.ok(isOver(pid) && isOver(below[0]!));
  });
});

live("root does not end another user's", ROOT, async () => {
  using folder = temporaryFolder();
  Deno.chmodSync(folder.path, 0o755);
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const child = children.start("setpriv", { args: [...user, path] });
  await child.line(/^ready/);
  const { exit_code, processes } = await stop(String(child.pid), "--force");
  assert.deepEqual(processes.map(({ outcome, refusal }) => [outcome, refusal]), [
    ["refused", "user"],
  ]);
  assert.equal(exit_code, 1);
  assert.ok(!isOver(child.pid));
});

live("a session that ocmem runs in is not ended", LINUX, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const line = [...documented(), "stop", "$PPID", "--yes", "--json"]
    .map((word) => word === "$PPID" ? word : `'${word}'`).join(" ");
  const argv = ["/bin/sh", "-c", `exec ${line}`];
  const env = { ACTOR_SPAWN: argv.join("\x1f").replace("/bin/sh", "/bin/sh\x1fsh") };
  const child = children.start(path, { env: { ...env, HOME: Deno.env.get("HOME") ?? "/" } });
  assert.equal((await child.line(/"outcome": "(\w+)"/))[1], "refused");
  assert.equal((await child.line(/"refusal": "(\w+)"/))[1], "ancestor");
  assert.ok(!isOver(child.pid));
});

live("pid 1, a pid of nobody, and no consent: nothing is sent", LINUX, async () => {
  await withSession({}, async ({ pid }) => {
    for (
      const words of [["1", "--yes"], ["2147483647", "--yes"], [], [String(Deno.pid), "--yes"]]
    ) {
      const { code, stdout } = await ocmem("stop", String(pid), ...words);
      assert.deepEqual([code, stdout], [64, ""]);
    }
    const dry = await ocmem("stop", String(pid), "--dry-run");
    assert.deepEqual([dry.code, dry.stderr], [0, ""]);
    assert.ok(!isOver(pid));
  });
});

const ANSWERS = [
  ["y", "Enter", 0, true],
  ["n", "Enter", 1, false],
  ["", "C-c", 130, false],
  ["", "C-d", 1, false],
] as const;

for (const [text, key, expected, ends] of ANSWERS) {
  const needs = { ...LINUX, tmux: hasProgram("tmux") };
  live(`on a terminal, ${text}${key}: exit code ${expected}`, needs, async () => {
    await withSession({}, async ({ pid }) => {
      await using terminal = new Terminal();
      const line = [...documented(), "stop", String(pid)].map((word) => `'${word}'`).join(" ");
      // The shell goes on after Ctrl-C.
      await terminal.open(`trap : INT\n${line}\necho "code $?"\nexec cat`);
      const shown = await terminal.shows(
        "the question",
        (lines) => lines.some((one) => /^Stop this process, .* \[y\/N\]/.test(one)),
      );
      assert.ok(shown.some((one) => one.includes(`${pid}  tui`)));
      if (text !== "") await terminal.tmux("send-keys", text);
      await terminal.tmux("send-keys", key);
      await terminal.shows("its end", (lines) => lines.includes(`code ${expected}`));
      assert.equal(isOver(pid), ends);
    });
  });
}

live("watch --on-critical stop ends what becomes critical", LINUX, async () => {
  await withSession({ children: 1, growth: 20 * MIB }, async ({ pid, below }) => {
    const limits = ["--warning", "20MiB", "--critical", "30MiB", "--interval", "50ms"];
    // Nobody else's: other tests have sessions, too.
    const only = ["--pid", String(pid), "--format", "ndjson"];
    const words = ["watch", "--on-critical", "stop", ...limits, ...only];
    await using watch = ocmemStarted(words);
    await watch.line(new RegExp(`"event":"found".*"pid":${pid},`));
    const told: Line = JSON.parse((await watch.line(/"event":"stopped"/)).input);
    assert.equal(told.pid, pid);
    assert.ok(isOver(pid) && isOver(below[0]!));
    // It ends with what it was to watch.
    const { code, stdout } = await watch.outcome();
    assert.equal(code, 0);
    assert.equal(linesOf(stdout).filter(({ event }) => event === "stopped").length, 1);
    await until("the child's end", () => isOver(below[0]!));
  });
});
