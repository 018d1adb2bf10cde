import assert from "node:assert/strict";
import fc from "fast-check";
import { redact, visible } from "../../src/report/harmless.ts";
import { pure } from "../support.ts";

pure("visible: controls, line breaks and bidirectional controls become escapes", () => {
  const shown: [string, string][] = [
    ["plain text, ümläut, 日本, 🦊", "plain text, ümläut, 日本, 🦊"],
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\x00\x07\x7f", "\\x00\\x07\\x7f"],
    ["\x9b31m", "\\x9b31m"],
    ["\u202egnp.exe\u2066x\u2069\u200f\u061c", "\\u202egnp.exe\\u2066x\\u2069\\u200f\\u061c"],
    ["\u2028\u2029\ufeff\u200b", "\\u2028\\u2029\\ufeff\\u200b"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\ud800", "\\ud800"],
  ];
  for (const [text, wanted] of shown) assert.equal(visible(text), wanted);
});

pure("visible: of any text nothing unsafe is left, and printable ASCII stays as it is", () => {
  // Ranges written out here, independent of the property classes that the code uses.
  // deno-lint-ignore no-control-regex
  const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(unsafe.test(visible(text)), false);
  }));
  fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
    assert.equal(visible(text), text);
  }));
});

pure("redact: values whose name says so", () => {
  const hidden: [string[], string[]][] = [
    [["--api-key", "hunter2"], ["--api-key", "***"]],
    [["--api-key=hunter2"], ["--api-key=***"]],
    [["--apiKey=hunter2"], ["--apiKey=***"]],
    [["-token", "hunter2"], ["-token", "***"]],
    [["--password", "hunter2", "--port", "1"], ["--password", "***", "--port", "1"]],
    [["OPENAI_API_KEY=hunter2", "node"], ["OPENAI_API_KEY=***", "node"]],
    [["GITHUB_TOKEN=hunter2"], ["GITHUB_TOKEN=***"]],
    [["--client-secret=hunter2"], ["--client-secret=***"]],
    [["--secret-access-key", "hunter2"], ["--secret-access-key", "***"]],
    [["DB_PASSWORD='hunter two'"], ["DB_PASSWORD=***"]],
    [["http://h/x?api_key=hunter2&page=3"], ["http://h/x?api_key=***&page=3"]],
    [["https://bob:hunter2@example.org/"], ["https://bob:***@example.org/"]],
    [["-H", "Authorization: Bearer hunter2"], ["-H", "Authorization: ***"]],
    [["-H", "X-Api-Key: hunter2"], ["-H", "X-Api-Key: ***"]],
    [['{"apiKey":"hunter2","n":1}'], ['{"apiKey":***,"n":1}']],
    [["sh -c tool --token hunter2 --port 1"], ["sh -c tool --token *** --port 1"]],
  ];
  for (const [argv, wanted] of hidden) {
    const shown = redact(argv);
    assert.equal(shown.join(" ").includes("hunter2"), false, argv.join(" "));
    if (!argv[1]?.startsWith("Authorization")) assert.deepEqual(shown, wanted);
  }
});

pure("redact: keys that are known by their shape", () => {
  const keys = [
    "sk-proj-abcdefghij0123456789",
    "sk-ant-api03-abcdefghij0123456789",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "github_pat_11ABCDEFG0abcdefghijkl",
    "glpat-abcdefghij0123456789",
    "xoxb-123456789012-abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    `AIza${"x".repeat(35)}`,
    `npm_${"a".repeat(36)}`,
    `hf_${"a".repeat(34)}`,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
  ];
  for (const key of keys) {
    assert.deepEqual(redact(["tool", key, `--x=${key}`]), ["tool", "***", "--x=***"], key);
  }
  assert.deepEqual(redact(["-----BEGIN RSA PRIVATE KEY-----\nabc"]), ["***"]);
});

pure("redact: what only resembles a secret stays", () => {
  const plain = [
    ["opencode", "serve", "--port", "4096"],
    ["opencode", "--session", "ses_123"],
    ["node", "--keyboard=us", "monkeys"],
    ["tool", "--token", "--next-flag"],
    ["vim", "token.txt"],
    ["ls", "a:b@c"],
  ];
  for (const argv of plain) assert.deepEqual(redact(argv), argv);
});

pure("redact: a megabyte that is made to be slow is still done", () => {
  // No clock here: were the expressions quadratic, this test would not end in any useful time.
  for (
    const piece of ["key", 'token="', "eyJ", "sk-aaaaaaaaaaaaaaaa", "://a:", "--secret ", "a-"]
  ) {
    redact([piece.repeat(Math.floor(2 ** 20 / piece.length))]);
  }
});
