/** What a server bears: too many, too slow, too much. */

import assert from "node:assert/strict";
import { until } from "../live/processes.ts";
import { live } from "../support.ts";
import { type Connection, get, last, Serving } from "./connecting.ts";

/** Ends them all. */
function closing(connections: readonly Connection[]): Disposable {
  return { [Symbol.dispose]: () => connections.forEach((one) => one[Symbol.dispose]()) };
}

live(
  "server: of 1,000 silent connections the oldest go, and who asks gets an answer",
  {},
  async () => {
    await using serving = await Serving.begin();
    const silent: Connection[] = [];
    using _all = closing(silent);
    for (let i = 0; i < 1000; i++) silent.push(await serving.connect());
    assert.match(await serving.say(last("/")), /plain$/);
    // The limit is 512: who came first was let go, who came last was not.
    assert.equal(await silent[0]!.next(), "");
    assert.equal(await silent[487]!.next(), "");
    await silent[999]!.send(last("/"));
    assert.match(await silent[999]!.rest(), /plain$/);
    await silent[700]!.send(last("/"));
    assert.match(await silent[700]!.rest(), /plain$/);
    assert.deepEqual(serving.complaints, []);
  },
);

live("server: a connection that is at work does not go for one that is silent", {}, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = async () => {
    await promise;
    return { status: 200, headers: {}, body: "slow" };
  };
  await using serving = await Serving.begin({ "/slow": slow }, { connections: 4 });
  using stream = await serving.connect();
  await stream.send(get("/stream"));
  await stream.until("begin\n");
  using waiting = await serving.connect();
  await waiting.send(last("/slow"));
  using kept = await serving.connect();
  await kept.send(get("/"));
  await kept.until("plain");
  await until("the slow request", () => serving.requests.length === 3);
  const silent: Connection[] = [];
  using _all = closing(silent);
  for (let i = 0; i < 20; i++) silent.push(await serving.connect());
  // It has had its answer, and is silent for the longest time. Two places are left for the silent.
  assert.equal(await kept.rest(), "");
  assert.equal(await silent[17]!.next(), "");
  resolve();
  assert.match(await waiting.rest(), /slow$/);
  serving.streams[0]!.write("still\n");
  await stream.until("still\n");
});

live("server: where all are at work, a newcomer is turned away", {}, async () => {
  await using serving = await Serving.begin({}, { connections: 2 });
  const busy: Connection[] = [];
  using _all = closing(busy);
  for (let i = 0; i < 2; i++) {
    const connection = await serving.connect();
    busy.push(connection);
    await connection.send(get("/stream"));
    await connection.until("begin\n");
  }
  using late = await serving.connect();
  assert.equal(await late.next(), "");
  busy[0]![Symbol.dispose]();
  await until("the end of a stream", () => serving.ended === 1);
  assert.match(await serving.say(last("/")), /plain$/);
});

live(
  "server: headers that come byte by byte are not waited for, nor is a connection",
  {},
  async () => {
    await using serving = await Serving.begin({}, { headersMs: 100, silenceMs: 60_000 });
    const timeout = /^HTTP\/1\.1 408 Request Timeout\r\n/;
    using slow = await serving.connect();
    await slow.send("GET / HTTP/1.1\r\nHost: localhost\r\n");
    let isOver = false;
    const rest = slow.rest().then((heard) => {
      isOver = true;
      return heard;
    });
    // It goes on to send for as long as it can: the time counts from the first byte.
    for (let i = 0; !isOver && i < 10_000; i++) {
      await slow.send(`X-${i}: y\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.match(await rest, timeout);
    assert.match(await serving.say(""), timeout);
    assert.match(await serving.say("G"), timeout);
    assert.deepEqual(serving.requests, []);
  },
);

live("server: a connection that asks nothing more ends; a stream may say nothing", {}, async () => {
  await using serving = await Serving.begin({}, { silenceMs: 100 });
  using stream = await serving.connect();
  await stream.send(get("/stream"));
  await stream.until("begin\n");
  using connection = await serving.connect();
  for (let i = 0; i < 3; i++) {
    await connection.send(get("/"));
    await connection.until("plain");
  }
  assert.equal(await connection.rest(), "");
  serving.streams[0]!.write("still\n");
  await stream.until("still\n");
});

live("server: who does not take an answer is let go", {}, async () => {
  // More than the system keeps for a reader.
  const large = () => ({ status: 200, headers: {}, body: "x".repeat(32 * 1024 * 1024) });
  await using serving = await Serving.begin({ "/large": large }, {
    silenceMs: 100,
    connections: 1,
  });
  using slow = await serving.connect();
  await slow.send(get("/large"));
  await until("the request", () => serving.requests.length === 1);
  // There is room for one: while that is at work, others are turned away.
  let answer = "";
  for (let i = 0; answer === "" && i < 6000; i++) {
    answer = await serving.say(last("/"));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.match(answer, /plain$/);
  assert.ok((await slow.rest()).length < 32 * 1024 * 1024);
});

live(
  "server: a stream whose reader does not read is cut off; others get more than that",
  {},
  async () => {
    const waitingBytes = 256 * 1024;
    await using serving = await Serving.begin({}, { waitingBytes });
    using slow = await serving.connect();
    await slow.send(get("/stream"));
    await until("the stream", () => serving.streams.length === 1);
    using quick = await serving.connect();
    await quick.send(get("/stream"));
    await quick.until("begin\n");
    const text = `${"x".repeat(64 * 1024)}.\n`;
    // The system keeps some megabytes for a reader.
    let sent = 0;
    while (serving.streams[0]!.write(text) && sent < 1000) {
      sent++;
      serving.streams[1]!.write(text);
      await quick.until(".\n");
    }
    assert.ok(sent < 1000, "it is cut off");
    assert.ok(sent * text.length > waitingBytes);
    assert.equal(serving.ended, 1);
    assert.equal(serving.streams[0]!.write("more"), false);
    serving.streams[1]!.write("end\n");
    await quick.until("end\n");
  },
);
