/** `ocmem serve` as words: where it listens, what it says, how it ends. */

import assert from "node:assert/strict";
import { OutputError, UnsupportedError } from "../../src/errors.ts";
import { FakeProbe, GIB } from "../fake.ts";
import { type Controls, runFake } from "../fake_world.ts";
import { pure } from "../support.ts";
import { Door, SECOND, serveOn, session } from "./serve_scene.ts";
import { failAt } from "./watching.ts";

const TOKEN = "correct-horse";

pure("it says where it serves once there is something to see, and nothing more", async () => {
  const probe = new FakeProbe([session(3 * GIB)]);
  const door = new Door();
  const { out, err, code } = await serveOn(probe, "", 95 * SECOND, {}, door);
  assert.deepEqual([out, err, code], ["Serving on http://127.0.0.1:4097/\n", "", 0]);
  assert.deepEqual(door.place, { host: "127.0.0.1", port: 4097 });
  // One at the start, and one every 10 s.
  assert.equal(probe.asked.memory.length, 10);
  assert.equal(probe.disposed, true);
});

pure("the port that was found is told, and an address as it stands in a URL", async () => {
  const cases = [
    ["--listen 127.0.0.1:0", "http://127.0.0.1:4242/"],
    ["--listen [::1]:0", "http://[::1]:4242/"],
    ["--listen localhost:99", "http://localhost:99/"],
    [`--listen 0.0.0.0:0 --token ${TOKEN}`, "http://0.0.0.0:4242/"],
  ];
  for (const [args = "", place] of cases) {
    const { out, code } = await serveOn(new FakeProbe([]), args, SECOND);
    assert.deepEqual([out, code], [`Serving on ${place}\n`, 0]);
  }
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  pure(`${signal} ends it with 0, and all connections at once`, async () => {
    const door = new Door();
    let isOpen: boolean | null = null;
    const script = {
      [SECOND]: (c: Controls) => {
        c.signal(signal);
        isOpen = door.isOpen;
      },
    };
    const probe = new FakeProbe([]);
    const { code, err } = await runFake(["serve"], { probe, script, listen: door.listen });
    assert.deepEqual([code, err, isOpen], [0, "", false]);
  });
}

pure("others can't reach it without a token, wherever that is set", async () => {
  const listening = ["0.0.0.0:4097", "[::]:4097", "192.168.1.5:4097", "mybox:4097"];
  for (const address of listening) {
    const { code, err } = await runFake(["serve", "--listen", address], {});
    assert.equal(code, 64);
    assert.match(
      err,
      /^ocmem: Cannot listen on \S+ without a token: others could read .*--token.*OCMEM_TOKEN/,
    );
  }
  const args = "--listen 0.0.0.0:4097";
  const env = { OCMEM_TOKEN: TOKEN };
  assert.equal((await serveOn(new FakeProbe([]), args, SECOND, { env })).code, 0);
  const text = JSON.stringify({ serve: { token: TOKEN, listen: "0.0.0.0:99" } });
  const files = new Map([["/home/ann/.config/ocmem/config.jsonc", { text }]]);
  const home = { HOME: "/home/ann" };
  const ran = await serveOn(new FakeProbe([]), "", SECOND, { env: home, files });
  assert.deepEqual([ran.code, ran.out], [0, "Serving on http://0.0.0.0:99/\n"]);
  for (const { out, err } of [ran]) assert.ok(!`${out}${err}`.includes(TOKEN));
});

pure("what can't be a token is refused, and shown to nobody", async () => {
  for (const token of ["with space", `hush${"x".repeat(300)}`, "hush\nhush"]) {
    const { code, err } = await runFake(["serve", "--token", token], {});
    assert.equal(code, 64);
    assert.match(
      err,
      /^ocmem: Cannot use --token as it is: expected up to 256 letters, digits and/,
    );
    assert.ok(!err.includes(token) && !err.includes("hush"));
  }
  const variable = await runFake(["serve"], { env: { OCMEM_TOKEN: "hush hush" } });
  assert.equal(variable.code, 64);
  assert.match(variable.err, /^ocmem: Cannot use OCMEM_TOKEN as it is: expected up to/);
  const files = new Map([["/home/ann/.config/ocmem/config.jsonc", {
    text: '{"token":"hush hush"}',
  }]]);
  const inFile = await runFake(["serve"], { env: { HOME: "/home/ann" }, files });
  assert.equal(inFile.code, 78);
  assert.match(
    inFile.err,
    /^ocmem: Cannot use "token" in .*config\.jsonc, line 1, as it is: expected up to/,
  );
});

pure("where nobody can listen, it ends at once and says why", async () => {
  const probe = new FakeProbe([session(GIB)]);
  const { code, out, err } = await runFake(["serve"], {
    probe,
    listen: () => Promise.reject(new UnsupportedError("Cannot listen on 127.0.0.1:4097: taken")),
  });
  assert.deepEqual([code, out, err], [69, "", "ocmem: Cannot listen on 127.0.0.1:4097: taken\n"]);
  assert.deepEqual([probe.asked.memory.length, probe.disposed], [0, true]);
});

pure("a first look that fails ends it, with the server", async () => {
  const probe = new FakeProbe([session(GIB)]);
  failAt(probe, 1);
  const { code, out, err } = await serveOn(probe, "", 60 * SECOND);
  assert.deepEqual([code, out], [69, ""]);
  assert.match(err, /Cannot list processes: errno 12/);
});

pure("troubles are told on standard error, and end nothing", async () => {
  const probe = new FakeProbe([session(GIB)]);
  failAt(probe, 2);
  const { code, err } = await serveOn(probe, "--exec x", 25 * SECOND, {
    execute: () => Promise.resolve({ kind: "done", code: 7, output: "bad \x1b[31m" }),
  });
  assert.equal(code, 0);
  const lines = err.trimEnd().split("\n");
  assert.match(lines[0]!, /^2026-01-02T03:04:05Z trouble {4}the command of --exec .*7.*bad \\x1b/);
  assert.match(
    lines[1]!,
    /^2026-01-02T03:04:15Z trouble {4}Cannot list processes: errno 12; it is tried/,
  );
  assert.equal(lines.length, 2);
});

pure("who reads its output may go away, or never have been there", async () => {
  const probe = new FakeProbe([session(GIB)]);
  const script = { [SECOND]: (c: Controls) => c.closeOutput() };
  const { code } = await serveOn(probe, "", 65 * SECOND, { script });
  assert.deepEqual([code, probe.asked.memory.length], [0, 7]);
});

pure(
  "an output that can't be written is told of, as where it serves is told nowhere else",
  async () => {
    const write = () => {
      throw new OutputError("Cannot write to standard output: no space");
    };
    const { code, err } = await serveOn(new FakeProbe([]), "", SECOND, { write });
    assert.equal(code, 74);
    assert.match(err, /no space/);
  },
);

pure("named processes must be there, and when they have ended so has it", async () => {
  const absent = await runFake(["serve", "--pid", "77"], { listen: new Door().listen });
  assert.deepEqual([absent.code, absent.out], [69, ""]);
  const probe = new FakeProbe([session(GIB)]);
  const script = { [15 * SECOND]: () => probe.set([]) };
  const { code } = await serveOn(probe, "--pid 10", 3600 * SECOND, { script });
  assert.equal(code, 0);
  assert.equal(probe.asked.memory.length, 2);
});
