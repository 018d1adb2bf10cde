/** A process that was asked for by its pid, beside an instance that is watched as a whole. */

import assert from "node:assert/strict";
import type { Looked } from "../../src/look.ts";
import { lookAt, looked, type Seen, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import { BEGIN_MS, empty, MINUTE, onlyInstance, past, processOf, Scribe } from "./recording.ts";
import { levelEvent } from "./told.ts";

/** As `--pid` finds it: an instance of its own. */
function alone(process: Seen): Looked {
  const one = looked([process]);
  const [member] = one.instance.members;
  const main = { ...member!, matchedBy: "pid" as const };
  return { ...one, instance: { ...one.instance, main, members: [main] } };
}

const SESSION = looked([seen(10, 100), seen(11, 20)]);

pure("the main process alone is a reading of it, and none of its instance", async () => {
  using database = await empty();
  new Scribe(database).look(0, SESSION);
  new Scribe(database, { command: "track" }).look(1000, alone(seen(10, 150)));
  new Scribe(database).look(MINUTE, SESSION);
  const instance = onlyInstance(past(database));
  assert.deepEqual([instance.statistics.count, instance.statistics.minBytes], [2, 120]);
  assert.deepEqual(processOf(instance, 10).statistics.maxBytes, 150);
  assert.equal(processOf(instance, 10).statistics.count, 3);
});

pure("whichever of the two was there first", async () => {
  using database = await empty();
  new Scribe(database, { command: "track" }).look(0, alone(seen(10, 150)));
  new Scribe(database).look(1000, SESSION);
  const instance = onlyInstance(past(database));
  assert.deepEqual([instance.statistics.count, instance.processes.length], [1, 2]);
  assert.equal(processOf(instance, 10).statistics.count, 2);
});

pure("where nobody saw the whole instance, the process is all of it", async () => {
  using database = await empty();
  new Scribe(database).look(0, SESSION);
  const track = new Scribe(database, { command: "track", startedAtMs: BEGIN_MS + MINUTE });
  track.look(MINUTE, alone(seen(10, 150)));
  const instance = onlyInstance(past(database, { sinceMs: BEGIN_MS + MINUTE }));
  assert.deepEqual([instance.statistics.maxBytes, instance.processes.map(({ pid }) => pid)], [150, [
    10,
  ]]);
});

pure("a child alone takes nothing from the instance that it is a part of", async () => {
  using database = await empty();
  const watch = new Scribe(database);
  watch.look(0, SESSION);
  new Scribe(database, { command: "track" }).look(1000, alone(seen(11, 25, { role: "child" })));
  watch.look(MINUTE, SESSION);
  const [whole, part] = past(database).instances;
  assert.deepEqual([whole!.pid, whole!.role, whole!.processes.map(({ pid }) => pid)], [10, "tui", [
    10,
    11,
  ]]);
  assert.deepEqual([part!.pid, part!.role, part!.statistics.count], [11, "child", 1]);
});

pure("an alert about it is about the instance that is shown", async () => {
  using database = await empty();
  new Scribe(database).look(0, SESSION);
  const one = alone(seen(10, 150));
  const events = [levelEvent(1000, one, ["normal", "warning"])];
  new Scribe(database, { command: "track" }).take({
    atMs: BEGIN_MS + 1000,
    look: lookAt(one),
    events,
  });
  const report = past(database);
  assert.deepEqual([onlyInstance(report).alerts, report.events.length], [1, 1]);
});
