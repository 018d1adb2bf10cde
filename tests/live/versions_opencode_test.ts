/** Versions of the real OpenCode: each is told as it is, and no command leaves a trace in it. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { calmly, notesOf } from "./calm.ts";
import { type Document, finished, type Outcome } from "./command_line.ts";
import { homeIn, makeSession, needs, openCode, serve, type Server } from "./opencode.ts";
import { Installed } from "./opencode_npm.ts";
import { Children, nameOf, procText, until } from "./processes.ts";
import { documented } from "./program.ts";
import { freeAddress } from "./prometheus.ts";
import { logIn, settled, stateOf } from "./traces.ts";

const isLinux = Deno.build.os === "linux";
const HERE: Readonly<Record<string, boolean>> = {
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

/** Without a terminal, where there is a way to start it so. */
const DETACHED = hasProgram("setsid") ? ["setsid"] : [];
/** It installs packages for a directory that it opens: nobody is there to hand them out. */
const OFFLINE = {
  npm_config_registry: "http://127.0.0.1:1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
};

/** Runs a command with OpenCode's data in this folder. */
async function run(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const [program, ...words] = documented();
  const env = { XDG_DATA_HOME: homeIn(folder).XDG_DATA_HOME! };
  return await finished(program, [...words, ...args], env);
}

/** Runs all that looks at OpenCode. */
async function look(folder: string, pid: number): Promise<void> {
  const commands = [
    ["list"],
    ["check", "--sessions"],
    ["show", `${pid}`],
    ["orphans"],
    ["watch", "--count", "2", "--interval", "50ms"],
  ];
  await Promise.all(commands.map(async (command) => {
    const { stdout, stderr } = await run(folder, ...command);
    assert.equal(stderr, "");
    // It is no orphan as long as whoever started it is there.
    if (command[0] !== "orphans") assert.match(stdout, new RegExp(`\\b${pid}\\b`), command[0]);
  }));
}

/** Opens a directory as a client does, and counts what the log says was opened until then. */
async function opened(folder: string, { url }: Server, name: string): Promise<number> {
  const directory = `${folder}/${name}`;
  Deno.mkdirSync(directory);
  const response = await fetch(`${url}/session?directory=${directory}`);
  await response.body?.cancel();
  // The log is written a while later, in order.
  await until("the log", () => logIn(folder).includes(directory));
  return logIn(folder).match(/creating instance/g)!.length;
}

/** Looks leave all as it is before the server has opened anything, and after. */
async function leavesNoTrace(folder: string, server: Server, pid: number, isAsked: boolean) {
  const fresh = await settled(folder, isAsked);
  await look(folder, pid);
  assert.deepEqual(await stateOf(folder, isAsked), fresh);
  assert.equal(await opened(folder, server, "one"), 1);
  const id = await makeSession(server.url, "Mine");
  await until("the log", () => logIn(folder).includes(id));
  const used = await settled(folder, isAsked);
  await look(folder, pid);
  assert.deepEqual(await stateOf(folder, isAsked), used);
  assert.equal(await opened(folder, server, "two"), 3);
  return id;
}

interface Told {
  readonly document: Document & { readonly notes: readonly string[] };
  readonly instance: Document["instances"][number] & {
    readonly sessions: readonly Readonly<Record<string, unknown>>[];
  };
}

/** What list says of the one instance that a process belongs to. */
async function listed(folder: string, pid: number): Promise<Told> {
  const document = await calmly(
    async (): Promise<Told["document"]> => {
      const { stdout, stderr, code } = await run(folder, "list", "--json");
      assert.deepEqual([stderr, code], ["", 0]);
      return JSON.parse(stdout);
    },
    pid,
    folder,
  );
  const found = document.instances.filter(({ processes }) =>
    processes.some((row) => row.pid === pid)
  );
  assert.equal(found.length, 1);
  return { document, instance: found[0] as Told["instance"] };
}

