/** The real outside: the shell, clocks and signals, standard output's reader, a terminal. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Order, Outcome } from "../../src/world.ts";
import { execute } from "../../src/world/shell.ts";
import { sleep } from "../../src/world/time.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { finished } from "./command_line.ts";
import { Child, stateOf, until } from "./processes.ts";

const NEVER = new AbortController().signal;
/** Longer than any test: it is never waited for, unless one fails. */
const LONG = 60_000;

function order(script: string, rest: Partial<Order> = {}): Order {
  return { script, args: [], env: {}, timeoutMs: LONG, ...rest };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Runs a script that says when it is `ready` ($READY), and then cuts it. */
async function cutWhenReady(script: string): Promise<Outcome> {
  using folder = temporaryFolder();
  const ready = `${folder.path}/ready`;
  const cut = new AbortController();
  const running = execute(order(script, { env: { READY: ready } }), cut.signal);
  await until("the script", () => exists(ready));
  cut.abort();
  return await running;
}

/** Whether there is a Linux process that still runs. */
function runs(pid: number): boolean {
  return (stateOf(pid) ?? "Z") !== "Z";
}

/** The pids that a script has printed. */
function pidsOf({ output }: Outcome & { readonly output: string }): number[] {
  return output.split("\n").filter((line) => /^\d+$/.test(line)).map(Number);
}

live("shell: the exit code, and what was written to both streams", {}, async () => {
  const cases: [string, number, string][] = [
    ["exit 0", 0, ""],
    ["exit 7", 7, ""],
    ["kill -9 $$", 137, ""],
    ["echo out; echo err >&2; exit 3", 3, "out\nerr"],
    ["echo err >&2", 0, "err"],
    ["printf '\\n one\\ntwo \\n\\n'", 0, "one\ntwo"],
    ["printf '\\377'", 0, "\ufffd"],
    ["cat", 0, ""],
  ];
  for (const [script, code, output] of cases) {
    const outcome = await execute(order(script), NEVER);
    assert.deepEqual(outcome, { kind: "done", code, output }, script);
  }
  const missing = await execute(order("no-such-program-anywhere"), NEVER);
  assert.ok(missing.kind === "done" && missing.code === 127);
  assert.match(missing.output, /no-such-program-anywhere.*not found/);
});

live(
  "shell: of a large output the start is kept, and nobody waits to write the rest",
  {},
  async () => {
    const script = "head -c 10000000 /dev/zero | tr '\\0' \"$0\"; echo end >&$1";
    for (
      const [to, output] of [["2", `${"o".repeat(4096)}\nend`], ["1", "o".repeat(4096)]] as const
    ) {
      const outcome = await execute(order(script, { args: ["o", to] }), NEVER);
      assert.deepEqual(outcome, { kind: "done", code: 0, output });
    }
    const both = "{ head -c 5000000 /dev/zero >&2 & head -c 5000000 /dev/zero; wait; } | wc -c";
    const { output } = await execute(order(`(${both}) 2>&1 >/dev/null`), NEVER) as {
      output: string;
    };
    assert.equal(output, "\0".repeat(4096));
  },
);

live("shell: arguments and environment arrive as they are", {}, async () => {
  const script = `printf '<%s>' "$OCMEM_A" "$OCMEM_B" "$0" "$@"`;
  const check = async (texts: readonly [string, string, string, string]) => {
    const [OCMEM_A, OCMEM_B, ...args] = texts;
    const outcome = await execute(order(script, { args, env: { OCMEM_A, OCMEM_B } }), NEVER);
    const output = texts.map((text) => `<${text}>`).join("");
    assert.deepEqual(outcome, { kind: "done", code: 0, output });
  };
  await check(["$(exit 9)", "`exit 9`", "; exit 9", "&& exit 9"]);
  await check(["'", '"', "\\", "'\"\\'"]);
  await check(["a\nb\n\n", "\n", "\r\t\x1b[2J", " "]);
  await check(["", "", "", ""]);
  await check(["$HOME", "${IFS}", "*", "~"]);
  await check(["-n", "%s%n", "-c", "--"]);
  await check(["=", "A=B", "日本", "\u{1f600}\u202e"]);
  const text = fc.string({ unit: "binary" })
    .map((text) => text.toWellFormed().replaceAll("\0", ""));
  await fc.assert(fc.asyncProperty(fc.tuple(text, text, text, text), check), { numRuns: 30 });
});

live("shell: its time is up", {}, async () => {
  const outcome = await execute(order("sleep 1000", { timeoutMs: 1 }), NEVER);
  assert.deepEqual(outcome, { kind: "ended", output: "" });
});

live("shell: more time than a timer can count is not none", {}, async () => {
  const script = "sleep 0.05; echo done";
  const outcome = await execute(order(script, { timeoutMs: 2 ** 31 + 5 }), NEVER);
  assert.deepEqual(outcome, { kind: "done", code: 0, output: "done" });
});

live("shell: cut before it began", {}, async () => {
  const outcome = await execute(order("sleep 1000"), AbortSignal.abort());
  assert.deepEqual(outcome, { kind: "ended", output: "" });
});

live("shell: nothing of a command's time is left when it is done", {}, async () => {
  // A timer or listener that stays fails here by the sanitizers, and below by its number.
  const cut = new AbortController();
  const counted = counting(cut.signal);
  await execute(order("exit 0"), cut.signal);
  assert.equal(counted.listeners, 0);
});

live("shell: cut, it ends with its children and theirs", {
  Linux: Deno.build.os === "linux",
}, async () => {
  const outcome = await cutWhenReady(
    `echo $$; sleep 1000 & echo $!; (sleep 1000 & echo $!; : >"$READY"; wait); echo never`,
  );
  assert.ok(outcome.kind === "ended");
  const pids = pidsOf(outcome);
  assert.equal(pids.length, 3);
  for (const pid of pids) await until(`the end of ${pid}`, () => !runs(pid));
  assert.doesNotMatch(outcome.output, /never/);
});

live("shell: who ignores being asked is killed", { Linux: Deno.build.os === "linux" }, async () => {
  const outcome = await cutWhenReady(
    `trap '' TERM; echo $$; sleep 1000 & echo $!; : >"$READY"; while :; do sleep 1000; done`,
  );
  assert.ok(outcome.kind === "ended");
  const pids = pidsOf(outcome);
  assert.equal(pids.length, 2);
  for (const pid of pids) await until(`the end of ${pid}`, () => !runs(pid));
});

live("shell: a child of the command has time to clean up, too", {}, async () => {
  // It begins when the shell itself has ended, and takes a tenth of the time.
  const handler = "while kill -0 $$ 2>/dev/null; do :; done; sleep 0.1; echo cleaned; exit";
  const outcome = await cutWhenReady(
    `(trap '${handler}' TERM; : >"$READY"; while :; do sleep 0.01; done); :`,
  );
  assert.ok(outcome.kind === "ended");
  assert.match(outcome.output, /^cleaned$/m);
});

live("shell: what it leaves behind may keep its output open", {}, async () => {
  const outcome = await execute(order("sleep 1000 & echo $!; exit 4"), NEVER);
  assert.ok(outcome.kind === "done");
  Deno.kill(Number(outcome.output), "SIGKILL");
  assert.equal(outcome.code, 4);
});

live("shell: what can't be started is refused with a reason", {}, async () => {
  const cases: [Partial<Order>, RegExp][] = [
    [{ args: ["a\0b"] }, /nul byte/],
    [{ env: { A: "a\0b" } }, /nul byte/],
    [{ env: { A: "a".repeat(8_000_000) } }, /too long/],
  ];
  for (const [rest, reason] of cases) {
    const outcome = await execute(order("exit 0", rest), NEVER);
    assert.ok(outcome.kind === "refused");
    assert.match(outcome.reason, reason);
  }
});

/** Runs a module of the project's folder with these grants and no others. */
async function module(
  code: string,
  ...grants: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  using folder = temporaryFolder();
  return await finished(Deno.execPath(), runArgs(folder.path, code, ...grants));
}

/** Arguments for Deno to run a module from a folder. */
function runArgs(folder: string, code: string, ...grants: readonly string[]): string[] {
  const file = `${folder}/module.ts`;
  Deno.writeTextFileSync(file, code.replaceAll("SRC", `${ROOT}src`));
  return ["run", "--quiet", "--no-prompt", "--no-config", ...grants, file];
}

const EXECUTE = `
import { execute } from "SRC/world/shell.ts";
const never = new AbortController().signal;
const run = (script: string, timeoutMs: number) =>
  execute({ script, args: [], env: { A: "a" }, timeoutMs }, never);
const show = (outcome: unknown) => console.log(JSON.stringify(outcome));
`;

live("shell: without the grant it is refused, and names the flag", {}, async () => {
  const code = `${EXECUTE} show(await run("exit 0", 1000));`;
  const reason = "it is not granted: run with --allow-run=/bin/sh";
  for (const grants of [[], ["--allow-run=/bin/cat"]]) {
    const { stdout, stderr } = await module(code, ...grants);
    assert.deepEqual([JSON.parse(stdout), stderr], [{ kind: "refused", reason }, ""]);
  }
});

live("shell: the grant to run it is enough", {}, async () => {
  const { stdout, stderr } = await module(
    `${EXECUTE} show(await run("echo $A; exit 5", ${LONG})); show(await run("sleep 1000", 1));`,
    "--allow-run=/bin/sh",
  );
  assert.equal(stderr, "");
  assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    { kind: "done", code: 5, output: "a" },
    { kind: "ended", output: "" },
  ]);
});

