/** Whose command line it is: what OpenCode is told to start, and what the system shows of it then. */

import assert from "node:assert/strict";
import { McpMatcher } from "../../src/children/mcp_match.ts";
import type { McpServer } from "../../src/children/mcp_servers.ts";
import { pure } from "../support.ts";
import { explained, purpose } from "./session.ts";

function server(name: string, command: string | readonly string[]): McpServer {
  return { name, command: typeof command === "string" ? command.split(" ") : command };
}

function nameOf(command: string | readonly string[], argv: string | readonly string[]) {
  const words = typeof argv === "string" ? argv.split(" ") : argv;
  return new McpMatcher([server("it", command)]).nameOf(words);
}

/** npm 11 was seen to do so: its title, and the room that its arguments had. */
const TITLE = ["npm exec @x/server --port 3 /w", "", "", ""];

pure("a configured command is found as it stands there, and as it shows up", () => {
  const cases:
    readonly (readonly [command: string | string[], argv: string | readonly string[]])[] = [
      ["node /s/server.js --stdio", "node /s/server.js --stdio"],
      ["node /s/server.js", "/usr/local/bin/node /s/server.js"],
      ["python server.py", "/Library/Frameworks/Python.framework/bin/Python server.py"],
      // What #! makes of a script.
      ["my-server --x", "node /usr/bin/my-server --x"],
      ["my-server --x", "/usr/bin/env node /usr/bin/my-server --x".split(" ").slice(1)],
      ["./server.sh a", "/bin/bash ./server.sh a"],
      ["npx -y @x/server --port 3 /w", "node /usr/bin/npx -y @x/server --port 3 /w"],
      ["npx -y @x/server --port 3 /w", TITLE],
      ["npx -y -- @x/server --port 3 /w", TITLE],
      ["npm exec -y @x/server --port 3 /w", TITLE],
      ["npx -p @x/y @x/server --port 3 /w", TITLE],
      [["npx", "@x/server", "two words"], ["npm exec @x/server two words"]],
      ["uvx foo --bar", "/usr/bin/uv tool uvx foo --bar"],
      ["env A=b B=c npx -y foo", "node /usr/bin/npx -y foo"],
      [["bash", "-c", "exec npx -y foo"], "npm exec foo"],
      ["docker run -i --rm -e KEY img", "docker run -i --rm -e KEY img"],
      ["opencode x foo", "opencode x foo"],
      // What is put in is not known, and may be any text.
      [["srv", "--token", "{env:TOKEN}"], "srv --token s3cret"],
      [["srv", "--token={file:~/.t}"], ["srv", "--token=a b"]],
      [["{env:HOME}/bin/srv", "a{env:X}b{env:Y}c"], ["/h/bin/srv", "a1b2c"]],
    ];
  for (const [command, argv] of cases) assert.equal(nameOf(command, argv), "it", `${command}`);
});

pure("another command is another command", () => {
  const cases:
    readonly (readonly [command: string | string[], argv: string | readonly string[]])[] = [
      ["node /s/server.js --stdio", "node /s/server.js"],
      ["node /s/server.js", "node /t/server.js"],
      ["node /s/server.js", "vim node /s/server.js"],
      ["my-server --x", "node /usr/bin/their-server my-server --x"],
      ["npx -y foo", "npm exec food"],
      ["npx -y foo", "npm run foo"],
      ["npx -y foo", ["npm exec foo", "more"]],
      [["bash", "-c", "npx foo; true"], "npx foo"],
      [["srv", "a{env:X}b{env:Y}c"], ["srv", "abc d"]],
      [["srv", "aa{env:X}aa"], ["srv", "aaa"]],
      // Fits anything, and so tells nothing.
      [["{env:CMD}"], "anything"],
      [["npx", "-y", "{env:PACKAGE}"], "npx -y anything"],
      [["npx", "-y", "{env:PACKAGE}"], "npm exec anything"],
      [[""], "x"],
    ];
  for (const [command, argv] of cases) assert.equal(nameOf(command, argv), undefined, `${command}`);
});

pure("of several that fit the best is told; of equals none", () => {
  const servers = [
    server("wild", ["srv", "{env:A}"]),
    server("exact", "srv a"),
    server("home", "npx @x/github"),
    server("work", "npx @x/github"),
  ];
  const matcher = new McpMatcher(servers);
  assert.equal(matcher.nameOf(["srv", "a"]), "exact");
  assert.equal(matcher.nameOf(["srv", "b"]), "wild");
  assert.equal(matcher.nameOf(["npm exec @x/github"]), null);
  assert.equal(matcher.nameOf(["x"]), undefined);
  assert.equal(matcher.nameOf([]), undefined);
  // It is an MCP server all the same: it is configured.
  assert.equal(purpose(["npx", "@x/github"], {}, servers), "mcp -");
});

pure("the configuration decides before all else", () => {
  assert.equal(purpose(["gopls"], {}, [server("go", "gopls")]), "mcp go");
  assert.equal(purpose(["bash", "-c", "a; b"], {}, [server("s", ["bash", "-c", "a; b"])]), "mcp s");
  assert.equal(purpose(["npx", "other-mcp"], {}, [server("go", "gopls")]), "mcp -");
});

pure("copies of one server are one group, however they show up, with all below them", () => {
  const below = Array.from({ length: 22 }, () => [
    { argv: ["npm exec @x/server", "", ""] },
    { argv: ["sh", "-c", "server"], depth: 2 },
    { argv: ["node", "/n/server"], depth: 3 },
    { argv: ["node", "/usr/bin/npx", "-y", "@x/server"] },
    { argv: ["npx", "-y", "@x/server"] },
  ]).flat();
  const { groups } = explained(below, [server("github", "npx -y @x/server")]);
  assert.deepEqual(groups.map(({ child, count }) => [child.name, count]), [["github", 66]]);
  assert.equal(groups[0]!.footprintBytes, 110 * 2 ** 20);
});

pure("a command of a hundred thousand words is compared like any other", () => {
  const words = Array.from({ length: 100_000 }, (_, i) => `w${i}`);
  assert.equal(nameOf(words, words), "it");
  assert.equal(nameOf(words, [...words.slice(0, -1), "x"]), undefined);
  assert.equal(nameOf(["npx", ...words], ["npm", "exec", ...words]), "it");
});
