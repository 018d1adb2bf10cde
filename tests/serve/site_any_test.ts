/** Whatever bytes come: no answer is thrown, and none of them tells a stranger anything. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { isOwnName, parseAuthority } from "../../src/serve/names.ts";
import type { ServerRequest } from "../../src/world.ts";
import { pure } from "../support.ts";
import { AT_HOME, Stand } from "./asking.ts";

const OWN = ["localhost", "127.0.0.1", "[::1]", "localhost:4097", "127.0.0.1:4097"];
const PATHS = ["/", "/events", "/api/report", "/api/history", "/metrics", "/healthz"];
const PARTS = [
  ...OWN,
  ...[
    "evil.example",
    ":",
    ":80",
    "@",
    ",",
    ", ",
    " ",
    "/",
    "//",
    "\\",
    "#",
    "?",
    "%00",
    "\r\n",
    "\0",
  ],
  ...["http://", "https://", "null", ".", "[", "]", "::", "\u202e", "\ud800", "é", "127.", "local"],
];

const mixed = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const hosts = maybe(fc.oneof(fc.constantFrom(...OWN), mixed));
const targets = fc.oneof(
  fc.constantFrom(...PATHS),
  fc.tuple(fc.constantFrom(...PATHS, "/?token=", "/api/history?since="), mixed).map((p) =>
    p.join("")
  ),
  mixed,
);
const headers = fc.record({
  host: hosts,
  origin: maybe(fc.oneof(fc.constantFrom(...OWN.map((own) => `http://${own}`)), mixed)),
  "sec-fetch-site": maybe(fc.oneof(fc.constantFrom("none", "same-origin", "cross-site"), mixed)),
  "sec-fetch-mode": maybe(fc.constantFrom("navigate", "cors", "")),
  "sec-fetch-dest": maybe(fc.constantFrom("document", "iframe", "")),
  authorization: maybe(fc.oneof(mixed.map((text) => `Bearer ${text}`), mixed)),
  cookie: maybe(fc.oneof(mixed.map((text) => `ocmem-4097=${text}`), mixed)),
  accept: maybe(mixed),
  "last-event-id": maybe(mixed),
});
const methods = fc.oneof(fc.constantFrom("GET", "HEAD", "POST", "OPTIONS"), mixed);
const requests = fc.record({ method: methods, target: targets, headers })
  .map(({ method, target, headers }): ServerRequest & { headers: typeof headers } => ({
    ...{ method, target, headers },
    header: (name) => (headers as Record<string, string | undefined>)[name],
  }));

/** Whether a text is what some page of this server could have as its host. */
function isOurs(host: string | undefined): boolean {
  const authority = parseAuthority(host ?? "");
  return authority !== null && isOwnName(authority.host, AT_HOME);
}

pure("any request has an answer, and a stranger's only a refusal", async () => {
  const stand = await Stand.seen();
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { status, headers } = await stand.site.answer(request);
      seen.add(status);
      const { host, origin } = request.headers;
      const isRefused = status === 403;
      if (!isOurs(host)) assert.ok(isRefused);
      if (origin !== undefined && !/^https?:\/\//i.test(origin)) assert.ok(isRefused);
      if (status === 200) assert.match(request.method, /^(?:GET|HEAD)$/);
      for (const [name, value] of Object.entries(headers)) {
        assert.doesNotMatch(`${name}: ${value}`, /[^\x20-\x7e]/);
      }
    }),
    { numRuns: 3000, seed: 11 },
  );
  for (const status of [200, 303, 400, 403, 404, 405]) assert.ok(seen.has(status), `${status}`);
});

pure("any request without the token gets nothing", async () => {
  const stand = await Stand.seen({}, undefined, true);
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { status } = await stand.site.answer(request);
      assert.ok([401, 403, 405, 414].includes(status), `${status}`);
    }),
    { numRuns: 1000, seed: 12 },
  );
});
