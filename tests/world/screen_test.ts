/** Keys, sizes and the mode of a real terminal, and what there is without one. */

import assert from "node:assert/strict";
import { runArgs } from "../live/module.ts";
import { until } from "../live/processes.ts";
import { Terminal } from "../live/terminal.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { runs } from "./outside.ts";

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
