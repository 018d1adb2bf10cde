/** What is answered while something is amiss, or too many ask. */

import assert from "node:assert/strict";
import { DatabaseError } from "../../src/errors.ts";
import { pure } from "../support.ts";
import { eventsIn } from "./event_source.ts";
import { json, type Reader, reportWith, Stand, text } from "./asking.ts";

pure("health is asked anew each time, and answers 503 where nobody looks", async () => {
  const stand = await Stand.seen();
  assert.equal((await stand.get("/healthz")).status, 200);
  stand.nowMs += 36_000;
  const answer = await stand.get("/healthz");
  assert.deepEqual([answer.status, json(answer).age_ms], [503, 36_000]);
  stand.show({ report: { ...reportWith([]), level: "critical", takenAtMs: stand.nowMs } });
  assert.equal((await stand.get("/healthz")).status, 503);
});

pure("before the first look there is nothing to tell, and it will not last", async () => {
  const stand = await Stand.of();
  for (const path of ["/", "/api/report", "/api/history", "/metrics"]) {
    const { status, headers } = await stand.get(path);
    assert.deepEqual([status, headers["Retry-After"]], [503, "1"], path);
  }
  assert.equal((await stand.get("/healthz")).status, 503);
  const reader = await stand.follow();
  stand.show({});
  assert.equal(eventsIn(reader.heard).length, 1);
});

pure(
  "a history that can't be read: the reader gets no details, the server tells them",
  async () => {
    const stand = await Stand.seen({
      past: () => {
        throw new DatabaseError("damaged", "Cannot read /home/ann/history.db: malformed");
      },
    });
    for (const path of ["/", "/api/history"]) {
      const answer = await stand.get(path);
      assert.equal(answer.status, 503);
      assert.doesNotMatch(text(answer), /ann|malformed/);
    }
    assert.deepEqual(
      new Set(stand.complaints),
      new Set(["Cannot read /home/ann/history.db: malformed"]),
    );
  },
);

pure("what is a bug is thrown, for who listens to say so", async () => {
  const stand = await Stand.seen({
    page: () => {
      throw new TypeError("oops");
    },
  });
  await assert.rejects(stand.get("/"), /oops/);
});

pure("events: as many readers as there is room for, and no more", async () => {
  const stand = await Stand.seen();
  const readers: Reader[] = [];
  for (let i = 0; i < 256; i++) readers.push(await stand.follow());
  const { status, headers } = await stand.get("/events");
  assert.deepEqual([status, headers["Retry-After"]], [503, "10"]);
  readers[100]!.end();
  await stand.follow();
  stand.site.ping();
  assert.ok(readers[0]!.heard.endsWith("event: ping\ndata: {}\n\n"));
});
