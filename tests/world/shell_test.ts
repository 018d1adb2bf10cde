/** Commands of the shell: what they are given, and what comes of them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { execute } from "../../src/world/shell.ts";
import type { Order } from "../../src/world.ts";
import { live } from "../support.ts";
import { NEVER, order } from "./outside.ts";

live("shell: the exit code, and what was written to both streams", {}, async () => {
  const cases: [string, number, string][] = [
    ["exit 0", 0, ""],
    ["exit 7", 7, ""],
    ["kill -9 $$", 137, ""],
    ["echo out; echo err >&2; exit 3", 3, "out\nerr"],
    ["echo err >&2", 0, "err"],
    ["printf '\\n one\\ntwo \\n\\n'", 0, "one\ntwo"],
    ["printf '\\377'", 0, "\ufffd"],
    ["cat", 0, ""],
  ];
  for (const [script, code, output] of cases) {
    const outcome = await execute(order(script), NEVER);
    assert.deepEqual(outcome, { kind: "done", code, output }, script);
  }
  const missing = await execute(order("no-such-program-anywhere"), NEVER);
  assert.ok(missing.kind === "done" && missing.code === 127);
  assert.match(missing.output, /no-such-program-anywhere.*not found/);
});

live(
  "shell: of a large output the start is kept, and nobody waits to write the rest",
  {},
  async () => {
    const script = "head -c 10000000 /dev/zero | tr '\\0' \"$0\"; echo end >&$1";
    for (
      const [to, output] of [["2", `${"o".repeat(4096)}\nend`], ["1", "o".repeat(4096)]] as const
    ) {
      const outcome = await execute(order(script, { args: ["o", to] }), NEVER);
      assert.deepEqual(outcome, { kind: "done", code: 0, output });
    }
    const both = "{ head -c 5000000 /dev/zero >&2 & head -c 5000000 /dev/zero; wait; } | wc -c";
    const { output } = await execute(order(`(${both}) 2>&1 >/dev/null`), NEVER) as {
      output: string;
    };
    assert.equal(output, "\0".repeat(4096));
  },
);

live("shell: arguments and environment arrive as they are", {}, async () => {
  const script = `printf '<%s>' "$OCMEM_A" "$OCMEM_B" "$0" "$@"`;
  const check = async (texts: readonly [string, string, string, string]) => {
    const [OCMEM_A, OCMEM_B, ...args] = texts;
    const outcome = await execute(order(script, { args, env: { OCMEM_A, OCMEM_B } }), NEVER);
    const output = texts.map((text) => `<${text}>`).join("");
    assert.deepEqual(outcome, { kind: "done", code: 0, output });
  };
  await check(["$(exit 9)", "`exit 9`", "; exit 9", "&& exit 9"]);
  await check(["'", '"', "\\", "'\"\\'"]);
  await check(["a\nb\n\n", "\n", "\r\t\x1b[2J", " "]);
  await check(["", "", "", ""]);
  await check(["$HOME", "${IFS}", "*", "~"]);
  await check(["-n", "%s%n", "-c", "--"]);
  await check(["=", "A=B", "日本", "\u{1f600}\u202e"]);
  const text = fc.string({ unit: "binary" })
    .map((text) => text.toWellFormed().replaceAll("\0", ""));
  await fc.assert(fc.asyncProperty(fc.tuple(text, text, text, text), check), { numRuns: 30 });
});

live("shell: more time than a timer can count is not none", {}, async () => {
  const script = "sleep 0.05; echo done";
  const outcome = await execute(order(script, { timeoutMs: 2 ** 31 + 5 }), NEVER);
  assert.deepEqual(outcome, { kind: "done", code: 0, output: "done" });
});

live("shell: what it leaves behind may keep its output open", {}, async () => {
  const outcome = await execute(order("sleep 1000 & echo $!; exit 4"), NEVER);
  assert.ok(outcome.kind === "done");
  Deno.kill(Number(outcome.output), "SIGKILL");
  assert.equal(outcome.code, 4);
});

live("shell: what can't be started is refused with a reason", {}, async () => {
  const cases: [Partial<Order>, RegExp][] = [
    [{ args: ["a\0b"] }, /nul byte/],
    [{ env: { A: "a\0b" } }, /nul byte/],
    [{ env: { A: "a".repeat(8_000_000) } }, /too long/],
  ];
  for (const [rest, reason] of cases) {
    const outcome = await execute(order("exit 0", rest), NEVER);
    assert.ok(outcome.kind === "refused");
    assert.match(outcome.reason, reason);
  }
});
