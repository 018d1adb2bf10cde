/** Who may ask: requests as browsers, other programs and attackers send them. */

import assert from "node:assert/strict";
import { admit } from "../../src/serve/guard.ts";
import type { ServerRequest } from "../../src/world.ts";
import { pure } from "../support.ts";
import { AT_HOME, nameless, request } from "./asking.ts";

/** The status of a refusal, or what is asked. */
function outcome(asked: ServerRequest, naming = AT_HOME): number | string {
  const result = admit(asked, naming);
  if ("status" in result) return result.status;
  return result.query === "" ? result.path : `${result.path}?${result.query}`;
}

const cross = { "sec-fetch-site": "cross-site" };
const open = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

pure("hosts: a page whose name leads here is refused, whatever it asks for", () => {
  const hosts: [string, number | string][] = [
    ["127.0.0.1:4097", "/x"],
    ["localhost:4097", "/x"],
    ["localhost", "/x"],
    // A tunnel of ssh: another port is in front.
    ["localhost:9999", "/x"],
    ["[::1]:4097", "/x"],
    ["evil.example", 403],
    ["evil.example:4097", 403],
    ["localhost.evil.example:4097", 403],
    ["192.168.1.5:4097", 403],
    ["", 403],
    ["localhost:4097, localhost:4097", 403],
    ["localhost:4097, evil.example", 403],
    ["evil.example, localhost:4097", 403],
    ["localhost@evil.example", 403],
    ["evil.example#localhost", 403],
  ];
  for (const [host, expected] of hosts) {
    assert.equal(outcome(request("/x", { host })), expected, host);
    const isRefused = expected === 403;
    const ofOthers = ["POST", "OPTIONS", "PUT"].map((method) =>
      outcome(request("/x", { host }, method))
    );
    assert.deepEqual(ofOthers, [1, 1, 1].map(() => isRefused ? 403 : 405), host);
  }
  assert.equal(outcome(nameless("/x")), 403);
  const away = { listen: "0.0.0.0", machine: "mybox" };
  assert.equal(outcome(request("/x", { host: "192.168.1.5:4097" }), away), "/x");
  assert.equal(outcome(request("/x", { host: "mybox.local:4097" }), away), "/x");
  assert.equal(outcome(request("/x", { host: "evil.example" }), away), 403);
});

pure("origins: only pages of this very host and port may ask", () => {
  const origins: [string, string, number | string][] = [
    ["127.0.0.1:4097", "http://127.0.0.1:4097", "/x"],
    ["localhost:4097", "http://localhost:4097", "/x"],
    ["LOCALHOST:4097", "http://localhost:4097", "/x"],
    ["localhost", "http://localhost", "/x"],
    ["localhost:80", "http://localhost", "/x"],
    ["[::1]:4097", "http://[::1]:4097", "/x"],
    // Something that speaks https stands in front.
    ["localhost", "https://localhost", "/x"],
    ["localhost:8443", "https://localhost:8443", "/x"],
    ["localhost:4097", "https://localhost", 403],
    ["localhost:4097", "http://localhost", 403],
    ["localhost:4097", "http://localhost:3000", 403],
    ["localhost:4097", "http://127.0.0.1:4097", 403],
    ["localhost:4097", "http://evil.example", 403],
    ["localhost:4097", "http://evil.example:4097", 403],
    ["localhost:4097", "http://localhost:4097.evil.example", 403],
    ["localhost:4097", "null", 403],
    ["localhost:4097", "", 403],
    ["localhost:4097", "file://", 403],
    ["localhost:4097", "chrome-extension://localhost:4097", 403],
    ["localhost:4097", "http://localhost:4097, http://localhost:4097", 403],
    ["localhost:4097", "http://localhost:4097/", 403],
  ];
  for (const [host, origin, expected] of origins) {
    assert.equal(outcome(request("/x", { host, origin })), expected, `${host} ${origin}`);
  }
});

pure("what browsers tell: others' pages may link to the front page, and nothing else", () => {
  const cases: [string, Record<string, string>, number | string][] = [
    ["/api/report", {}, "/api/report"],
    ["/api/report", { "sec-fetch-site": "same-origin" }, "/api/report"],
    // Typed, or from a bookmark.
    ["/api/report", { "sec-fetch-site": "none", ...open }, "/api/report"],
    ["/api/report", cross, 403],
    ["/api/report", { ...cross, ...open }, 403],
    ["/events", { ...cross, "sec-fetch-mode": "cors" }, 403],
    ["/api/report", { ...cross, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, 403],
    // Another port of this machine is the same site.
    ["/api/report", { "sec-fetch-site": "same-site" }, 403],
    ["/", { ...cross, ...open }, "/"],
    ["/?token=x", { ...cross, ...open }, "/?token=x"],
    ["/", { "sec-fetch-site": "same-site", ...open }, "/"],
    ["/", cross, 403],
    ["/", { ...cross, "sec-fetch-mode": "navigate" }, 403],
    ["/", { ...cross, ...open, "sec-fetch-dest": "iframe" }, 403],
    ["/", { ...cross, ...open, "sec-fetch-dest": "object" }, 403],
    ["/", { ...cross, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "document" }, 403],
    ["/", { "sec-fetch-site": "something-new" }, 403],
    ["/", { "sec-fetch-site": "same-origin, cross-site" }, 403],
  ];
  for (const [target, headers, expected] of cases) {
    assert.equal(
      outcome(request(target, headers)),
      expected,
      `${target} ${JSON.stringify(headers)}`,
    );
  }
});

pure("methods: GET and HEAD, and who asks otherwise is told so", () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"]) {
    const answer = admit(request("/", {}, method), AT_HOME);
    assert.ok("status" in answer);
    assert.deepEqual([answer.status, answer.headers.Allow], [405, "GET, HEAD"], method);
  }
  assert.deepEqual(admit(request("/x?y", {}, "HEAD"), AT_HOME), {
    isHead: true,
    path: "/x",
    query: "y",
    called: { host: "127.0.0.1", port: 4097 },
  });
});

pure("targets: this server's paths, also as proxies write them", () => {
  const cases: [string, number | string][] = [
    ["/", "/"],
    ["/?", "/"],
    ["/a?b=c?d", "/a?b=c?d"],
    ["//evil.example/", "//evil.example/"],
    ["http://127.0.0.1:4097/x?y", "/x?y"],
    ["HTTP://127.0.0.1:4097", "/"],
    ["http://127.0.0.1:4097?y", "/?y"],
    ["http://evil.example/", 403],
    ["http://127.0.0.1/", 403],
    ["http://127.0.0.1:4098/", 403],
    ["http://localhost:4097/", 403],
    ["http://127.0.0.1:4097@evil.example/", 403],
    ["http://evil.example@127.0.0.1:4097/", 403],
    ["http:///", 403],
    ["*", "*"],
    [`/${"x".repeat(2047)}`, `/${"x".repeat(2047)}`],
    [`/${"x".repeat(2048)}`, 414],
  ];
  for (const [target, expected] of cases) {
    assert.equal(outcome(request(target)), expected, target.slice(0, 99));
  }
});