/** The native process below a wrapper, which is killed in the end: the wrapper would leave it. */
async function nativeBelow(pid: number): Promise<AsyncDisposable & { readonly pid: number }> {
  const { stdout } = await finished("pgrep", ["-P", `${pid}`]);
  const [child, ...others] = stdout.trim().split("\n").map(Number);
  assert.ok(child && others.length === 0, stdout);
  return {
    pid: child,
    [Symbol.asyncDispose]: async () => {
      Deno.kill(child, "SIGKILL");
      await until(`the end of ${child}`, () => procText(child, "cmdline") === "");
    },
  };
}

const NOTE = "its version may open its directory to tell; 1.17 and later don't";

for (const version of ["1.2.27", "1.14.41"]) {
  const installed = new Installed(version);
  const NEEDS = { ...installed.needs(), ...HERE, pgrep: hasProgram("pgrep") };
  live(`opencode-ai ${version}, with its wrapper of node`, NEEDS, async (t) => {
    using folder = temporaryFolder();
    await using children = new Children();
    const port = Number(freeAddress().split(":").at(-1));
    const [program, ...words] = [...DETACHED, "node", installed.wrapper];
    const server = await serve(children, folder.path, {
      port,
      env: OFFLINE,
      program: [program!, ...words],
    });
    const wrapper = server.child.pid;
    await using native = await nativeBelow(wrapper);

    let id = "";
    await t.step("no command leaves a trace, or makes it open a directory", async () => {
      id = await leavesNoTrace(folder.path, server, native.pid, false);
    });

    await t.step("is one instance, its wrapper counted once, with its session", async () => {
      const { document, instance } = await listed(folder.path, native.pid);
      const processes = instance.processes.map((row) =>
        [row.pid, row.role, row.depth, row.matched_by] as const
      );
      assert.deepEqual(processes, [
        [wrapper, "launcher", 0, "name"],
        [native.pid, "server", 1, "name"],
      ]);
      assert.equal(instance.processes[1]!.executable, installed.native);
      assert.deepEqual([instance.role, instance.cwd], ["server", server.cwd]);
      const [first, ...more] = instance.sessions;
      assert.deepEqual(more, []);
      const { title, certainty, directory, busy } = first!;
      assert.notEqual(busy, true);
      assert.deepEqual([first!.id, title, certainty, directory], [
        ...[id, "Mine", "shared"],
        server.cwd,
      ]);
      assert.deepEqual(notesOf(document, native.pid), [
        `Cannot ask the server of ${native.pid} (server) for its sessions: ${NOTE}`,
      ]);
    });

    await t.step({
      name: "goes on without its wrapper, as an instance that may be an orphan",
      ignore: !isLinux || DETACHED.length === 0,
      fn: async () => {
        await server.child.end();
        const parent = () => Number(/^PPid:\t(\d+)$/m.exec(procText(native.pid, "status"))?.[1]);
        await until("init to inherit it", () => parent() === 1 || nameOf(parent()) === "systemd");
        const before = await settled(folder.path);
        await look(folder.path, native.pid);
        assert.deepEqual(await stateOf(folder.path), before);
        const { instance } = await listed(folder.path, native.pid);
        const { role, processes: [row, ...more] } = instance;
        assert.deepEqual([role, row!.role, row!.depth, more], ["server", "server", 0, []]);
        assert.deepEqual(instance.sessions.map((one) => one.id), [id]);
        const { orphans } = await calmly(
          async () => JSON.parse((await run(folder.path, "orphans", "--json")).stdout),
          native.pid,
          folder.path,
        );
        const { conclusion, evidence, sessions } = orphans
          .find((one: { pid: number }) => one.pid === native.pid);
        assert.deepEqual([conclusion, evidence.map(({ kind }: { kind: string }) => kind)], [
          "possible",
          ["parent_gone", "no_terminal"],
        ]);
        assert.deepEqual(sessions.map((one: { id: string }) => one.id), [id]);
        assert.equal(await opened(folder.path, server, "three"), 4);
      },
    });
  });
}

live("opencode 1.18.33: no command leaves a trace", { ...needs(), ...HERE }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const port = Number(freeAddress().split(":").at(-1));
  const server = await serve(children, folder.path, { port, env: OFFLINE, program: [openCode()] });
  await leavesNoTrace(folder.path, server, server.child.pid, true);
});
