/** The feed, with a stream, a server and a clock of the test's own. */

import assert from "node:assert/strict";
import { follow, SILENCE_MS } from "../../src/page/client/feed.js";
import { pure } from "../support.ts";
import { documentOf, START } from "./documents.ts";
import { messageOf } from "./messages.ts";

const AT = { events: "events", history: "api/history" };
const HOUR_MS = 3_600_000;

/** Everything that the feed meets, and what it told. */
function stage() {
  const told: string[] = [];
  const streams: { url: string; isOpen: boolean; send(type: string, data?: unknown): void }[] = [];
  const waiting: { then: () => void; ms: number }[] = [];
  const loads: { answer(): void; fail(): void }[] = [];
  let now = START;
  const feed = follow(AT, {
    onLook: ({ at }) => told.push(`look ${at - START}`),
    onDocument: ({ looks }) => told.push(`document of ${looks}`),
    onState: (state, silentMs) => told.push(silentMs > 0 ? `${state} ${silentMs}` : state),
  }, {
    open(url) {
      const listeners = new Map<string, (event: unknown) => void>();
      const stream = {
        url,
        isOpen: true,
        send: (type: string, data?: unknown) =>
          listeners.get(type)?.({ data: JSON.stringify(data) }),
      };
      streams.push(stream);
      return {
        addEventListener: (type: string, listener: unknown) =>
          void listeners.set(type, listener as (event: unknown) => void),
        close: () => void (stream.isOpen = false),
      } as Pick<EventSource, "addEventListener" | "close">;
    },
    load: () => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof documentOf>>();
      loads.push({ answer: () => resolve(documentOf([])), fail: () => reject(new Error("gone")) });
      return promise;
    },
    now: () => now,
    later: (then, ms) => void waiting.push({ then, ms }),
  });
  return {
    ...{ feed, told, streams, waiting, loads },
    last: () => streams.at(-1)!,
    pass: (ms: number) => void (now += ms),
    /** What was told since this was asked last. */
    news: () => told.splice(0),
  };
}

const look = { at: START + 5, bytes: [1, 2, 3, 4, 5] };

pure("looks are told as they come, and the page is live", () => {
  const { news, last } = stage();
  assert.equal(last().url, "events");
  last().send("open");
  last().send("look", messageOf(look));
  last().send("ping", {});
  assert.deepEqual(news(), ["connecting", "live", "look 5", "live", "live"]);
});

pure(
  "a broken stream is closed; after a while comes the document anew, then another stream",
  async () => {
    const { news, streams, waiting, loads, last } = stage();
    last().send("open");
    news();
    last().send("error");
    assert.deepEqual([news(), streams[0]!.isOpen, waiting[0]!.ms], [["lost"], false, 3000]);
    waiting[0]!.then();
    assert.equal(streams.length, 1);
    loads[0]!.answer();
    await Promise.resolve();
    assert.deepEqual([news(), streams.length], [["document of 0"], 2]);
    last().send("open");
    assert.deepEqual(news(), ["live"]);
  },
);

pure("while the server is away it is tried again, with longer and longer waits", async () => {
  const { waiting, loads, last, pass } = stage();
  last().send("error");
  for (let i = 0; i < 6; i++) {
    pass(1000);
    waiting[i]!.then();
    loads[i]!.fail();
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
  }
  assert.deepEqual(waiting.map(({ ms }) => ms), [
    3000,
    6000,
    12_000,
    24_000,
    30_000,
    30_000,
    30_000,
  ]);
});

pure("after a stream that worked, waits are short again", async () => {
  const { waiting, loads, last } = stage();
  last().send("error");
  waiting[0]!.then();
  loads[0]!.answer();
  await Promise.resolve();
  last().send("ping", {});
  last().send("error");
  assert.equal(waiting[1]!.ms, 3000);
});

pure("what an old stream still says is not heard", async () => {
  const { news, streams, waiting, loads } = stage();
  streams[0]!.send("error");
  waiting[0]!.then();
  loads[0]!.answer();
  await Promise.resolve();
  news();
  streams[0]!.send("look", messageOf(look));
  streams[0]!.send("error");
  assert.deepEqual([news(), waiting.length], [[], 1]);
});

pure("silence is told, and too much of it is a broken stream, as after sleep", () => {
  const { feed, news, streams, loads, pass, last } = stage();
  last().send("open");
  news();
  pass(20_000);
  feed.check();
  assert.deepEqual(news(), []);
  pass(1);
  feed.check();
  assert.deepEqual(news(), ["quiet 20001"]);
  pass(SILENCE_MS - 20_001);
  feed.check();
  assert.equal(loads.length, 0);
  pass(8 * HOUR_MS);
  news();
  feed.check();
  assert.deepEqual([news(), loads.length, streams[0]!.isOpen], [
    [`lost ${SILENCE_MS + 8 * HOUR_MS}`],
    1,
    false,
  ]);
  feed.check();
  assert.equal(loads.length, 1);
});

pure("a document that comes after the next try began is not taken", async () => {
  const { feed, news, loads, pass, last, waiting } = stage();
  last().send("open");
  pass(SILENCE_MS + 1);
  feed.check();
  loads[0]!.fail();
  await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
  news();
  waiting[0]!.then();
  loads[1]!.answer();
  await Promise.resolve();
  assert.deepEqual(news(), ["document of 0"]);
});

pure("every hour the document is fetched anew, without a word", () => {
  const { feed, news, loads, pass, last } = stage();
  for (let passed = 0; passed <= HOUR_MS; passed += 15_000) {
    last().send("ping", {});
    feed.check();
    pass(15_000);
  }
  assert.equal(loads.length, 0);
  last().send("ping", {});
  news();
  feed.check();
  assert.deepEqual([news(), loads.length], [[], 1]);
});
