/** The real server, as strangers, attackers and mere accidents meet it. */

import assert from "node:assert/strict";
import { hasProgram, live, ROOT } from "../support.ts";
import { type Connection, get, IPV6, last } from "../world/connecting.ts";
import { ocmem } from "./command_line.ts";
import { documented } from "./program.ts";
import { fed } from "./fed.ts";
import { Served } from "./serve_started.ts";

const NAMED = ["--pid", `${Deno.pid}`];

live(
  "serve: an address in use, one that needs a token, and a flag that makes no sense",
  {},
  async () => {
    await using served = await Served.start(NAMED);
    const address = `127.0.0.1:${served.port}`;
    const second = await ocmem("serve", "--listen", address);
    assert.deepEqual([second.code, second.stdout], [69, ""]);
    assert.equal(
      second.stderr,
      `ocmem: Cannot listen on ${address}: another program listens there, maybe another ocmem. ` +
        "--listen 127.0.0.1:0 takes a free port\n",
    );
    const open = await ocmem("serve", "--listen", "0.0.0.0:0");
    assert.equal(open.code, 64);
    assert.match(open.stderr, /without a token.*--token.*OCMEM_TOKEN/);
    const wrong = await ocmem("serve", "--listen", "4097");
    assert.equal(wrong.code, 64);
    assert.match(wrong.stderr, /--listen.*expected .*HOST:PORT/);
    const foreign = await ocmem("serve", "--listen", "192.0.2.1:0", "--token", "correct-horse");
    assert.equal(foreign.code, 69);
    assert.match(foreign.stderr, /not granted\. Run deno with --allow-net=192\.0\.2\.1\n/);
  },
);

for (const [address, needs] of [["0.0.0.0:0", {}], ["[::]:0", IPV6]] as const) {
  live(`serve: with a token it listens on ${address}, to who has it`, needs, async () => {
    const env = { OCMEM_TOKEN: "correct-horse" };
    await using served = await Served.start(NAMED, env, address);
    assert.match(await served.status(last("/healthz")), / 401 /);
    await served.text("/healthz", { authorization: "Bearer correct-horse" });
    const stranger = last("/").replace("localhost", "evil.example");
    assert.match(await served.status(stranger), / 403 /);
  });
}

live("serve: a page of another site gets nothing, by whatever name it calls", {
  curl: hasProgram("curl"),
}, async () => {
  await using served = await Served.start(NAMED);
  const { url, port } = served;
  const cases: [readonly string[], string][] = [
    [[`${url}/api/report`], "200"],
    [["--header", "Host: localhost", `${url}/api/report`], "200"],
    [["--resolve", `evil.example:${port}:127.0.0.1`, `http://evil.example:${port}/`], "403"],
    [["--header", "Host: evil.example", `${url}/api/report`], "403"],
    [["--header", "Host:", `${url}/api/report`], "403"],
    [["--http1.0", "--header", "Host:", `${url}/api/report`], "403"],
    [["--header", "Origin: http://evil.example", `${url}/api/report`], "403"],
    [["--header", "Origin: null", `${url}/events`], "403"],
    [["--header", `Origin: ${url}`, `${url}/api/report`], "200"],
    [["--header", "Sec-Fetch-Site: cross-site", `${url}/api/report`], "403"],
    [["--proxy", url, "http://evil.example/"], "403"],
    [["--proxy", url, `${url}/api/report`], "200"],
    [["--data", "x=y", `${url}/`], "405"],
    [["--request", "OPTIONS", `${url}/api/report`], "405"],
    [["--request", "DELETE", `${url}/`], "405"],
    [["--head", `${url}/events`], "200"],
    [[`${url}/${"x".repeat(3000)}`], "414"],
    [[`${url}/${"x".repeat(20_000)}`], "431"],
    [["--header", `X-Long: ${"x".repeat(20_000)}`, `${url}/`], "431"],
    [["--path-as-is", `${url}/../../etc/passwd`], "404"],
  ];
  const common = ["--silent", "--output", "/dev/null", "--max-time", "60", "--noproxy", ""];
  for (const [args, status] of cases) {
    const ran = await fed("curl", [...common, "--write-out", "%{http_code}", ...args], "");
    assert.equal(ran.stdout, status, args.join(" ").slice(0, 200));
  }
  const many = "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  assert.match(await served.status(many), / 403 /);
  const { headers, body } = await served.get("/api/report", { origin: url });
  for (const [name] of headers) assert.ok(!name.startsWith("access-control"));
  await body!.cancel();
});

live(
  "serve: crowds that say nothing, or little by little, keep nobody from an answer",
  {},
  async () => {
    await using served = await Served.start(NAMED);
    const crowd: Connection[] = [];
    try {
      for (let i = 0; i < 1000; i++) {
        const connection = await served.connect();
        crowd.push(connection);
        if (i % 2 === 0) await connection.send("GET /api/report HTTP/1.1\r\nHost: loc");
      }
      assert.equal(JSON.parse(await served.text("/api/report")).type, undefined);
      using reader = await served.connect();
      await reader.send(get("/events"));
      await reader.until("event: look\n");
    } finally {
      for (const connection of crowd) connection[Symbol.dispose]();
    }
    served.running.kill("SIGTERM");
    const { code, stderr } = await served.running.outcome();
    assert.deepEqual([code, stderr], [0, ""]);
  },
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  live(
    `serve: ${signal} ends it with 0, and with it streams, readers and silent ones`,
    {},
    async () => {
      await using served = await Served.start(NAMED);
      const connections: Connection[] = [];
      for (const text of ["", "GET / HT", get("/"), get("/events"), get("/events")]) {
        const connection = await served.connect();
        connections.push(connection);
        await connection.send(text);
      }
      for (const i of [3, 4]) await connections[i]!.until("event: look\n");
      served.running.kill(signal);
      for (const connection of connections) {
        await connection.rest();
        connection[Symbol.dispose]();
      }
      const { code, stdout, stderr } = await served.running.outcome();
      assert.deepEqual([code, stdout, stderr], [0, `Serving on ${served.url}/\n`, ""]);
    },
  );
}

live("serve: it goes on when nobody reads its output any more", {}, async () => {
  const [program, ...words] = documented();
  const args = [...words, "serve", "--listen", "127.0.0.1:0", "--interval", "50ms", ...NAMED];
  const env = { XDG_CONFIG_HOME: "/nonexistent", XDG_STATE_HOME: "/nonexistent" };
  const command = new Deno.Command(program, {
    args,
    env,
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
  });
  await using process = command.spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const [, url] = /(http:.*)\/\n/.exec((await reader.read()).value!)!;
  await reader.cancel();
  const times = new Set<string>();
  while (times.size < 5) {
    const response = await fetch(`${url}/api/report`);
    times.add((await response.json()).taken_at);
  }
  process.kill("SIGTERM");
  assert.equal((await process.status).code, 0);
});
