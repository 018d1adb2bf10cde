/** The token: by header, by cookie, by the address of the front page. */

import assert from "node:assert/strict";
import { isToken } from "../../src/serve/lock.ts";
import { pure } from "../support.ts";
import { json, reportWith, request, Stand, text, TOKEN } from "./asking.ts";

const SECRET = ["node", "mcp.js", "--root", "/srv/hush"];

pure("what can be a token", () => {
  const good = ["x", TOKEN, "a".repeat(256), "AZaz09-._~+/=", "semi;colon", 'quo"te', "a,b"];
  for (const token of good) assert.equal(isToken(token), true, token);
  const bad = [
    "",
    "a".repeat(257),
    "with space",
    "tökenöken",
    "a\nbcdefgh",
  ];
  for (const token of bad) assert.equal(isToken(token), false, token);
});

pure("without it nothing is told, whatever is asked for; and how to bring it is", async () => {
  const stand = await Stand.seen({}, reportWith(SECRET), true);
  const tries: Record<string, string>[] = [
    {},
    { authorization: "Bearer" },
    { authorization: "Bearer " },
    { authorization: "Bearer wrong-token" },
    { authorization: `Bearer ${TOKEN}x` },
    { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
    { authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` },
    { authorization: `Bearer ${TOKEN.toUpperCase()}` },
    { authorization: `Basic ${btoa(`:${TOKEN}`)}` },
    { authorization: TOKEN },
    { cookie: `ocmem-4097=${TOKEN}` },
    { cookie: "ocmem-4097=" },
    { cookie: "ocmem-4097" },
  ];
  const targets = ["/", "/events", "/api/report", "/api/history", "/metrics", "/healthz", "/nope"];
  for (const target of targets) {
    for (const headers of tries) {
      const answer = await stand.get(target, headers);
      const what = `${target} ${JSON.stringify(headers)}`;
      assert.equal(answer.status, 401, what);
      assert.equal(answer.headers["WWW-Authenticate"], 'Bearer realm="ocmem"', what);
      assert.doesNotMatch(text(answer), /hush|opencode|horse/, what);
    }
    const { status } = await stand.get(`${target}?token=wrong-token`);
    assert.equal(status, 401, target);
    if (target === "/") continue;
    // Addresses are kept in histories and logs: there the token is taken by the front page alone.
    assert.equal((await stand.get(`${target}?token=${TOKEN}`)).status, 401, target);
  }
  assert.match(json(await stand.get("/api/report")).message, /Authorization: Bearer TOKEN/);
  assert.match(text(await stand.get("/")), /<code>\/\?token=TOKEN<\/code>/);
  assert.equal(stand.queries.length + stand.pages, 0);
});

pure("with the header everything is told, command lines too", async () => {
  const stand = await Stand.seen({}, reportWith(SECRET), true);
  for (const authorization of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `Bearer   ${TOKEN}`]) {
    const answer = await stand.get("/api/report", { authorization });
    assert.equal(answer.status, 200, authorization);
    assert.deepEqual(json(answer).instances[0].processes[0].command_line, SECRET);
  }
});

pure(
  "the front page takes it once, for a cookie, and it does not stay in the address",
  async () => {
    const stand = await Stand.seen({}, undefined, true);
    const answer = await stand.get(`/?token=${TOKEN}`);
    assert.deepEqual([answer.status, answer.headers.Location, text(answer)], [303, "/", ""]);
    const [pair = "", ...attributes] = answer.headers["Set-Cookie"]!.split("; ");
    assert.deepEqual(attributes.sort(), ["HttpOnly", "Path=/", "SameSite=Strict"]);
    const [name, value] = pair.split("=");
    assert.equal(name, "ocmem-4097");
    // The token can't be told from what the browser keeps.
    assert.match(value!, /^[0-9a-f]{64}$/);
    const cookies = [pair, `a=b; ${pair}`, `${pair};c=d`, `ocmem-4098=x; ${pair}; ocmem-409=y`];
    for (const cookie of cookies) {
      for (const target of ["/", "/api/report", "/healthz"]) {
        assert.equal((await stand.get(target, { cookie })).status, 200, cookie);
      }
    }
    for (const cookie of [`x${pair}`, `${pair}0`, pair.slice(0, -1), `ocmem-4098=${value}`]) {
      assert.equal((await stand.get("/api/report", { cookie })).status, 401, cookie);
    }
  },
);

pure(
  "each server of a machine has a cookie of its own, by the port that the browser sees",
  async () => {
    const stand = await Stand.seen({}, undefined, true);
    const enter = (host: string) => stand.get(`/?token=${TOKEN}`, { host });
    const cookieOf = async (host: string) =>
      (await enter(host)).headers["Set-Cookie"]!.split("=")[0];
    assert.equal(await cookieOf("localhost:9000"), "ocmem-9000");
    assert.equal(await cookieOf("localhost"), "ocmem-80");
  },
);

pure("a token with signs that mean something in an address", async () => {
  const { Lock } = await import("../../src/serve/lock.ts");
  const stand = await Stand.seen({ lock: await Lock.of("a+b/c==~d") });
  for (const written of ["a+b/c==~d", "a%2Bb%2Fc%3D%3D~d"]) {
    assert.equal((await stand.get(`/?token=${written}`)).status, 303, written);
  }
  assert.equal((await stand.get("/?token=a-b/c==~d")).status, 401);
});

pure("where none is needed, one in the address is taken out of it", async () => {
  const stand = await Stand.seen();
  const answer = await stand.get("/?token=whatever");
  assert.deepEqual([answer.status, answer.headers.Location], [303, "/"]);
  assert.equal(answer.headers["Set-Cookie"], undefined);
  assert.equal((await stand.get("/api/report?token=whatever")).status, 200);
});

pure("a foreign host is refused before it can guess", async () => {
  const stand = await Stand.seen({}, undefined, true);
  const headers = { host: "evil.example", authorization: `Bearer ${TOKEN}` };
  assert.equal((await stand.site.answer(request("/", headers))).status, 403);
  assert.equal((await stand.get(`/?token=${TOKEN}`, { host: "evil.example" })).status, 403);
});
