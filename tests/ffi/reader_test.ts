/** Whether standard output has a reader, asked of the system. */

import assert from "node:assert/strict";
import { runArgs } from "../live/module.ts";
import { live, temporaryFolder } from "../support.ts";

const READ = `
import { isRead } from "SRC/ffi/open.ts";
await Deno.stdin.read(new Uint8Array(1));
console.error(String(isRead(1)), String(isRead(999)));
`;

/** What `isRead` says of a standard output that is as a shell text and a deed make it. */
async function readOf(
  redirection: string,
  grant: string,
  first: (child: Deno.ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  using folder = temporaryFolder();
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `exec "$0" "$@" ${redirection}`,
      Deno.execPath(),
      ...runArgs(folder.path, READ, grant),
    ],
    cwd: folder.path,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await first(child);
  await child.stdin.close();
  const said = await new Response(child.stderr).text();
  await child.status;
  if (!child.stdout.locked) await child.stdout.cancel();
  return said.trim();
}

live("standard output has a reader until the other end of a pipe is closed", {}, async () => {
  const close = (child: Deno.ChildProcess) => child.stdout.cancel();
  const ffi = "--allow-ffi";
  assert.equal(await readOf("", ffi), "true true", "a pipe that is read");
  assert.equal(await readOf("", ffi, close), "false true", "a pipe that is not");
  assert.equal(await readOf(">file", ffi, close), "true true");
  assert.equal(await readOf(">/dev/null", ffi, close), "true true");
  assert.equal(await readOf(">&-", ffi, close), "true true");
  assert.equal(await readOf("", "--deny-ffi", close), "true true", "nobody can tell");
});
