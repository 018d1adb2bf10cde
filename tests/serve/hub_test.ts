import assert from "node:assert/strict";
import { frameOf, PING } from "../../src/serve/frames.ts";
import { Hub } from "../../src/serve/hub.ts";
import { pure } from "../support.ts";
import { Reader } from "./asking.ts";
import { eventsIn } from "./event_source.ts";

const frame = (id: number) => ({ id: `${id}`, text: `frame ${id}\n` });

pure("everybody gets the same frames, from the last one before on", () => {
  const hub = new Hub(10);
  const [early, late] = [new Reader(), new Reader()];
  hub.join(early, undefined);
  hub.send(frame(1));
  hub.join(late, undefined);
  hub.send(frame(2));
  hub.ping();
  assert.equal(early.heard, `retry: 3000\n\nframe 1\nframe 2\n${PING}`);
  assert.equal(late.heard, early.heard);
});

pure("who comes again with the last frame does not get it twice", () => {
  const hub = new Hub(10);
  hub.send(frame(1));
  const [same, older] = [new Reader(), new Reader()];
  hub.join(same, "1");
  hub.join(older, "0");
  assert.equal(same.heard, "retry: 3000\n\n");
  assert.equal(older.heard, "retry: 3000\n\nframe 1\n");
});

pure("who has gone, or reads too slowly, is not written to any more", () => {
  const hub = new Hub(3);
  const [slow, gone, stays] = [new Reader(2), new Reader(), new Reader()];
  for (const reader of [slow, gone, stays]) hub.join(reader, undefined);
  assert.deepEqual([hub.size, hub.isFull], [3, true]);
  hub.send(frame(1));
  hub.send(frame(2));
  assert.deepEqual([hub.size, hub.isFull], [2, false]);
  gone.end();
  assert.equal(hub.size, 1);
  hub.send(frame(3));
  assert.equal(slow.heard, "retry: 3000\n\nframe 1\n");
  assert.equal(gone.heard, "retry: 3000\n\nframe 1\nframe 2\n");
  assert.equal(stays.heard, "retry: 3000\n\nframe 1\nframe 2\nframe 3\n");
  hub.join(new Reader(0), undefined);
  assert.equal(hub.size, 1);
});

pure("a text with anything in it is one event with that text", () => {
  const texts = [
    "\n\nevent: evil\ndata: 1\n\n",
    "\r\n",
    "\r",
    "\u2028\u2029",
    "\0\x1b\u202e",
    "\ud800",
  ];
  for (const text of [...texts, ": comment", "data:", "id: 7\nretry: 1", '"\\']) {
    const events = eventsIn(frameOf("look", "5", { text }));
    assert.equal(events.length, 1, JSON.stringify(text));
    const [{ type, id, data }] = events as [(typeof events)[0]];
    assert.deepEqual([type, id, JSON.parse(data).text], ["look", "5", text]);
  }
});

pure("a ping is an event for pages, and a comment", () => {
  assert.deepEqual(eventsIn(PING), [{ type: "ping", id: "", data: "{}" }]);
  assert.ok(PING.startsWith(": still here\n"));
});