live("shell: a command does not read what is typed", {}, async () => {
  using folder = temporaryFolder();
  const code = `${EXECUTE} show(await run("cat; echo end", ${LONG}));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: runArgs(folder.path, code, "--allow-run=/bin/sh"),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const said = await new Response(child.stdout).json();
  await child.stdin.close();
  await child.status;
  assert.deepEqual(said, { kind: "done", code: 0, output: "end" });
});

live("shell: a command ends though nothing can be started to end it", {}, async () => {
  const { stdout, stderr } = await module(
    `${EXECUTE}
    const running = run("exec sleep 1000", 1);
    Deno.permissions.revokeSync({ name: "run", command: "/bin/sh" });
    show(await running);`,
    "--allow-run=/bin/sh",
  );
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), { kind: "ended", output: "" });
});

/** Counts who listens to a signal. */
function counting(signal: AbortSignal): { listeners: number } {
  const counted = { listeners: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    counted.listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    counted.listeners--;
    removeEventListener.apply(signal, args);
  };
  return counted;
}

live("sleep: ends by itself or by the cut, and leaves neither timer nor listener", {}, async () => {
  const cut = new AbortController();
  const counted = counting(cut.signal);
  for (const ms of [0, 1, 0.3, -5]) await sleep(ms, cut.signal);
  assert.equal(counted.listeners, 0);
  const sleeping = [sleep(LONG, cut.signal), sleep(LONG, cut.signal)];
  assert.equal(counted.listeners, 2);
  cut.abort();
  await Promise.all(sleeping);
  await sleep(LONG, cut.signal);
  assert.equal(counted.listeners, 0);
});

live("sleep: longer than a timer can count is not at once", {}, async () => {
  const cut = new AbortController();
  const order: string[] = [];
  const longest = [2 ** 31, 2 ** 40, Infinity].map((ms) =>
    sleep(ms, cut.signal).then(() => order.push("long"))
  );
  // Timers that overflow wait 1 ms, and those that began before end before.
  await sleep(2, NEVER).then(() => order.push("short"));
  cut.abort();
  await Promise.all(longest);
  assert.deepEqual(order, ["short", "long", "long", "long"]);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  live(
    `onStop: ${signal} is told until it is disposed, and then ends the process`,
    {},
    async () => {
      using folder = temporaryFolder();
      const code = `
      import { onStop } from "SRC/world/time.ts";
      const stdin = Deno.stdin.readable.getReader();
      const stop = onStop((signal) => console.log("asked by " + signal), () => false);
      console.log("ready");
      await stdin.read();
      stop[Symbol.dispose]();
      console.log("disposed");
      await stdin.read();
    `;
      const process = new Deno.Command(Deno.execPath(), {
        args: runArgs(folder.path, code),
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const child = new Child(process);
      try {
        await child.line(/^ready$/);
        for (let i = 0; i < 2; i++) {
          process.kill(signal);
          await child.line(new RegExp(`^asked by ${signal}$`));
        }
        await child.say("go\n");
        await child.line(/^disposed$/);
        process.kill(signal);
        assert.equal((await process.status).signal, signal);
      } finally {
        await child.end();
      }
    },
  );
}

const READ = `
import { isRead } from "SRC/ffi/open.ts";
await Deno.stdin.read(new Uint8Array(1));
console.error(String(isRead(1)), String(isRead(999)));
`;

/** What `isRead` says of a standard output that is as a shell text and a deed make it. */
async function readOf(
  redirection: string,
  grant: string,
  first: (child: Deno.ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  using folder = temporaryFolder();
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `exec "$0" "$@" ${redirection}`,
      Deno.execPath(),
      ...runArgs(folder.path, READ, grant),
    ],
    cwd: folder.path,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await first(child);
  await child.stdin.close();
  const said = await new Response(child.stderr).text();
  await child.status;
  if (!child.stdout.locked) await child.stdout.cancel();
  return said.trim();
}

live("standard output has a reader until the other end of a pipe is closed", {}, async () => {
  const close = (child: Deno.ChildProcess) => child.stdout.cancel();
  const ffi = "--allow-ffi";
  assert.equal(await readOf("", ffi), "true true", "a pipe that is read");
  assert.equal(await readOf("", ffi, close), "false true", "a pipe that is not");
  assert.equal(await readOf(">file", ffi, close), "true true");
  assert.equal(await readOf(">/dev/null", ffi, close), "true true");
  assert.equal(await readOf(">&-", ffi, close), "true true");
  assert.equal(await readOf("", "--deny-ffi", close), "true true", "nobody can tell");
});

const SCREEN = `
import { openScreen } from "SRC/world/screen.ts";
import { onStop } from "SRC/world/time.ts";
const log = (text: string) => Deno.writeTextFileSync("log", text + "\\n", { append: true });
const end = Promise.withResolvers<void>();
const stop = onStop(async (signal) => {
  log(signal);
  // The signal may come before the terminal has gone.
  while (Deno.stdin.isTerminal()) await new Promise((resolve) => setTimeout(resolve, 1));
  end.resolve();
}, () => false);
const screen = openScreen({
  key: (key) => {
    log("key " + JSON.stringify(key));
    if (key === "q") end.resolve();
  },
  resize: () => {
    log("resize");
    if (!Deno.stdin.isTerminal()) end.resolve();
  },
});
log("ready " + Deno.pid);
await end.promise;
screen[Symbol.dispose]();
stop[Symbol.dispose]();
// Who was told of a size before still would be before this one.
const told = Promise.withResolvers<void>();
Deno.addSignalListener("SIGWINCH", told.resolve);
Deno.kill(Deno.pid, "SIGWINCH");
await told.promise;
Deno.removeSignalListener("SIGWINCH", told.resolve);
const stty = new Deno.Command("/bin/sh", { args: ["-c", "stty -g </dev/tty"], stderr: "null" });
log("closed " + new TextDecoder().decode(stty.outputSync().stdout).trim());
`;

/** What the module has logged. */
function logOf(folder: string): string[] {
  try {
    return Deno.readTextFileSync(`${folder}/log`).trim().split("\n");
  } catch {
    return [];
  }
}

function logged(folder: string, line: RegExp): Promise<void> {
  return until(`${line}`, () => logOf(folder).some((one) => line.test(one)));
}

live(
  "screen: without a keyboard there are no keys, and the process ends by itself",
  {},
  async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    const child = new Deno.Command(Deno.execPath(), {
      args: runArgs(path, SCREEN, "-A"),
      cwd: path,
      stdin: "piped",
      stdout: "null",
    }).spawn();
    await logged(path, /^ready/);
    child.kill("SIGWINCH");
    assert.equal((await child.status).code, 0);
    await child.stdin.close();
    assert.deepEqual(logOf(path).slice(1).map((line) => line.split(" ")[0]), ["resize", "closed"]);
  },
);

/** A terminal of 80 by 24 in which a shell text runs, in a folder of its own. */
class Terminal implements AsyncDisposable {
  readonly #folder = temporaryFolder();

  get path(): string {
    return this.#folder.path;
  }

  async open(script: string): Promise<void> {
    const file = `${this.path}/run.sh`;
    Deno.writeTextFileSync(file, `cd '${this.path}'\n${script}`);
    await this.tmux("new-session", "-d", "-x", "80", "-y", "24", "/bin/sh", file);
  }

  async tmux(...args: readonly string[]): Promise<string> {
    const server = ["-u", "-f", "/dev/null", "-S", `${this.path}/tmux`];
    const { code, stdout, stderr } = await finished("tmux", [...server, ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may have ended with its last window.
    await this.tmux("kill-server").catch(() => {});
    this.#folder[Symbol.dispose]();
  }
}

const tmux = { tmux: hasProgram("tmux") };

/** The command that runs the module in a folder, as a shell text. */
function screenIn(folder: string): string {
  const words = [Deno.execPath(), ...runArgs(folder, SCREEN, "-A")];
  return words.map((word) => `'${word}'`).join(" ");
}

live(
  "screen: keys one by one and unechoed, sizes, and the terminal as it was before",
  tmux,
  async () => {
    await using terminal = new Terminal();
    const { path } = terminal;
    await terminal.open(`
    stty -g >before
    ${screenIn(path)}
    echo "exit $?" >>log
    stty -g >after
    echo over >>log
    cat
  `);
    await logged(path, /^ready/);
    const keys = ["a", "b", "c", "\x1b[A", "\x1b[B", "\x03", "\x1a", "é", "日", "\x1b[15~", "x"];
    await terminal.tmux("send-keys", "-l", "abc");
    await terminal.tmux("send-keys", "Up", "Down", "C-c", "C-z", "é", "日", "F5", "x");
    await logged(path, /^key "x"$/);
    assert.deepEqual(logOf(path).slice(1), keys.map((key) => `key ${JSON.stringify(key)}`));
    assert.equal((await terminal.tmux("capture-pane", "-p")).trim(), "", "nothing is echoed");
    await terminal.tmux("resize-window", "-x", "100", "-y", "30");
    await logged(path, /^resize$/);
    await terminal.tmux("send-keys", "q");
    // The process ends by itself, though it was waiting for a key.
    await logged(path, /^over$/);
    const mode = (file: string) => Deno.readTextFileSync(`${path}/${file}`).trim();
    const rest = logOf(path).filter((line) => line !== "resize").slice(1 + keys.length);
    assert.deepEqual(rest, ['key "q"', `closed ${mode("before")}`, "exit 0", "over"]);
    assert.equal(mode("after"), mode("before"));
  },
);

live("screen: a terminal that goes away ends it quietly", tmux, async () => {
  await using terminal = new Terminal();
  const { path } = terminal;
  await terminal.open(`exec ${screenIn(path)} 2>errors`);
  await logged(path, /^ready/);
  const pid = Number(logOf(path)[0]!.split(" ")[1]);
  await terminal.tmux("kill-server");
  await logged(path, /^closed/);
  await until("its end", () => !runs(pid));
  assert.deepEqual(logOf(path).slice(1), ["SIGHUP", "closed"]);
  assert.equal(Deno.readTextFileSync(`${path}/errors`), "");
});
