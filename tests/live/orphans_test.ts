/** Processes that are really left behind, and others that look like it, as `ocmem orphans` tells them. */

import assert from "node:assert/strict";
import { hasProgram, live, programPath, temporaryFolder } from "../support.ts";
import { act, type Acting, castAs, NEEDS as ACTORS } from "./actor.ts";
import { ocmem, ocmemJson } from "./command_line.ts";
import { Children, nameOf, procText, until } from "./processes.ts";
import { Terminal } from "./terminal.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
  setsid: hasProgram("setsid"),
  nohup: hasProgram("nohup"),
  ...ACTORS,
};

interface Orphan {
  readonly pid: number;
  readonly role: string;
  readonly conclusion: string;
  readonly footprint_bytes: number | null;
  readonly processes: number;
  readonly evidence: readonly { readonly kind: string }[];
}

/**
 * The line of a pid: its role, what is concluded, and why; or null if it is not listed. Of sessions
 * nothing is asked: whoever runs the tests may have some.
 */
async function toldOf(pid: number): Promise<string | null> {
  const { stdout, stderr, code } = await ocmem("orphans", "--json", "--no-sessions");
  assert.deepEqual([stderr, code], ["", 0]);
  const orphans: readonly Orphan[] = JSON.parse(stdout).orphans;
  const [found, ...more] = orphans.filter((one) => one.pid === pid);
  assert.equal(more.length, 0);
  if (!found) return null;
  const kinds = found.evidence.map(({ kind }) => kind).join(" ");
  return `${found.role} ${found.conclusion}: ${kinds}`;
}

/** True if the parent is one that inherits orphans: pid 1 or a user's systemd. */
function isInherited(pid: number): boolean {
  const parent = Number(/^PPid:\t(\d+)$/m.exec(procText(pid, "status"))?.[1]);
  return parent === 1 || nameOf(parent) === "systemd";
}

/** Starts an actor without a terminal whose parent ends, as the shell of a closed window does. */
async function leave(
  children: Children,
  path: string,
  args: readonly string[] = [],
  rest: Acting = {},
): Promise<number> {
  const starting = { ...rest, args: ["nohup", path, ...args], leave: true };
  const { pid } = await act(children, programPath("setsid")!, starting);
  await until("init to inherit it", () => isInherited(pid));
  return pid;
}

live("without parent and terminal: by what it is", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const left = "parent_gone no_terminal";
  assert.equal(await toldOf(await leave(children, path)), `tui likely: ${left}`);
  const run = await leave(children, path, ["run", "fix the bug"]);
  assert.equal(await toldOf(run), `run possible: ${left}`);
  const server = await leave(children, path, ["serve"]);
  assert.equal(await toldOf(server), `server possible: ${left}`);
});

live("its own parent, and all that is below it", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const { pid, child } = await act(children, path, { args: ["serve"] });
  assert.equal(await toldOf(pid), null);
  await child.end();
  const helper = castAs(`${folder.path}/gopls`);
  const spawn = [{ path: helper, argv: [helper] }, { path: helper, argv: [helper] }];
  const main = await leave(children, path, [], { spawn });
  const { stdout } = await ocmem("orphans", "--json", "--no-sessions");
  const found = JSON.parse(stdout).orphans.find((one: Orphan) => one.pid === main) as Orphan;
  assert.equal(found.processes, 3);
  assert.ok(found.footprint_bytes! > 0);
});

live("an executable that was removed is one more piece of evidence", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const pid = await leave(children, path);
  Deno.removeSync(path);
  assert.equal(
    await toldOf(pid),
    "tui likely: parent_gone no_terminal executable_deleted",
  );
});

live("what OpenCode started: nothing while it lives, then an orphan", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const opener = await act(children, path, { args: ["serve"] });
  const env = { OPENCODE_PID: String(opener.pid) };
  const shell = await leave(children, castAs(`${folder.path}/bash`), ["--stray"], { env });
  const server = await leave(children, path, ["serve", "--port", "1"], { env });
  assert.deepEqual([await toldOf(shell), await toldOf(server)], [null, null]);
  const fails = await ocmem("orphans", "--fail", "--no-sessions");
  await opener.child.end();
  const evidence = "parent_gone no_terminal opener_dead";
  assert.equal(await toldOf(shell), `orphan orphan: ${evidence}`);
  assert.equal(await toldOf(server), `server likely: ${evidence}`);
  const { code, stdout } = await ocmem("orphans", "--fail", "--no-sessions");
  assert.equal(code, 1);
  assert.match(stdout, /^\d+ may be orphans, .* could be reclaimed \(/);
  assert.match(stdout, new RegExp(`^ {4}to end it: ocmem stop ${shell}$`, "m"));
  // Others' orphans of this machine aside, there were none.
  assert.equal(fails.stdout.includes(`ocmem stop ${shell}`), false);
});

live("in tmux it is none; when the terminal goes, it is", {
  ...NEEDS,
  tmux: hasProgram("tmux"),
  mkfifo: hasProgram("mkfifo"),
}, async () => {
  await using children = new Children();
  await using terminal = new Terminal();
  const path = castAs(`${terminal.path}/opencode`);
  assert.ok(new Deno.Command("mkfifo", { args: [`${terminal.path}/fifo`] }).outputSync().success);
  // It reads from what stays open when its terminal is closed, and heeds no signal of that.
  const holding = children.start("/bin/sh", {
    args: ["-c", "exec 3>fifo; echo open; read line"],
    cwd: terminal.path,
  });
  await terminal.open("trap '' HUP\nexec ./opencode <fifo >out\n");
  await holding.line(/^open$/);
  const ready = () => /^ready (\d+)$/m.exec(readIfThere(`${terminal.path}/out`));
  await until("it to be ready", () => ready() !== null);
  const pid = Number(ready()![1]);
  children.expect(pid);
  assert.equal(Deno.readLinkSync(`/proc/${pid}/exe`), path);
  assert.equal(await toldOf(pid), null);
  await terminal.tmux("kill-server");
  await until("init to inherit it", () => isInherited(pid));
  assert.equal(await toldOf(pid), "tui likely: parent_gone no_terminal");
});

live("--role and --project choose among what really runs", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  Deno.mkdirSync(`${folder.path}/web`);
  const tui = await act(children, path, { cwd: `${folder.path}/web` });
  const server = await act(children, path, { args: ["serve"], cwd: folder.path });
  const pidsOf = async (...args: readonly string[]) =>
    (await ocmemJson("check", "--sort", "pid", "--project", ...args)).instances
      .map(({ processes }) => processes[0]!.pid);
  const both = [tui.pid, server.pid].sort((a, b) => a - b);
  assert.deepEqual(await pidsOf(folder.path), both);
  assert.deepEqual(await pidsOf(folder.path, "--top", "1"), both.slice(0, 1));
  assert.deepEqual(await pidsOf(`${folder.path}/web`), [tui.pid]);
  assert.deepEqual(await pidsOf(folder.path, "--role", "server"), [server.pid]);
});

/** The text of a file, or none while it is not there. */
function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
