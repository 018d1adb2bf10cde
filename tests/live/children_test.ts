/** What really runs around sessions: MCP servers by the names of their configuration, shells with their commands. */

import assert from "node:assert/strict";
import { hasProgram, live, programPath, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished } from "./command_line.ts";
import { homeIn, needs, openCode, serve } from "./opencode.ts";
import { Children, until } from "./processes.ts";
import { documented } from "./program.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

interface Group {
  readonly kind: string;
  readonly name: string | null;
  readonly language: string | null;
  readonly command: string | null;
  readonly count: number;
  readonly footprint_bytes: number | null;
}

interface Found {
  readonly children: readonly Group[];
  readonly processes: readonly {
    readonly pid: number;
    readonly purpose: { readonly kind: string; readonly name: string | null } | null;
    readonly memory: { readonly footprint_bytes: number } | null;
  }[];
  readonly notes: readonly string[];
}

/** What ocmem prints with OpenCode's home in this folder. */
async function listed(folder: string, ...args: readonly string[]): Promise<string> {
  const [program, ...words] = documented();
  const { XDG_CONFIG_HOME, XDG_DATA_HOME } = homeIn(folder);
  const env = { XDG_CONFIG_HOME: XDG_CONFIG_HOME!, XDG_DATA_HOME: XDG_DATA_HOME! };
  const { code, stdout, stderr } = await finished(program, [...words, "list", ...args], env);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

/** What it says of the instance of a process. */
async function foundOf(folder: string, pid: number): Promise<Found> {
  const { instances, notes } = JSON.parse(await listed(folder, "--json"));
  const found = instances.find((one: Found) => one.processes.some((row) => row.pid === pid));
  assert.ok(found, `${pid} is found`);
  return { ...found, notes: notes.filter((note: string) => note.includes(folder)) };
}

/** Configures MCP servers, as a user would, with a secret that is nobody's business. */
function configure(folder: string, servers: Readonly<Record<string, readonly string[]>>): void {
  const mcp = Object.entries(servers).map(([name, command]) =>
    `${JSON.stringify(name)}: { "type": "local", "command": ${JSON.stringify(command)},
      "environment": { "KEY": "s3cret" } }, // and so on`
  );
  const config = `${homeIn(folder).XDG_CONFIG_HOME}/opencode`;
  Deno.mkdirSync(config, { recursive: true });
  Deno.writeTextFileSync(`${config}/opencode.jsonc`, `{ "mcp": { ${mcp.join("\n")}\n } }`);
}

live("66 copies of one MCP server are one finding", { ...NEEDS, ...ACTORS }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const server = castAs(`${folder.path}/notes-server`);
  const gopls = castAs(`${folder.path}/gopls`);
  configure(folder.path, { "my notes": ["notes-server", "--token", "hunter2", "{env:WHERE}"] });
  const copies = Array.from({ length: 66 }, (_, i) => ({
    path: server,
    argv: ["notes-server", "--token", "hunter2", `/w/${i}`],
  }));
  const spawn = [...copies, { path: gopls, argv: [gopls, "serve"] }];
  const { pid, below } = await act(children, castAs(`${folder.path}/opencode`), { spawn });
  const found = await foundOf(folder.path, pid);
  const [mcp] = found.children.filter(({ kind }) => kind === "mcp");
  assert.deepEqual([mcp!.name, mcp!.count], ["my notes", 66]);
  assert.match(mcp!.command!, /^notes-server --token \*\*\* \/w\/\d+$/);
  // All of their memory, as the rows have it.
  const ofCopies = found.processes.filter(({ purpose }) => purpose?.name === "my notes");
  assert.equal(ofCopies.length, 66);
  assert.ok(ofCopies.every((row) => below.includes(row.pid)));
  const sum = ofCopies.reduce((bytes, { memory }) => bytes + memory!.footprint_bytes, 0);
  assert.equal(mcp!.footprint_bytes, sum);
  assert.deepEqual(
    found.children.filter(({ kind }) => kind === "lsp").map((
      { name, language, count },
    ) => [name, language, count]),
    [["gopls", "Go", 1]],
  );
  const text = await listed(folder.path);
  assert.match(
    text,
    /^ {7}66 × MCP server "my notes", [\d.]+ [KM]iB: notes-server --token \*\*\*/m,
  );
  assert.doesNotMatch(text, /hunter2|s3cret/);
});

