/** Several of the real OpenCode at once, each started in another way: what is told of each, and of none else. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { calmly } from "./calm.ts";
import { type Document, finished, rowOf } from "./command_line.ts";
import { homeIn, makeSession, needs, openCode, serve } from "./opencode.ts";
import { Children, stateOf, until } from "./processes.ts";
import { documented } from "./program.ts";
import { freeAddress } from "./prometheus.ts";
import { Provider } from "./provider.ts";
import { Terminal } from "./terminal.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  ...needs(),
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
  tmux: hasProgram("tmux"),
  Linux: Deno.build.os === "linux",
};

const SIZE = { columns: 100, rows: 30 };

interface Session {
  readonly id: string;
  readonly certainty: string;
}

type Instance = Document["instances"][number] & { readonly sessions: readonly Session[] };

/** What a command says as JSON, with OpenCode's data in this folder. */
async function json(folder: string, ...args: readonly string[]) {
  const [program, ...words] = documented();
  const env = { XDG_DATA_HOME: homeIn(folder).XDG_DATA_HOME! };
  const { stdout, stderr } = await finished(program, [...words, ...args, "--json"], env);
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

/** The instance of a process, which is its only one and counts it once. */
function instanceOf(document: Document, pid: number): Instance {
  rowOf(document, pid);
  return document.instances.find((one) =>
    one.processes.some((row) => row.pid === pid)
  ) as unknown as Instance;
}

live("serve, run, attach, acp and tui of the real OpenCode at once", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  await using provider = new Provider(folder.path);
  await using left = new Terminal();
  await using right = new Terminal();
  const env = homeIn(folder.path);
  const [running, agent, typing, looking] = ["run", "acp", "tui", "attach"].map((name) => {
    Deno.mkdirSync(`${folder.path}/${name}`);
    return `${folder.path}/${name}`;
  }) as [string, string, string, string];
  const port = Number(freeAddress().split(":").at(-1));
  const server = await serve(children, folder.path, { port });
  const served = await makeSession(server.url, "Served");
  const own = await makeSession(server.url, "Typed", typing);

  // It reads its input to the end before it begins.
  const script = ["-c", 'exec "$0" run "Do it" </dev/null', openCode()];
  const run = children.start("/bin/sh", { args: script, cwd: running, env });
  const acp = children.start(openCode(), { args: ["acp"], cwd: agent, env });
  await acp.say('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}\n');
  const args = ["attach", server.url, "--session", served];
  const attach = await left.launch(openCode(), { args, cwd: looking, env }, SIZE);
  const tui = await right.launch(openCode(), { args: ["--session", own], cwd: typing, env }, SIZE);
  for (const pid of [attach, tui]) children.expect(pid);
  await acp.line(/"protocolVersion":1/);
  await until("a request to the provider", () => provider.requests > 0);
  await left.shows("its screen", (lines) => lines.some((line) => line.includes("/project")));
  await right.shows("its screen", (lines) => lines.some((line) => line.includes("/tui")));

  const pids = [server.child.pid, run.pid, attach, acp.pid, tui];
  const document: Document = await calmly(
    () => json(folder.path, "list"),
    ...pids,
    folder.path,
  );
  const told = (pid: number) => {
    const { role, cwd, processes, sessions } = instanceOf(document, pid);
    assert.deepEqual([processes[0]!.pid, processes[0]!.role], [pid, role]);
    return { role, cwd, sessions: sessions.map(({ id, certainty }) => `${id} ${certainty}`) };
  };
  const [made] = instanceOf(document, run.pid).sessions;
  assert.ok(made && made.id !== served && made.id !== own);
  // It knows of all that the database has, and no more of whose they are.
  const all = [made.id, own, served].map((id) => `${id} shared`);
  assert.deepEqual(told(server.child.pid), { role: "server", cwd: server.cwd, sessions: all });
  const likely = [`${made.id} likely`];
  assert.deepEqual(told(run.pid), { role: "run", cwd: running, sessions: likely });
  const its = (id: string) => [`${id} certain`];
  assert.deepEqual(told(attach), { role: "attach", cwd: looking, sessions: its(served) });
  assert.deepEqual(told(tui), { role: "tui", cwd: typing, sessions: its(own) });
  // It serves as well, if to one client: it may tell what the database has, and holds none of it.
  const { sessions: theirs, ...agents } = told(acp.pid);
  assert.deepEqual(agents, { role: "acp", cwd: agent });
  assert.deepEqual(theirs.filter((one) => !all.includes(one)), []);

  const limits = ["--warning", "100GiB", "--critical", "100GiB"];
  const checked: Document = await json(folder.path, "check", ...limits);
  const instances = pids.map((pid) => instanceOf(checked, pid));
  assert.equal(new Set(instances).size, pids.length);
  assert.deepEqual(instances.map(({ level }) => level), pids.map(() => "normal"));
  const { orphans } = await json(folder.path, "orphans");
  const named = orphans.map(({ pid }: { pid: number }) => pid);
  assert.deepEqual(pids.filter((pid) => named.includes(pid)), []);

  // What is over is told of no longer.
  provider.answer();
  await until("the end of run", () => (stateOf(run.pid) ?? "Z") === "Z");
  const later: Document = await json(folder.path, "list", "--no-sessions");
  const rest = pids.filter((pid) => pid !== run.pid);
  const roles = later.instances.flatMap(({ role, processes }) =>
    rest.includes(processes[0]!.pid) ? [role] : []
  );
  assert.deepEqual(roles.sort(), ["acp", "attach", "server", "tui"]);
});
