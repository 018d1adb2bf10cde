/** Servers that answer as OpenCode, slowly, never, with garbage, with too much, or for somebody else. */

import assert from "node:assert/strict";
import { askServer, type ServedSessions } from "../../src/sessions/served.ts";
import { Trouble } from "../../src/sessions/trouble.ts";
import type { LocalAnswer } from "../../src/world.ts";
import { outside } from "../../src/world/outside.ts";
import { live, pure } from "../support.ts";
import { openCodeWith, outsideOf } from "./made.ts";

const PLACE = { host: "127.0.0.1", port: 4096 };

pure("a server is asked for what starts nothing, and for nothing of a directory", async () => {
  const answers = openCodeWith([
    {
      id: "ses_1",
      title: "Fix",
      location: { directory: "/w" },
      time: { created: 1, updated: 5 },
    },
    { id: "ses_2", title: 7, directory: "/x", time: { updated: "now" } },
    { id: "" },
    null,
    "ses_3",
  ], { ses_1: { type: "running" } });
  const world = outsideOf({}, answers);
  assert.deepEqual(await askServer(world, PLACE, () => 300), {
    sessions: [
      { id: "ses_1", title: "Fix", directory: "/w", updatedAtMs: 5 },
      { id: "ses_2", title: null, directory: "/x", updatedAtMs: null },
    ],
    active: new Set(["ses_1"]),
  });
  assert.deepEqual(world.asked, [
    "http://127.0.0.1:4096/global/health",
    "http://127.0.0.1:4096/api/session",
    "http://127.0.0.1:4096/api/session/active",
  ]);
});

pure("an older server that does not tell of active ones is no trouble", async () => {
  const answers = openCodeWith([{ id: "ses_1" }]);
  const world = outsideOf(
    {},
    (request) =>
      request.path.endsWith("/active")
        ? { kind: "answer", status: 404, body: "" }
        : answers(request),
  );
  const { sessions, active } = await askServer(world, PLACE, () => 300);
  assert.deepEqual([sessions.length, active.size], [1, 0]);
});

pure("a version that may open its directory to tell is asked for its health alone", async () => {
  const asked = async (version: string) => {
    const body = JSON.stringify({ healthy: true, version });
    const answers = openCodeWith([]);
    const world = outsideOf(
      {},
      (request) =>
        request.path === "/global/health"
          ? { kind: "answer", status: 200, body }
          : answers(request),
    );
    const told = await askServer(world, PLACE, () => 300).then(() => "told", (error: Error) => {
      assert.ok(error instanceof Trouble);
      return error.message;
    });
    return [told, world.asked.length];
  };
  // 1.2.27 and 1.14.41 were seen to open it; of the other ones nothing is known.
  const older = ["1.2.27", "1.14.41", "1.16.99", "0.20.0", "0.0.0-dev-202611250000", "local", ""];
  const why = "its version may open its directory to tell; 1.17 and later don't";
  for (const version of older) assert.deepEqual(await asked(version), [why, 1], version);
  // 1.17.0, 1.18.3 and 1.18.33 were seen not to.
  const newer = ["1.17.0", "1.18.3", "1.18.33", "1.100.0", "2.0.0", "2.0.0-beta.1", "10.0.0"];
  for (const version of newer) assert.deepEqual(await asked(version), ["told", 3], version);
});

pure("whatever else answers is a Trouble, and is asked no more", async () => {
  const answer = (status: number, body = ""): LocalAnswer => ({ kind: "answer", status, body });
  const healthy = '{"healthy":true,"version":"1.18.33"}';
  const cases: readonly [LocalAnswer, RegExp][] = [
    [answer(401), /^it wants a password$/],
    [answer(403), /^it wants a password$/],
    [answer(302), /^it answers with status 302$/],
    [answer(500), /^it answers with status 500$/],
    [answer(200, "<html>"), /does not answer as OpenCode/],
    [answer(200, "[]"), /does not answer as OpenCode/],
    [answer(200, "null"), /does not answer as OpenCode/],
    [answer(200, '{"healthy":true}'), /does not answer as OpenCode/],
    [answer(200, '{"healthy":"yes","version":"1"}'), /does not answer as OpenCode/],
    [{ kind: "failed", reason: "nobody listens there" }, /^nobody listens there$/],
  ];
  for (const [first, expected] of cases) {
    const world = outsideOf({}, () => first);
    await assert.rejects(askServer(world, PLACE, () => 300), (error: Error) => {
      assert.ok(error instanceof Trouble);
      assert.match(error.message, expected);
      return true;
    });
    assert.equal(world.asked.length, 1);
  }
  const world = outsideOf(
    {},
    ({ path }) => answer(200, path === "/global/health" ? healthy : "{}"),
  );
  await assert.rejects(askServer(world, PLACE, () => 300), Trouble);
});

