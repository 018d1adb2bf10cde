/** Processes that speak of OpenCode and are none: started for real, and looked for in the report. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS } from "./actor.ts";
import { finished, ocmemJson, rowOf, rows } from "./command_line.ts";
import { documented } from "./program.ts";
import { Children, nameOf, procText, rawArguments, until } from "./processes.ts";

const HERE: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  // Everything that the tests start would be its child.
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

function has(...programs: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(programs.map((program) => [program, hasProgram(program)]));
}

/** Not in the report, and there as soon as a pattern asks for its command line. */
async function mustNotCount(pids: readonly number[], pattern = "opencode"): Promise<void> {
  const plain = rows(await ocmemJson("list"));
  assert.deepEqual(plain.filter((row) => pids.includes(row.pid)), []);
  const document = await ocmemJson("list", "--match", pattern);
  for (const pid of pids) {
    const { role, matched_by, memory } = rowOf(document, pid);
    assert.deepEqual([role, matched_by], ["match", "pattern"]);
    assert(memory && memory.footprint_bytes > 0);
  }
}

/** Waits until a process shows this name, and arguments that end so. */
async function shows(pid: number, name: RegExp, last: string): Promise<void> {
  await until(
    `${pid} to be ${name} … ${last}`,
    () => name.test(nameOf(pid)) && rawArguments(pid).endsWith(`${last}\0`),
  );
}

