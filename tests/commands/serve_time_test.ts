/** A server as time goes on: streams that live, holes, troubles, the end. */

import assert from "node:assert/strict";
import { OutputError } from "../../src/errors.ts";
import { GIB, NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";
import { Door, SECOND, session, ViewStand } from "./serve_scene.ts";

const MACHINE = [session(3 * GIB)];

pure("a stream shows that it lives, every 15 s that it has nothing else to show", async () => {
  const never = new AbortController().signal;
  const stand = await ViewStand.open(MACHINE);
  const reader = await stand.door.follow();
  stand.show();
  const pingsAfter = async (ms: number) => {
    const before = reader.heard.split("event: ping").length;
    await stand.view.sleep(ms, never);
    return reader.heard.split("event: ping").length - before;
  };
  // The next look is due when a fourth would be.
  assert.deepEqual([await pingsAfter(60 * SECOND), stand.elapsedMs], [3, 60 * SECOND]);
  stand.show();
  assert.deepEqual([await pingsAfter(14_999), await pingsAfter(1)], [0, 0]);
  assert.equal(await pingsAfter(1), 1);
  stand.show();
  for (let i = 0; i < 9; i++) {
    assert.equal(await pingsAfter(10 * SECOND), 0);
    stand.show();
  }
});

pure("a hole in the readings is told: a gap, or looks that failed", async () => {
  const gap = { kind: "slept", ms: 3_600_000 } as const;
  const told = {
    atMs: NOW_MS,
    kind: "gap",
    message: "slept",
    subject: null,
    standing: null,
  } as const;
  const stand = await ViewStand.open(MACHINE);
  const reader = await stand.door.follow();
  stand.show();
  stand.elapsedMs += 61 * SECOND;
  stand.show();
  stand.elapsedMs += 120 * SECOND;
  stand.show();
  stand.elapsedMs += 60 * SECOND;
  stand.show([{ ...told, detail: { kind: "gap", gap } }], gap);
  const looks = Door.looksIn(reader);
  assert.deepEqual(looks.map(({ is_gap }) => is_gap), [false, false, true, true]);
  assert.deepEqual(looks[3]!.events[0]!.gap_ms, 3_600_000);
});

pure("where no OpenCode runs, it says so, and all is well", async () => {
  const stand = await ViewStand.open([]);
  const reader = await stand.door.follow();
  stand.show();
  const [look] = Door.looksIn(reader);
  assert.deepEqual([look!.level, look!.instances], ["normal", []]);
  assert.equal((await stand.door.json("/healthz")).healthy, true);
  assert.deepEqual((await stand.door.json("/api/report")).instances, []);
});

pure("what goes wrong is said once a look, however many ask for it", async () => {
  // Nothing of the past is kept here.
  const stand = await ViewStand.open(MACHINE);
  stand.show();
  const ask = async () => {
    for (const path of ["/", "/api/history", "/api/history?since=1h"]) {
      assert.equal((await stand.door.ask(path)).status, 503);
    }
  };
  await ask();
  await ask();
  assert.equal(
    stand.errors,
    "2026-01-02T03:04:05Z trouble    Cannot read the past: none is kept\n",
  );
  stand.show();
  await ask();
  assert.equal(stand.errors.split("\n").length, 3);
});

pure("where nobody can be told, it goes on", async () => {
  const stand = await ViewStand.open(MACHINE);
  stand.say = () => {
    throw new OutputError("Cannot write to standard error: no space");
  };
  stand.show();
  stand.view.trouble(NOW_MS, "something");
  assert.equal((await stand.door.ask("/api/history")).status, 503);
});

pure("when it ends, nothing is read of a past that is about to be closed", async () => {
  const stand = await ViewStand.open(MACHINE);
  stand.show();
  await stand.view.closed();
  assert.equal((await stand.door.ask("/api/history")).status, 503);
  assert.equal(stand.errors, "");
});
