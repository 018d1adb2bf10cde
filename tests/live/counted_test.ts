/** Stand-ins for OpenCode under its names and in its shapes, in the report of the real command line. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { type Document, ocmemJson, rowOf, rows } from "./command_line.ts";
import { Children, nameOf, procText, stateOf, until } from "./processes.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
  ...ACTORS,
};

const MIB = 1024 * 1024;

/** The instance that holds this process, which no other does. */
function instanceOf(document: Document, pid: number): Document["instances"][number] {
  rowOf(document, pid);
  return document.instances.find((one) => one.processes.some((row) => row.pid === pid))!;
}

/** Arguments behind the program's name → role, of every process of an instance. */
function rolesOf(instance: Document["instances"][number]): Record<string, string> {
  return Object.fromEntries(
    instance.processes.map((row) => [row.command_line!.slice(1).join(" "), row.role]),
  );
}

for (const name of ["opencode", ".opencode", "opencode.exe", ".opencode-wrapped_"]) {
  live(`${name} counts as a TUI`, NEEDS, async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const path = castAs(`${folder.path}/bin/${name}`);
    const { pid } = await act(children, path, { cwd: folder.path });
    const document = await ocmemJson("list");
    const row = rowOf(document, pid);
    assert.deepEqual([row.role, row.matched_by], ["tui", "name"]);
    assert.equal(row.name, name.slice(0, 15));
    assert.equal(row.executable, path);
    assert.equal(row.ppid, Deno.pid);
    const instance = instanceOf(document, pid);
    assert.deepEqual([instance.role, instance.cwd], ["tui", folder.path]);
  });
}

live("it counts after its executable was replaced", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const { pid } = await act(children, path, { args: ["serve"] });
  Deno.removeSync(path);
  const row = rowOf(await ocmemJson("list"), pid);
  assert.deepEqual([row.role, row.matched_by], ["server", "name"]);
  assert.equal(row.executable, `${path} (deleted)`);
});

live("it counts when it was started through a link of another name", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/bin/opencode`);
  Deno.symlinkSync(path, `${folder.path}/oc`);
  const args = ["serve", "--port", "4650"];
  const { pid } = await act(children, `${folder.path}/oc`, { args, reserve: 100 * MIB });
  assert.equal(nameOf(pid), "oc");
  const row = rowOf(await ocmemJson("list"), pid);
  assert.deepEqual([row.role, row.matched_by], ["server", "enumeration"]);
  assert.equal(row.executable, path);
});

live("helpers and nested sessions are counted once, in one instance", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const other = castAs(`${folder.path}/mcp-server`);
  const server = await act(children, path, {
    args: ["serve"],
    spawn: [
      { path, argv: [path, "run", "/x/pyright-langserver.js", "--stdio"] },
      { path, argv: [path, "x", "typescript-language-server", "--stdio"] },
      { path: "/usr/bin/env", argv: ["env", "BUN_BE_BUN=1", path, "/x/y.js"] },
      { path, argv: [path, "run", "fix the bug"] },
      { path: other, argv: [other, "opencode"] },
    ],
  });
  const instance = instanceOf(await ocmemJson("list"), server.pid);
  assert.deepEqual(rolesOf(instance), {
    "serve": "server",
    "run /x/pyright-langserver.js --stdio": "helper",
    "x typescript-language-server --stdio": "helper",
    "/x/y.js": "helper",
    "run fix the bug": "run",
    "opencode": "child",
  });
  assert.equal(instance.role, "server");
  assert.equal(instance.processes[0]!.pid, server.pid);
  assert.deepEqual(
    instance.processes.slice(1).map((row) => row.pid).sort(),
    [...server.below].sort(),
  );
  assert(instance.processes.slice(1).every((row) => row.depth === 1));
});

live("a script that is run by hand is a run, not a helper", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const { pid } = await act(children, path, { args: ["run", "/x/y.js"] });
  assert.equal(rowOf(await ocmemJson("list"), pid).role, "run");
});

live("the wrapper of npm's package belongs to the instance", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const native = castAs(`${folder.path}/opencode-ai/bin/.opencode`);
  const node = castAs(`${folder.path}/node`);
  const script = `${folder.path}/node_modules/.bin/opencode`;
  const wrapper = await act(children, node, {
    args: [script, "serve"],
    spawn: [{ path: native, argv: [native, "serve"] }],
  });
  const instance = instanceOf(await ocmemJson("list"), wrapper.pid);
  assert.equal(instance.role, "server");
  assert.deepEqual(
    instance.processes.map((row) => [row.pid, row.role, row.depth]),
    [[wrapper.pid, "launcher", 0], [wrapper.below[0], "server", 1]],
  );
});

live(
  "children that init inherited: adopted by the living, orphans of the dead",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const path = castAs(`${folder.path}/opencode`);
    const shell = castAs(`${folder.path}/bash`);
    const server = await act(children, path, { args: ["serve"] });
    const env = { OPENCODE: "1", OPENCODE_PID: String(server.pid), AGENT: "1" };
    const stray = await act(children, shell, { args: ["--stray"], env, leave: true });
    await until("init to inherit it", () => isInherited(stray.pid));
    const unrelated = await act(children, shell, { args: ["--unrelated"], leave: true });
    await until("init to inherit it", () => isInherited(unrelated.pid));

    const before = await ocmemJson("list");
    assert.deepEqual(rolesOf(instanceOf(before, server.pid)), {
      serve: "server",
      "--stray": "child",
    });
    assert.deepEqual(rows(before).filter((row) => row.pid === unrelated.pid), []);

    await server.child.end();
    assert.equal(stateOf(server.pid), null);
    const after = await ocmemJson("list");
    const row = rowOf(after, stray.pid);
    assert.deepEqual([row.role, row.matched_by, row.depth], ["orphan", "enumeration", 0]);
    assert.deepEqual(rows(after).filter((row) => row.pid === unrelated.pid), []);
  },
);

/** True if the parent is one that inherits orphans: pid 1 or a user's systemd. */
function isInherited(pid: number): boolean {
  const parent = Number(/^PPid:\t(\d+)$/m.exec(procText(pid, "status"))?.[1]);
  return parent === 1 || nameOf(parent) === "systemd";
}

live(
  "a zombie is reported as one, without memory",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const path = castAs(`${folder.path}/opencode`);
    const waiter = castAs(`${folder.path}/waiter`);
    // An actor never waits for its children.
    const { below: [pid] } = await act(children, waiter, { spawn: [{ path, argv: [path] }] });
    assert(pid);
    Deno.kill(pid);
    await until("a zombie", () => stateOf(pid) === "Z");
    const row = rowOf(await ocmemJson("list"), pid);
    assert.deepEqual([row.role, row.missing, row.memory], ["zombie", "zombie", null]);
  },
);
