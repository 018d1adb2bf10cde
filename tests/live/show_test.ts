/** What `ocmem show` tells of real processes, and of what was recorded of one. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS } from "./actor.ts";
import { ocmem } from "./command_line.ts";
import { HistoryHome } from "./history_home.ts";
import { Children, until } from "./processes.ts";

const MIB = 1024 ** 2;

// deno-lint-ignore no-explicit-any
type Document = any;

async function shown(pid: number, ...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await ocmem("show", `${pid}`, "--json", ...args);
  assert.deepEqual([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

live("a session and its children: each shown in the same tree", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const helper = castAs(`${folder.path}/gopls`);
  const { pid, below } = await act(children, path, {
    args: ["--port", "0"],
    cwd: folder.path,
    spawn: [{ path: helper, argv: [helper, "--token", "s3cret"] }],
  });
  const [child] = below as [number];
  const session = await shown(pid, "--warning", "1");
  assert.deepEqual([session.process.role, session.process.level], ["tui", "warning"]);
  assert.equal(session.process.executable, path);
  assert.deepEqual([session.cwd, session.process.ppid], [folder.path, Deno.pid]);
  assert.deepEqual(session.ancestors[0].pid, Deno.pid);
  assert.ok(session.uptime_ms >= 0 && session.uptime_ms < 600_000);
  const pids = (document: Document) =>
    document.instance.processes.map((one: Document) => [one.pid, one.depth]);
  assert.deepEqual(pids(session), [[pid, 0], [child, 1]]);
  // Its parent lives: nothing is left behind.
  assert.deepEqual([session.standing.pid, session.standing.conclusion], [pid, null]);
  assert.equal(session.resume, `cd '${folder.path}' && opencode --continue`);
  const below1 = await shown(child, "--no-sessions");
  assert.deepEqual(pids(below1), pids(session));
  assert.deepEqual(below1.process.command_line, [helper, "--token", "***"]);
  assert.deepEqual(below1.ancestors.slice(0, 2).map((one: Document) => one.pid), [pid, Deno.pid]);
  const { stdout } = await ocmem("show", `${child}`, "--no-sessions", "--color", "never");
  assert.match(stdout, new RegExp(`^ *> ${child} +└ child `, "m"));
});

live("a process that is not OpenCode's; one that has ended; ocmem's parent", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/agent`);
  const { pid, child } = await act(children, path);
  const { process, instance } = await shown(pid);
  assert.deepEqual([process.role, process.matched_by], ["pid", "pid"]);
  assert.deepEqual(instance.processes.map((one: Document) => one.pid), [pid]);
  await child.end();
  const { code, stdout, stderr } = await ocmem("show", `${pid}`);
  assert.deepEqual([code, stdout], [64, ""]);
  assert.match(stderr, new RegExp(`^ocmem: Cannot show ${pid}: no such process`));
  // What runs below it is ocmem, which never counts itself.
  const own = await shown(Deno.pid);
  assert.equal(own.process.pid, Deno.pid);
});

live("what was recorded of it, and of none that had its pid", NEEDS, async () => {
  using folder = temporaryFolder();
  using home = new HistoryHome();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const { pid, child } = await act(children, path, { args: ["serve"] });
  const unrecorded = await home.run("show", `${pid}`, "--json", "--no-sessions");
  assert.deepEqual([unrecorded.code, JSON.parse(unrecorded.stdout).trend], [0, null]);
  // Nothing is made where nothing was.
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
  {
    await using watching = home.watch([pid], "--interval", "20ms");
    await watching.record(/"event":"found"/);
    await child.say(`p${64 * MIB}\n`);
    await child.line(/^done$/);
    // Two looks more: one of them began after that.
    const looks = () => home.rows("SELECT count(*) FROM look")[0]![0] as number;
    const before = looks();
    await until("two more looks", () => looks() >= before + 2);
    watching.kill("SIGTERM");
    assert.equal((await watching.outcome()).code, 0);
  }
  const { code, stdout, stderr } = await home.run("show", `${pid}`, "--json", "--no-sessions");
  assert.deepEqual([code, stderr], [0, ""]);
  const { trend, notes } = JSON.parse(stdout);
  assert.deepEqual(notes, []);
  const [[count]] = home.rows("SELECT count(*) FROM look") as [[number]];
  assert.equal(trend.count, count);
  // 64 MiB were taken, and a little may have come by itself.
  assert.ok(trend.growth_bytes >= 64 * MIB && trend.growth_bytes < 70 * MIB, stdout);
  const text = await home.run("show", `${pid}`, "--no-sessions", "--color", "never");
  assert.match(text.stdout, new RegExp(`^  since .*, ${count} readings$`, "m"));
  assert.match(text.stdout, /^ {2}growth {6}\+6\d(?:\.\d+)? MiB, slope /m);
  const named = await home.run("show", `${pid}`, "--json", "--database", `${home.path}/none.db`);
  assert.match(JSON.parse(named.stdout).notes.join(), /Cannot read the history .*none\.db/);
});
