/** A server on loopback: what it hears, and what it says. */

import assert from "node:assert/strict";
import { until } from "../live/processes.ts";
import { live } from "../support.ts";
import { get, last, Serving } from "./connecting.ts";

live(
  "server: an answer with its headers and its length; to HEAD the same without a body",
  {},
  async () => {
    await using serving = await Serving.begin({
      "/é": () => ({
        status: 418,
        headers: { "Content-Type": "text/plain" },
        body: "tea \u{1f375}\n",
      }),
    });
    const response = await fetch(`http://127.0.0.1:${serving.port}/x?y=%20z`);
    assert.equal(response.headers.get("x-own"), "yes");
    assert.equal(response.headers.get("content-length"), "5");
    assert.equal(await response.text(), "plain");
    const head = await serving.say(
      "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert.match(head, /^HTTP\/1\.1 200 OK\r\nX-Own: yes\r\nContent-Length: 5\r\n/);
    assert.ok(head.endsWith("\r\n\r\n"));
    assert.deepEqual(serving.requests.map(({ method, target }) => [method, target]), [
      ["GET", "/x?y=%20z"],
      ["HEAD", "/"],
    ]);
  },
);

live("server: headers by their names, several of one name as one text", {}, async () => {
  await using serving = await Serving.begin();
  const more = "hOST: second\r\nX-A: 1\r\nx-a: 2\r\nCookie: a=b\r\nCookie: c=d\r\nX-Empty:\r\n";
  await serving.say(last("/", more));
  await serving.say("GET / HTTP/1.0\r\n\r\n");
  await serving.say("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  const [request, old, nameless] = serving.requests;
  const heard = ["host", "x-a", "cookie", "x-empty", "x-none", "constructor"]
    .map((name) => request!.header(name));
  assert.deepEqual(heard, ["localhost, second", "1, 2", "a=b; c=d", "", undefined, undefined]);
  assert.deepEqual([old!.header("host"), nameless!.header("host")], [undefined, undefined]);
});

live("server: several requests in one connection, also at once", {}, async () => {
  await using serving = await Serving.begin();
  const heard = await serving.say(get("/1") + get("/2") + last("/3"));
  assert.deepEqual(serving.requests.map(({ target }) => target), ["/1", "/2", "/3"]);
  assert.equal(heard.split("\r\n\r\nplain").length, 4);
});

live("server: a body is not looked at, and ends the connection", {}, async () => {
  await using serving = await Serving.begin();
  for (
    const body of [
      "Content-Length: 5\r\n\r\nhello",
      "Content-Length: 1000000\r\n\r\nhello",
      "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    ]
  ) {
    const heard = await serving.say(`POST / HTTP/1.1\r\nHost: localhost\r\n${body}`);
    assert.match(heard, /Connection: close\r\n[^]*plain$/, body);
  }
});

live("server: what is no HTTP is refused before anybody hears of it", {}, async () => {
  await using serving = await Serving.begin();
  const texts = [
    ...[
      "\r\n\r\nnonsense\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\nHost\n\n",
    ],
    ...["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"],
    get("/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"),
    get("/", "X : y\r\n"),
    get("/", "X: a\rb\r\n"),
  ];
  for (const text of texts) {
    assert.match(await serving.say(text), /^HTTP\/1\.1 400 /, JSON.stringify(text));
  }
  assert.match(await serving.say(get("/", `X: ${"y".repeat(20_000)}\r\n`)), /^HTTP\/1\.1 431 /);
  assert.match(await serving.say(get(`/${"y".repeat(20_000)}`)), /^HTTP\/1\.1 431 /);
  assert.equal(await serving.say("CONNECT evil.example:1 HTTP/1.1\r\nHost: localhost\r\n\r\n"), "");
  assert.deepEqual([serving.requests, serving.complaints], [[], []]);
});

live(
  "server: what fails is 500 without details, and is told without what may be secret",
  {},
  async () => {
    const fails = () => {
      throw new Error("inner matters");
    };
    await using serving = await Serving.begin({
      "/now?token=hush": fails,
      "/late": () => Promise.reject(new Error("inner matters")),
      "/stuck": () => ({ status: 200, headers: {}, body: fails }),
    });
    for (const target of ["/now?token=hush", "/late"]) {
      const heard = await serving.say(last(target));
      assert.match(heard, /^HTTP\/1\.1 500 [^]*\r\nContent-Length: 0\r\n[^]*\r\n\r\n$/);
    }
    await serving.say(get("/stuck"));
    for (const [i, path] of ["/now", "/late", "/stuck"].entries()) {
      assert.ok(
        serving.complaints[i]!.startsWith(`Cannot answer GET ${path}: Error: inner matters`),
      );
    }
    assert.doesNotMatch(serving.complaints.join(), /hush/);
    assert.match(await serving.say(last("/")), /plain$/);
  },
);

live("server: a stream goes out at once, and who goes away is noticed", {}, async () => {
  await using serving = await Serving.begin();
  {
    using reader = await serving.connect();
    await reader.send(get("/stream"));
    const heard = await reader.until("begin\n");
    assert.doesNotMatch(heard, /content-length/i);
    for (const text of ["one\n", "tw\u00f6\n"]) {
      assert.equal(serving.streams[0]!.write(text), true);
      await reader.until(text);
    }
  }
  await until("the end of the stream", () => serving.ended === 1);
  assert.equal(serving.streams[0]!.write("more"), false);
  let heeded = 0;
  serving.streams[0]!.onEnd(() => heeded++);
  assert.equal(heeded, 1);
  const head = await serving.say("HEAD /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n[^]*\r\n\r\n$/);
  assert.equal(serving.streams.length, 1);
});

live("server: when it ends, all connections end at once, whatever they are about", {}, async () => {
  const serving = await Serving.begin({ "/never": () => new Promise(() => {}) });
  const { port } = serving;
  const connections = await Promise.all([
    ...["", "GET / HT", get("/"), get("/stream"), get("/never")].map(async (text) => {
      const connection = await serving.connect();
      await connection.send(text);
      return connection;
    }),
  ]);
  await connections[2]!.until("plain");
  await connections[3]!.until("begin\n");
  await until("the request", () => serving.requests.length === 3);
  await serving[Symbol.asyncDispose]();
  assert.equal(serving.ended, 1);
  for (const connection of connections) {
    assert.doesNotMatch(await connection.rest(), /plain/);
    connection[Symbol.dispose]();
  }
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), /refused/);
  assert.deepEqual(serving.complaints, []);
});
