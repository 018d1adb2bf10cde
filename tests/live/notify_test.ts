/** `watch --notify` for real: the desktop's own program, or one under its name that notes what it is told. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { BUSY, HOSTILE, linesOfFile, LINUX, OWN, watched } from "./hooks.ts";
import { Children } from "./processes.ts";

/** Writes its arguments to a file, each in angle brackets, and a line for each call. */
const NOTIFY_SEND = `#!/bin/sh
for argument; do printf '<%s>' "$argument"; done >>"$CALLS"
echo >>"$CALLS"
`;

live("--notify: title and text are arguments, and the text is no markup", {
  ...LINUX,
  ...ACTORS,
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const place = `${folder.path}/${HOSTILE}`;
  const bin = `${folder.path}/bin`;
  for (const each of [place, bin]) Deno.mkdirSync(each);
  Deno.writeTextFileSync(`${bin}/notify-send`, NOTIFY_SEND, { mode: 0o755 });
  const calls = `${folder.path}/calls`;
  const { pid } = await act(children, castAs(`${folder.path}/actor`), { cwd: place });
  const notified = async (...limits: readonly string[]) => {
    const args = ["--pid", `${pid}`, ...limits, "--count", "1", "--notify"];
    const env = { CALLS: calls, PATH: `${bin}:${Deno.env.get("PATH")}` };
    const { lines, troubles } = await watched(args, env, bin);
    assert.deepEqual(troubles, []);
    const text = lines.find((line) => line.event === "level")!.message!;
    assert(text.includes(place));
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  };
  // Only what matters is shown: not that it was found.
  const warning = await notified("--warning", "1B", "--critical", "1TiB");
  const critical = await notified("--warning", "1B", "--critical", "1B");
  assert.deepEqual(linesOfFile(calls), [
    `<--app-name=ocmem><--urgency=normal><--><ocmem: warning><${warning}>`,
    `<--app-name=ocmem><--urgency=critical><--><ocmem: critical><${critical}>`,
  ]);
  assert.match(warning, /&amp; &lt;b&gt;/);
  assert.deepEqual([...Deno.readDirSync(bin)].map((one) => one.name), ["notify-send"]);
});

live("--notify: without the program it is given up, with one trouble", LINUX, async () => {
  using folder = temporaryFolder();
  const args = [...OWN, ...BUSY, "--count", "20", "--notify"];
  const { lines, troubles } = await watched(args, { PATH: folder.path });
  assert.equal(troubles.length, 1);
  assert.match(
    troubles[0]!,
    /^--notify failed with exit code 127: .*notify-send.*not found.*; it is not tried again$/,
  );
  assert.equal(lines.filter((line) => line.type === "sample").length, 20);
  assert.equal(lines.at(-1)!.looks, 20);
});