/** Answers each request with bytes of a socket, and says which lines began the requests. */
async function withServer(
  answer: (connection: Deno.TcpConn) => Promise<void> | void,
  body: (port: number, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const connections: Deno.TcpConn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      const bytes = new Uint8Array(4096);
      const length = await connection.read(bytes).catch(() => null);
      asked.push(new TextDecoder().decode(bytes.subarray(0, length ?? 0)).split("\r\n")[0]!);
      try {
        await answer(connection);
      } catch {
        // The one who asked has gone.
      }
    }
  })();
  try {
    await body((listener.addr as Deno.NetAddr).port, asked);
  } finally {
    listener.close();
    for (const connection of connections) {
      try {
        connection.close();
      } catch {
        // It is closed.
      }
    }
    await serving;
  }
}

async function say(connection: Deno.TcpConn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

const ENDLESS = "x".repeat(65_536);
const HOSTILE: readonly [
  name: string,
  answer: (connection: Deno.TcpConn) => Promise<void> | void,
  expected: RegExp,
][] = [
  ["never", () => {}, /does not answer in time/],
  [
    "begins and never ends",
    (c) => say(c, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"),
    /does not answer in time/,
  ],
  ["closes", (c) => c.close(), /makes no sense|cut off/],
  [
    "is cut off",
    async (c) => {
      await say(c, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{");
      c.close();
    },
    /makes no sense|cut off/,
  ],
  ["garbage", (c) => say(c, "\x00\xff\x1b[31m".repeat(99) + "\r\n\r\n"), /makes no sense/],
  [
    "too much",
    async (c) => {
      await say(c, "HTTP/1.1 200 OK\r\n\r\n");
      for (let i = 0; i < 64; i++) await say(c, ENDLESS);
    },
    /too long/,
  ],
  [
    "a password",
    (c) => say(c, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
    /wants a password/,
  ],
];

for (const [name, answer, expected] of HOSTILE) {
  live(`a real server: ${name}`, {}, async () => {
    await withServer(answer, async (port, asked) => {
      const asking = askServer(outside, { ...PLACE, port }, () => name.includes("ver") ? 60 : 5000);
      const begin = performance.now();
      await assert.rejects(asking, (error: Error) => {
        assert.ok(performance.now() - begin < 10_000, "it waits no longer than it says");
        assert.ok(error instanceof Trouble, String(error));
        assert.match(error.message, expected);
        return true;
      });
      assert.deepEqual(asked, ["GET /global/health HTTP/1.1"]);
    });
  });
}

live(
  "a real server that sends elsewhere is not followed, whatever proxy there is",
  {},
  async () => {
    let elsewhere = 0;
    await withServer(() => void elsewhere++, async (other) => {
      Deno.env.set("HTTP_PROXY", `http://127.0.0.1:${other}`);
      try {
        const location = `http://127.0.0.1:${other}/global/health`;
        await withServer(
          (c) => say(c, `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
          async (port) => {
            const asking = askServer(outside, { ...PLACE, port }, () => 5000);
            await assert.rejects(asking, /answers with status 302/);
          },
        );
      } finally {
        Deno.env.delete("HTTP_PROXY");
      }
    });
    assert.equal(elsewhere, 0);
  },
);

live("nobody listens; and chunks are put together", {}, async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assert.rejects(askServer(outside, { ...PLACE, port }, () => 5000), /nobody listens there/);
  const bodies = [
    '{"healthy":true,"version":"1.18.33"}',
    '{"data":[{"id":"ses_1"}]}',
    '{"data":{}}',
  ];
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  let found: ServedSessions | null = null;
  let turn = 0;
  await withServer(
    async (c) => {
      const body = bodies[Math.min(turn++, 1)]!;
      const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      await say(c, head + chunk(body.slice(0, 9)) + chunk(body.slice(9)) + "0\r\n\r\n");
    },
    async (port) => {
      found = await askServer(outside, { ...PLACE, port }, () => 5000);
    },
  );
  assert.equal(found!.sessions[0]!.id, "ses_1");
});