interface Case {
  /** The program, and its arguments; `folder` is one named opencode, with a file in it. */
  readonly program: string;
  readonly args: (folder: string) => readonly string[];
  readonly name?: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const READ_ALL = "import sys; sys.stdin.read()";
const RENAME = `import ctypes; ctypes.CDLL(None).prctl(15, b"opencode", 0, 0, 0); ${READ_ALL}`;

const CASES: readonly Case[] = [
  { program: "tail", args: (folder) => ["-f", `${folder}/opencode.log`] },
  { program: "grep", args: () => ["opencode"] },
  { program: "sh", args: () => ["-c", "read line; true opencode serve --port 4650"] },
  {
    program: "watch",
    args: () => ["-n", "5", "ps aux | grep opencode"],
    env: { TERM: "xterm" },
  },
  { program: "python3", args: () => ["-c", READ_ALL, "opencode", "serve"] },
  // Renamed by itself: the executable says what it is.
  { program: "python3", args: () => ["-c", RENAME, "opencode", "serve"], name: /^opencode$/ },
  { program: "node", args: (folder) => [`${folder}/mcp-servers/demo.mjs`] },
];

for (const { program, args, name, env } of CASES) {
  const shown = args("…/opencode").join(" ");
  live(`not OpenCode: ${program} ${shown}`, { ...HERE, ...has(program) }, async () => {
    using folder = temporaryFolder();
    const opencode = `${folder.path}/.config/opencode`;
    Deno.mkdirSync(`${opencode}/mcp-servers`, { recursive: true });
    Deno.writeTextFileSync(`${opencode}/opencode.log`, "");
    Deno.writeTextFileSync(`${opencode}/mcp-servers/demo.mjs`, "process.stdin.resume();");
    await using children = new Children();
    const given = args(opencode);
    const { pid } = children.start(program, { args: given, cwd: opencode, env });
    await shows(pid, name ?? new RegExp(`^(?:${program}|MainThread)`), given.at(-1)!);
    await mustNotCount([pid]);
  });
}

live("not OpenCode: npm i opencode-ai, by its title", { ...HERE, ...has("node") }, async () => {
  await using children = new Children();
  const title = "npm i opencode-ai";
  const args = ["-e", `process.title = "${title}"; process.stdin.resume();`];
  const { pid } = children.start("node", { args });
  await until("the title", () => rawArguments(pid).startsWith(`${title}\0`));
  assert.equal(nameOf(pid), "npm i opencode-");
  await mustNotCount([pid]);
  const { command_line } = rowOf(await ocmemJson("list", "--match", "opencode-ai$"), pid);
  assert.deepEqual(command_line, [title]);
});

live("not OpenCode: curl …/opencode", { ...HERE, ...has("curl") }, async () => {
  await using children = new Children();
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${server.addr.port}/opencode`;
  const { pid } = children.start("curl", { args: ["-s", "--noproxy", "*", url] });
  using _connection = await server.accept();
  assert.equal(nameOf(pid), "curl");
  await mustNotCount([pid]);
});

live("not OpenCode: tmux with a session opencode", { ...HERE, ...has("tmux") }, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const socket = `${folder.path}/socket`;
  const log = `${folder.path}/opencode`;
  Deno.writeTextFileSync(log, "");
  const options = ["-S", socket, "-f", "/dev/null", "new-session", "-d", "-s", "opencode"];
  const env = { TERM: "xterm", SHELL: "/bin/sh" };
  const client = children.start("tmux", { args: [...options, "tail", "-f", log], env });
  try {
    await until("the session", () => {
      const { success } = tmux(socket, "has-session", "-t", "opencode");
      return success;
    });
    const told = tmux(socket, "display-message", "-p", "-t", "opencode", "#{pid} #{pane_pid}");
    const [server, pane] = told.text.trim().split(" ").map(Number);
    assert(server && pane);
    await shows(pane, /^tail$/, log);
    assert.equal(nameOf(server), "tmux: server");
    await mustNotCount([server, pane]);
  } finally {
    tmux(socket, "kill-server");
    await client.end();
  }
});

function tmux(socket: string, ...args: readonly string[]): { success: boolean; text: string } {
  const command = new Deno.Command("tmux", { args: ["-S", socket, ...args] });
  const { success, stdout } = command.outputSync();
  return { success, text: new TextDecoder().decode(stdout) };
}

for (const editor of ["vim", "nvim", "emacs", "code", "npm", "bun"]) {
  live(`not OpenCode: ${editor} in a folder named opencode`, { ...HERE, ...NEEDS }, async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const cwd = `${folder.path}/packages/opencode`;
    Deno.mkdirSync(cwd, { recursive: true });
    const path = castAs(`${folder.path}/bin/${editor}`);
    const { pid } = await act(children, path, { args: ["-f", "opencode.json"], cwd });
    assert.equal(nameOf(pid), editor);
    assert.equal(Deno.readLinkSync(`/proc/${pid}/cwd`), cwd);
    await mustNotCount([pid], "-f opencode[.]json$");
  });
}

live(
  "not OpenCode: another program under its name and argv[0]",
  { ...HERE, ...NEEDS },
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const path = castAs(`${folder.path}/opencode/python3`);
    const spawn = [{ path, argv: ["opencode", "serve", "--port", "4650"] }];
    const { pid, below } = await act(children, path, { name: "opencode", spawn });
    assert.deepEqual([pid, ...below].map(nameOf), ["opencode", "opencode"]);
    assert.equal(rawArguments(below[0]!), "opencode\0serve\0--port\x004650\0");
    await mustNotCount([pid, ...below]);
  },
);

live("sh with opencode in its script is no launcher, its child counts", {
  ...HERE,
  ...NEEDS,
  ...has("sh"),
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const script = "opencode serve --port 4650; true";
  const env = { PATH: `${folder.path}:${Deno.env.get("PATH")}` };
  const shell = children.start("sh", { args: ["-c", script], env });
  const pid = Number((await shell.line(/^ready (\d+)$/))[1]);
  children.expect(pid);
  const document = await ocmemJson("list");
  assert.deepEqual(rows(document).filter((row) => row.pid === shell.pid), []);
  const row = rowOf(document, pid);
  assert.deepEqual([row.role, row.matched_by, row.depth], ["server", "name", 0]);
  assert.equal(row.executable, path);
  assert.deepEqual(row.command_line, ["opencode", "serve", "--port", "4650"]);
  const matched = rowOf(await ocmemJson("list", "--match", "opencode serve"), shell.pid);
  assert.equal(matched.role, "match");
});

live("this tool and its shell are not counted, matched or not", {
  ...HERE,
  ...has("sh"),
}, async () => {
  const canary = "opencode-canary-4650";
  for (const flags of [[], ["--match", canary]]) {
    const words = [...documented(), "list", "--json", ...flags].map((word) => `'${word}'`);
    // The shell stays, to print the pids of both after the report.
    const script = `${words.join(" ")} & tool=$!; wait; echo "$$ $tool" # ${canary}`;
    const { stdout, code } = await finished("sh", ["-c", script]);
    assert.equal(code, 0);
    const [, report, shell, tool] = /^([^]*)\n(\d+) (\d+)\n$/.exec(stdout)!;
    const pids = [Number(shell), Number(tool)];
    assert.equal(procText(pids[0]!, "comm"), "", "the shell has ended");
    assert.deepEqual(rows(JSON.parse(report!)).filter((row) => pids.includes(row.pid)), []);
  }
});