live("a configuration that is a pipe, or its own link, stops nobody", {
  ...NEEDS,
  ...ACTORS,
  mkfifo: hasProgram("mkfifo"),
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const config = `${homeIn(folder.path).XDG_CONFIG_HOME}/opencode`;
  Deno.mkdirSync(config, { recursive: true });
  new Deno.Command("mkfifo", { args: [`${config}/opencode.json`] }).outputSync();
  Deno.symlinkSync("opencode.jsonc", `${config}/opencode.jsonc`);
  const helper = castAs(`${folder.path}/typescript-language-server`);
  const spawn = [{ path: helper, argv: ["typescript-language-server", "--stdio"] }];
  const { pid } = await act(children, castAs(`${folder.path}/opencode`), { spawn });
  const { children: groups, notes } = await foundOf(folder.path, pid);
  assert.deepEqual(groups.map(({ kind, count }) => [kind, count]), [["lsp", 1]]);
  const ofServers = notes.filter((note) => note.includes("MCP"));
  assert.deepEqual(ofServers.map((note) => note.replaceAll(folder.path, "")), [
    "Cannot read MCP servers in /home/.config/opencode/opencode.json: it is no plain file",
    "Cannot read MCP servers in /home/.config/opencode/opencode.jsonc: it can't be read",
  ]);
});

/** An MCP server that says as much as OpenCode waits for. */
const MCP_SERVER = `
import { createInterface } from "node:readline";
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const results = {
    "initialize": {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "x", version: "1" },
    },
    "tools/list": { tools: [] },
  };
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? {} }) + "\\n");
});
`;

live("MCP servers and a shell that the real OpenCode has started", {
  ...NEEDS,
  ...needs(),
  node: hasProgram("node"),
  bash: hasProgram("bash"),
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const script = `${folder.path}/notes.mjs`;
  // As most are: a script that names what runs it.
  Deno.writeTextFileSync(script, `#!/usr/bin/env node\n${MCP_SERVER}`, { mode: 0o755 });
  const command = [script, "--token", "hunter2"];
  configure(folder.path, { "my notes": command, plain: ["node", script] });
  const { url, child, cwd } = await serve(children, folder.path, {
    env: { SHELL: programPath("bash")! },
  });
  const ask = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    return await (await fetch(url + path, init)).json();
  };
  // Each directory that somebody asks of has its own.
  Deno.mkdirSync(`${folder.path}/other`);
  for (const path of ["/mcp", `/mcp?directory=${folder.path}/other`]) {
    const status = await ask(path);
    assert.deepEqual(Object.values(status), [{ status: "connected" }, { status: "connected" }]);
  }
  const { id } = await ask("/session", { title: "x" });
  const model = { providerID: "x", modelID: "y" };
  const fifo = `${cwd}/fifo`;
  const own = `echo "of the user" && read line < '${fifo}'`;
  new Deno.Command("mkfifo", { args: [fifo] }).outputSync();
  const running = ask(`/session/${id}/shell`, { agent: "build", command: own, model });
  let found = await foundOf(folder.path, child.pid);
  let looking: Promise<void> | null = null;
  await until("the shell", () => {
    looking ??= foundOf(folder.path, child.pid).then((now) => {
      found = now;
      looking = null;
    });
    return found.children.some(({ command }) => command?.startsWith("echo"));
  });
  await looking;
  const groups = found.children.filter(({ kind }) => kind === "mcp" || kind === "shell")
    .map(({ kind, name, command, count }) => [kind, name, command, count].join("|")).sort();
  assert.deepEqual(groups, [
    `mcp|my notes|node ${script} --token ***|2`,
    `mcp|plain|node ${script}|2`,
    `shell|bash|${own}|1`,
  ]);
  // The shell ends, and with it what waits for it.
  Deno.writeTextFileSync(fifo, "x\n");
  await running;
});

live("a language server that the real OpenCode has started", {
  ...NEEDS,
  ...needs(),
  node: hasProgram("node"),
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const cwd = `${folder.path}/project`;
  const env = homeIn(folder.path);
  const config = `${env.XDG_CONFIG_HOME}/opencode`;
  for (const path of [cwd, env.TMPDIR!, config]) Deno.mkdirSync(path, { recursive: true });
  // Under its own name, as npm installs it. It answers nothing, so that OpenCode waits for it.
  const server = `${folder.path}/typescript-language-server`;
  Deno.writeTextFileSync(server, "#!/usr/bin/env node\nprocess.stdin.resume();\n", { mode: 0o755 });
  const lsp = { mine: { command: [server, "--stdio"], extensions: [".mine"] } };
  Deno.writeTextFileSync(`${config}/opencode.json`, JSON.stringify({ lsp }));
  Deno.writeTextFileSync(`${cwd}/a.mine`, "x\n");
  const args = ["debug", "lsp", "diagnostics", `${cwd}/a.mine`];
  const { pid } = children.start(openCode(), { args, cwd, env });
  let groups: readonly Group[] = [];
  let looking: Promise<void> | null = null;
  await until("the language server", () => {
    looking ??= listed(folder.path, "--json").then((text) => {
      const { instances }: { instances: readonly Found[] } = JSON.parse(text);
      groups = instances.find(({ processes }) => processes.some((row) => row.pid === pid))
        ?.children ?? [];
      looking = null;
    });
    return groups.some(({ kind }) => kind === "lsp");
  });
  await looking;
  assert.deepEqual(
    groups.map(({ kind, name, language, count }) => [kind, name, language, count]),
    [["lsp", "typescript-language-server", "TypeScript", 1]],
  );
});
