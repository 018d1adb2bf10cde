/** `ocmem config`: what is in effect, and that it is what is applied. */

import assert from "node:assert/strict";
import { openCode } from "../commands/running.ts";
import { FakeProbe, GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { PATH, run } from "./with_options.ts";

pure("config shows each option once, with its value and where it comes from", async () => {
  const file =
    '{\n "warning": "1GiB",\n "watch": { "warning": "3GiB", "exec": "x --token=abcdefgh" },\n' +
    ' "roles": { "server": { "critical": "8GiB" } }, "names": ["kilo"] }';
  const ran = await run(["config", "--json"], file, { OCMEM_CRITICAL: "5GiB" });
  const { options, file: place } = JSON.parse(ran.out);
  assert.deepEqual(place, { path: PATH, exists: true });
  const of = (option: string) =>
    options.filter((one: { option: string }) => one.option === option)
      .map((
        one: Record<string, unknown>,
      ) => [one.commands, one.value, one.from, one.line, one.variable]);
  assert.deepEqual(of("warning"), [
    [["check", "track", "history", "serve", "show"], "1GiB", "file", 2, null],
    [["watch"], "3GiB", "file", 3, null],
  ]);
  assert.deepEqual(of("critical"), [
    [
      ["check", "track", "watch", "history", "serve", "show"],
      ...["5GiB", "environment", null, "OCMEM_CRITICAL"],
    ],
  ]);
  assert.deepEqual(of("interval"), [
    [["track"], "1s", "default", null, null],
    [["watch"], "1m", "default", null, null],
    [["serve"], "10s", "default", null, null],
  ]);
  assert.deepEqual(of("exec"), [
    [["watch"], "x --token=***", "file", 3, null],
    [["serve"], null, "default", null, null],
  ]);
  const open = await run(["config", "--json", "--show-secrets"], file);
  assert.match(open.out, /"x --token=abcdefgh"/);
  // The variable sets the limit of all, so that of the role is not in effect.
  assert.deepEqual(of("roles.server.critical"), []);
  assert.deepEqual(of("names"), [[
    ["check", "list", "track", "watch", "serve", "show"],
    "kilo",
    "file",
    4,
    null,
  ]]);
  const text = (await run(["config", "--wide"], file)).out;
  assert.match(text, /^Options file: ~\/\.config\/ocmem\/config\.jsonc$/m);
  assert.match(
    text,
    /^roles\.server\.critical +8GiB +file, line 4 +check, track, watch, history, serve, show$/m,
  );
  assert.match((await run(["config"], null)).out, /config\.jsonc \(not there\)/);
});

pure("config never tells the token, however it looks", async () => {
  for (const token of ["plainword", "-dash", "a b"]) {
    for (const args of [["config"], ["config", "--json"]]) {
      const byVariable = await run(args, null, { OCMEM_TOKEN: token });
      const byFile = await run(args, JSON.stringify({ serve: { token } }));
      for (const { out, code } of [byVariable, byFile]) {
        assert.equal(code, 0);
        assert.ok(!out.includes(token) && out.includes("***"), out);
      }
    }
    const shown = await run(["config", "--json", "--show-secrets"], null, { OCMEM_TOKEN: token });
    assert.ok(shown.out.includes(token));
  }
});

pure("the defaults that are told are those that are applied", async () => {
  const { options } = JSON.parse((await run(["config", "--json"], null)).out);
  interface Told {
    readonly option: string;
    readonly commands: readonly string[];
    readonly value: string | null;
  }
  const told = (command: string) =>
    (options as Told[])
      .filter(({ commands, value }) =>
        commands.includes(command) && value !== null && !["no", "yes"].includes(value)
      )
      // Without --exec, or --record, they are refused.
      .filter(({ option }) => !["exec-timeout", "keep", "keep-hourly"].includes(option))
      .flatMap(({ option, value }) => [`--${option}`, value!]);
  const grown = () => new FakeProbe([openCode(3 * GIB), ...copies(8)]);
  for (const command of ["check", "list", "track", "watch"]) {
    const more = command === "watch" ? ["--count", "25"] : [];
    const withFlags = told(command);
    const plain = await run([command, "--json", ...more], null, {}, { probe: grown() });
    const given = await run([command, "--json", ...more, ...withFlags], null, {}, {
      probe: grown(),
    });
    assert.ok(plain.out.length > 100);
    assert.deepEqual(given, plain, command);
  }
});

function copies(number: number) {
  return Array.from({ length: number }, (_, i) => ({
    ...{ pid: 100 + i, ppid: 10, name: "node", memory: 20 * MIB },
    argv: ["node", "/srv/mcp-server.js"],
  }));
}
