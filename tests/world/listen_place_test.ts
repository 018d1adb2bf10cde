/** Where nobody can listen: sentences that say why, and what would help. */

import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import { refused } from "../../src/world/listen_place.ts";
import { finished } from "../live/command_line.ts";
import { runArgs } from "../live/module.ts";
import { live, pure, temporaryFolder } from "../support.ts";
import { IPV6, Serving } from "./connecting.ts";

async function sentence(host: string, port: number): Promise<string> {
  const { message } = await Serving.begin({}, {}, { host, port }).then(
    async (serving) => {
      await serving[Symbol.asyncDispose]();
      throw new Error(`It can listen on ${host}:${port}`);
    },
    (error: unknown) => {
      assert.ok(error instanceof UnsupportedError, String(error));
      return error;
    },
  );
  return message;
}

live("server: an address in use says so, and names a free port", {}, async () => {
  await using serving = await Serving.begin();
  const { port } = serving;
  assert.equal(
    await sentence("127.0.0.1", port),
    `Cannot listen on 127.0.0.1:${port}: another program listens there, maybe another ocmem. ` +
      "--listen 127.0.0.1:0 takes a free port",
  );
  assert.notEqual(port, 0);
});

live("server: an address of another machine, and a name that nobody knows", {}, async () => {
  // RFC 5737 and RFC 6761: nobody has them.
  assert.match(
    await sentence("192.0.2.1", 4097),
    /^Cannot listen on 192\.0\.2\.1:4097: that is no address of this machine\. --listen 127/,
  );
  assert.match(
    await sentence("no-such-machine.invalid", 4097),
    /^Cannot listen on no-such-machine\.invalid:4097: no address is known by that name\. --listen/,
  );
});

for (
  const [what, needs, hosts, named] of [
    ["names and addresses", {}, ["localhost", "127.0.0.1", "0.0.0.0"], "127.0.0.1"],
    ["addresses of IPv6", IPV6, ["::1", "::"], "[::1]"],
  ] as const
) {
  live(`server: ${what}`, needs, async () => {
    for (const host of hosts) {
      await using serving = await Serving.begin({}, {}, { host });
      const response = await fetch(`http://${named}:${serving.port}/`);
      assert.equal(await response.text(), "plain", host);
    }
  });
}

pure("server: a port that this user may not use", () => {
  for (const code of ["EACCES", "EPERM"]) {
    const { message } = refused("::1", 80, Object.assign(new Error("no"), { code }));
    assert.equal(
      message,
      "Cannot listen on [::1]:80: this user may not use port 80. --listen [::1]:0 takes a free port",
    );
  }
  const other = refused("127.0.0.1", 1, Object.assign(new Error("no room"), { code: "ENOBUFS" }));
  assert.equal(other.message, "Cannot listen on 127.0.0.1:1: no room");
});

live("server: without a grant it names the flag, also for what a name stands for", {}, async () => {
  using folder = temporaryFolder();
  const code = `
    import { listen } from "SRC/world/listen.ts";
    const [host, port] = Deno.args;
    try {
      const listening = { host, port: Number(port), answer: () => null, complain: () => {} };
      await using server = await listen(listening);
      console.log("listens");
    } catch (error) {
      console.log(error.name + ": " + error.message);
    }`;
  const say = async (host: string, grants: readonly string[]) => {
    const args = [...runArgs(folder.path, code, ...grants), host, "0"];
    const { stdout, stderr } = await finished(Deno.execPath(), args);
    return stderr + stdout.trim();
  };
  const refusal = (written: string) =>
    `UnsupportedError: Cannot listen on ${written}:0: it is not granted. ` +
    `Run deno with --allow-net=${written}`;
  assert.equal(await say("127.0.0.1", []), refusal("127.0.0.1"));
  assert.equal(await say("::1", ["--allow-net=127.0.0.1"]), refusal("[::1]"));
  assert.equal(await say("127.0.0.1", ["--allow-net=127.0.0.1"]), "listens");
  if (IPV6.IPv6) assert.equal(await say("::1", ["--allow-net=[::1]"]), "listens");
  assert.equal(await say("0.0.0.0", ["--allow-net=0.0.0.0"]), "listens");
  const named = await say("localhost", ["--allow-net=localhost"]);
  assert.match(
    named,
    /Cannot listen on localhost:0: .*--allow-net=localhost,(?:127\.0\.0\.1|\[::1\])$/,
  );
  assert.equal(await say("localhost", ["--allow-net=localhost,127.0.0.1,[::1]"]), "listens");
});
