/** What OpenCode's configuration says of local MCP servers, and what is made of one that says anything. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  foldersAbove,
  globalFiles,
  mergeServers,
  projectFiles,
  readServers,
} from "../../src/children/mcp_servers.ts";
import { pure } from "../support.ts";

function said(text: string): unknown {
  const read = readServers(text);
  return typeof read === "string" ? read : Object.fromEntries(read);
}

pure("local servers with their commands, remote ones, and nothing else", () => {
  assert.deepEqual(
    said(`\uFEFF// mine
    {
      "mcp": {
        "github": {
          "type": "local", "command": ["npx", "-y", "@x/y"],
          "environment": { "TOKEN": "s3cret" }, "headers": { "a": "s3cret" },
        },
        "far": { "type": "remote", "url": "https://x" },
        "off": { "enabled": false },
        "untyped": { "command": ["a"] },
        "empty": { "type": "local", "command": [] },
        "text": { "type": "local", "command": "a b" },
        "mixed": { "type": "local", "command": ["a", 1] },
        "none": null, "list": ["a"],
        "": { "type": "local", "command": ["unnamed"] },
      },
      "command": ["no"], /* and so on */
    }`),
    { github: ["npx", "-y", "@x/y"], far: null, untyped: ["a"], "": ["unnamed"] },
  );
  for (const text of ["{}", "[]", "1", '"mcp"', '{"mcp":[]}', '{"mcp":null}', '{"mcp":{"a":1}}']) {
    assert.deepEqual(said(text), {}, text);
  }
});

pure("names of all kinds are names", () => {
  const read = readServers(
    '{"mcp":{"__proto__":{"command":["a"]},"constructor":{"command":["b"]},"\\u001b[31m":{"command":["c"]}}}',
  );
  assert.ok(typeof read !== "string");
  assert.deepEqual([...read.keys()], ["__proto__", "constructor", "\x1b[31m"]);
  assert.equal(({} as Record<string, unknown>).command, undefined);
});

pure("what can't be understood is said without its words", () => {
  assert.equal(said(""), "it is no JSON with comments (line 1)");
  assert.equal(said('{\n "key": sk-secret }'), "it is no JSON with comments (line 2)");
  assert.equal(said('{"a":"s3cret'), "it is no JSON with comments (line 1)");
  const deep = `{"mcp":${"[".repeat(200_000)}`;
  assert.match(String(said(deep)), /^it is (?:nested too deeply|no JSON with comments)/);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readServers(text)));
});

pure("later files count more, name by name", () => {
  const files = [
    '{"mcp":{"a":{"command":["1"]},"b":{"command":["2"]},"c":{"command":["3"]}}}',
    '{"mcp":{"b":{"command":["4"]},"c":{"type":"remote"},"a":{"enabled":true}}}',
  ].map((text) => readServers(text)).filter((read) => typeof read !== "string");
  assert.deepEqual(mergeServers(files), [
    { name: "a", command: ["1"] },
    { name: "b", command: ["4"] },
  ]);
});

pure("the files are those of OpenCode, in its order", () => {
  assert.deepEqual(foldersAbove("/a/b/"), ["/a/b", "/a", "/"]);
  assert.deepEqual(foldersAbove("/"), ["/"]);
  assert.deepEqual(globalFiles("/c"), ["/c/config.json", "/c/opencode.json", "/c/opencode.jsonc"]);
  assert.deepEqual(projectFiles(["/a/b", "/a"], "/a"), [
    "/a/opencode.json",
    "/a/opencode.jsonc",
    "/a/b/opencode.json",
    "/a/b/opencode.jsonc",
    "/a/b/.opencode/opencode.json",
    "/a/b/.opencode/opencode.jsonc",
    "/a/.opencode/opencode.json",
    "/a/.opencode/opencode.jsonc",
  ]);
  assert.deepEqual(projectFiles(["/"], null).slice(0, 3), [
    "/opencode.json",
    "/opencode.jsonc",
    "/.opencode/opencode.json",
  ]);
});
