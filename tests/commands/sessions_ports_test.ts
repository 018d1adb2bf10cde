/** Servers are asked where they listen, and nobody else is. */

import assert from "node:assert/strict";
import { findSessions } from "../../src/commands/find_sessions.ts";
import { look } from "../../src/look.ts";
import { FakeProbe, type FakeProcess, NOW_MS } from "../fake.ts";
import { FakeWorld, runFake } from "../fake_world.ts";
import { openCodeWith, outsideOf, REFUSED } from "../sessions/made.ts";
import { native } from "../schema/machine.ts";
import { pure } from "../support.ts";
import type { LocalAnswer, LocalRequest } from "../../src/world.ts";

const OPENCODE = openCodeWith([{ id: "ses_1", title: "Fix", time: { updated: NOW_MS } }]);
const HOME = { HOME: "/h" };

interface Listed {
  readonly asked: readonly string[];
  readonly ids: readonly string[];
  readonly notes: readonly string[];
}

/** What list says of one server, and which places were asked. */
async function listed(
  server: FakeProcess,
  answer: (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer> = OPENCODE,
): Promise<Listed> {
  const outside = outsideOf({ "/h/.local/share/opencode/opencode.db": new Uint8Array() }, answer);
  const probe = new FakeProbe([server]);
  const { out, code } = await runFake(["list", "--json"], { probe, outside, env: HOME });
  assert.equal(code, 0);
  assert.deepEqual(probe.asked.ports, [server.pid]);
  const { instances: [instance], notes } = JSON.parse(out);
  const asked = outside.asked.flatMap((url) => /^http:\/\/(.*)\/global\/health$/.exec(url) ?? []);
  return {
    asked: asked.filter((url) => !url.startsWith("http")),
    ids: instance.sessions.map(({ id }: { id: string }) => id),
    notes: notes.filter((note: string) => note.includes("server")),
  };
}

const AT = (port: number, address = "127.0.0.1") => ({ address, port });

pure("a server without a port among its arguments is asked where it listens", async () => {
  const found = await listed(native(20, "serve", { ports: [AT(43_210)] }));
  assert.deepEqual(found, { asked: ["127.0.0.1:43210"], ids: ["ses_1"], notes: [] });
});

pure("where a server says it listens and does not, somebody else is not asked", async () => {
  const found = await listed(native(20, "serve --port 4096", { ports: [] }));
  assert.deepEqual(found, {
    asked: [],
    ids: [],
    notes: [
      "Cannot ask the server of 20 (server) for its sessions: it does not listen where its " +
      "arguments say",
    ],
  });
  const other = await listed(native(20, "serve --port 4096", { ports: [AT(4096, "10.0.0.1")] }));
  assert.deepEqual([other.asked, other.notes.length], [[], 1]);
  // Nothing said, and nowhere: there is nothing to say.
  const none = await listed(native(20, "serve", { ports: [] }));
  assert.deepEqual(none, { asked: [], ids: [], notes: [] });
});

pure("where the system does not tell, the arguments do", async () => {
  const said = await listed(native(20, "serve --port 4096", { ports: null }));
  assert.deepEqual(said, { asked: ["127.0.0.1:4096"], ids: ["ses_1"], notes: [] });
  const unsaid = await listed(native(20, "serve", { ports: null }));
  assert.deepEqual(unsaid, { asked: [], ids: [], notes: [] });
});

pure("one place after another is asked, until OpenCode answers", async () => {
  const ports = [AT(1), AT(2), AT(3), AT(4096)];
  const server = native(20, "serve --port 4096", { ports });
  const at = (port: number) => (request: LocalRequest) =>
    request.port === port ? OPENCODE(request) : REFUSED;
  const second = await listed(server, at(1));
  assert.deepEqual(second, {
    asked: ["127.0.0.1:4096", "127.0.0.1:1"],
    ids: ["ses_1"],
    notes: [],
  });
  const never = await listed(
    server,
    ({ port }) =>
      port === 4096
        ? { kind: "answer", status: 401, body: "" }
        : { kind: "answer", status: 200, body: "<html>" },
  );
  assert.deepEqual(never.asked, ["127.0.0.1:4096", "127.0.0.1:1", "127.0.0.1:2"]);
  assert.deepEqual(never.notes, [
    "Cannot ask the server of 20 (server) for its sessions: it wants a password",
  ]);
});

pure("a place that never answers leaves the others their time", async () => {
  const times: number[] = [];
  await listed(native(20, "serve", { ports: [AT(1), AT(2), AT(3)] }), (request) => {
    times.push(Math.round(request.timeoutMs));
    return REFUSED;
  });
  // Of 300 ms; no time goes by here.
  assert.deepEqual(times, [100, 150, 300]);
});

pure("only servers are asked where they listen", async () => {
  const probe = new FakeProbe([
    native(10, ""),
    native(11, "run x"),
    native(12, "attach"),
    native(20, "acp"),
    native(21, "serve", { exe: "/app/opencode-cli", name: "opencode-cli" }),
  ]);
  await runFake(["list", "--json"], { probe, outside: outsideOf({}), env: HOME });
  assert.deepEqual(probe.asked.ports, [20, 21]);
  const without = new FakeProbe([native(20, "serve")]);
  await runFake(["list", "--no-sessions"], { probe: without, env: HOME });
  await runFake(["check"], { probe: without, env: HOME });
  assert.deepEqual(without.asked.ports, []);
});

pure("a probe is asked before anything is waited for: later it may be closed", async () => {
  const probe = new FakeProbe([native(20, "serve", { ports: [AT(1)] })]);
  const { found } = look(probe, { match: null, pids: [] }, { nowMs: () => NOW_MS }, {
    exact: false,
  });
  const files = { "/h/.local/share/opencode/opencode.db": new Uint8Array() };
  const scene = { probe, outside: outsideOf(files, OPENCODE), env: HOME };
  const world = new FakeWorld(scene, () => {}, () => {});
  const finding = findSessions(world, found, probe);
  assert.deepEqual(probe.asked.ports, [20]);
  const { held } = await finding;
  assert.deepEqual([...held.values()].map(({ sessions }) => sessions.length), [1]);
});

pure(
  "without a database, as before OpenCode 1.2, nobody is asked: it would open its directory",
  async () => {
    for (const names of [[], ["x"], ["opencode.db-wal"]]) {
      const files = Object.fromEntries(
        names.map((name) => [`/h/.local/share/opencode/${name}`, new Uint8Array()]),
      );
      const outside = outsideOf(files, OPENCODE);
      const probe = new FakeProbe([native(20, "serve --port 4096", { cwd: "/w" })]);
      const { out } = await runFake(["list", "--json"], { probe, outside, env: HOME });
      assert.deepEqual(outside.asked.filter((one) => one.startsWith("http")), []);
      assert.match(JSON.parse(out).notes[0], /there is no opencode\.db in/);
    }
  },
);
