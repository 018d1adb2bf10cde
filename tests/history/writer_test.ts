/** Looks as rows: who is who, and what is kept of whom. */

import assert from "node:assert/strict";
import { MIB } from "../fake.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { pure } from "../support.ts";
import {
  BEGIN_MS,
  empty,
  MINUTE,
  onlyInstance,
  past,
  processOf,
  rowsOf,
  Scribe,
} from "./recording.ts";

pure("a look is the total of each instance and each of its processes", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 100), seen(11, 20)]), looked([seen(12, 7)]));
  const rows = rowsOf(
    database,
    "SELECT pid, instance IS NULL, footprint, resident FROM sample JOIN series ON id = series ORDER BY 1, 2",
  );
  // A scripted reading has 10 MiB more in RAM.
  assert.deepEqual(rows, [
    [10, 0, 100, 100 + 10 * MIB],
    [10, 1, 120, 120 + 20 * MIB],
    [11, 0, 20, 20 + 10 * MIB],
    [12, 0, 7, 7 + 10 * MIB],
    [12, 1, 7, 7 + 10 * MIB],
  ]);
});

pure(
  "a pid that another process has now is another series, and one that ran on after a restart of the machine, too",
  async () => {
    using database = await empty();
    const scribe = new Scribe(database);
    scribe.look(0, looked([seen(10, 100)]));
    scribe.look(MINUTE, looked([seen(10, 200, { started: "later" })]));
    new Scribe(database, { machine: { name: "mybox", boot: "boot-2" } }).look(
      2 * MINUTE,
      looked([seen(10, 300)]),
    );
    new Scribe(database, { machine: { name: "other", boot: "boot-1" } }).look(
      3 * MINUTE,
      looked([seen(10, 400)]),
    );
    const { instances } = past(database);
    assert.deepEqual(instances.map(({ host, statistics }) => [host, statistics.maxBytes]), [
      ["other", 400],
      ["mybox", 300],
      ["mybox", 200],
      ["mybox", 100],
    ]);
  },
);

pure("two commands on one machine write of the same series", async () => {
  using database = await empty();
  const [one, two] = [new Scribe(database), new Scribe(database, { command: "track" })];
  one.look(0, looked([seen(10, 100)]));
  two.look(1000, looked([seen(10, 300)]));
  one.look(MINUTE, looked([seen(10, 200)]));
  assert.equal(rowsOf(database, "SELECT * FROM series").length, 2);
  const { statistics: { count, maxBytes } } = onlyInstance(past(database));
  assert.deepEqual([count, maxBytes], [3, 300]);
  assert.deepEqual(rowsOf(database, "SELECT DISTINCT peak, peak_at FROM series"), [[
    300,
    BEGIN_MS + 1000,
  ]]);
});

pure("exec: the same process with another name and another command line", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  const [shell, tool] = [
    seen(11, 1, { commandLine: ["sh", "-c", "tool"] }),
    seen(11, 2, { commandLine: ["tool"] }),
  ];
  scribe.look(0, looked([seen(10, 5), shell]));
  const after = looked([seen(10, 5), tool]);
  const [main, child] = after.instance.members;
  const members = [main!, { ...child!, info: { ...child!.info, name: "tool" } }];
  scribe.look(MINUTE, { ...after, instance: { ...after.instance, members } });
  const process = processOf(onlyInstance(past(database)), 11);
  assert.deepEqual([process.name, process.commandLine, process.statistics.count], [
    "tool",
    ["tool"],
    2,
  ]);
});

pure("a command line or a directory that can't be read any more is still known", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  const before = looked([seen(10, 5, { commandLine: ["opencode"] })]);
  const after = looked([seen(10, 6, { commandLine: null })]);
  scribe.look(0, before);
  scribe.look(MINUTE, { ...after, instance: { ...after.instance, directory: null } });
  const { directory, processes } = onlyInstance(past(database));
  assert.deepEqual([directory, processes[0]!.commandLine], ["/work", ["opencode"]]);
});

pure("a role that becomes another one is that one", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  scribe.look(0, looked([seen(10, 5, { role: "cli" }), seen(11, 1, { role: "helper" })]));
  scribe.look(MINUTE, looked([seen(10, 5, { role: "tui" }), seen(11, 1, { role: "child" })]));
  const instance = onlyInstance(past(database));
  assert.deepEqual([instance.role, processOf(instance, 11).role], ["tui", "child"]);
});

pure(
  "a child whose OpenCode is dead stays with it in the time before, and is on its own since then",
  async () => {
    using database = await empty();
    const scribe = new Scribe(database);
    scribe.look(0, looked([seen(10, 50), seen(11, 7)]));
    scribe.look(MINUTE, looked([seen(11, 8, { role: "orphan" })]));
    const [before, after] = past(database).instances;
    assert.deepEqual([before!.pid, before!.processes.map(({ pid }) => pid)], [10, [10, 11]]);
    assert.equal(processOf(before!, 11).statistics.maxBytes, 7);
    assert.deepEqual([after!.pid, after!.role, after!.statistics.maxBytes], [11, "orphan", 8]);
  },
);

pure("what could not be read is a sample without a size; who is gone has none", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  scribe.look(0, looked([seen(10, 5), seen(11, "denied"), seen(12, "gone"), seen(13, "zombie")]));
  scribe.look(MINUTE, looked([seen(10, "denied"), seen(11, "denied")]));
  scribe.look(2 * MINUTE, looked([seen(10, "gone"), seen(11, "zombie")]));
  const rows = rowsOf(
    database,
    "SELECT look, pid, instance IS NULL, footprint FROM sample JOIN series ON id = series ORDER BY 1, 2, 3",
  );
  assert.deepEqual(rows, [
    [1, 10, 0, 5],
    [1, 10, 1, 5],
    [1, 11, 0, null],
    [2, 10, 0, null],
    [2, 10, 1, null],
    [2, 11, 0, null],
  ]);
});

pure("a look at which nothing was found is a look", async () => {
  using database = await empty();
  new Scribe(database).look(0);
  const { looks, instances, total } = past(database);
  assert.deepEqual([looks, instances.length, total.points], [1, 0, [[BEGIN_MS, 0]]]);
});

pure("after a transaction that was undone, nothing that it wrote is taken for known", async () => {
  using database = await empty();
  const taken = { atMs: BEGIN_MS, look: lookAt(looked([seen(10, 5)])), events: [] };
  new Scribe(database).takeInVain(taken);
  // The recorder begins with another writer: ids of the first one belong to nobody.
  new Scribe(database).take({
    ...taken,
    look: lookAt(looked([seen(20, 6)]), looked([seen(10, 5)])),
  });
  assert.deepEqual(past(database).instances.map(({ pid }) => pid), [20, 10]);
});

pure("thousands of names are no reason to mix up or forget series", async () => {
  using database = await empty();
  const scribe = new Scribe(database);
  const children = (from: number) => Array.from({ length: 3000 }, (_, i) => seen(from + i, i + 1));
  scribe.look(0, looked([seen(10, 5), ...children(1000)]));
  scribe.look(MINUTE, looked([seen(10, 6), ...children(4000)]));
  scribe.look(2 * MINUTE, looked([seen(10, 7), ...children(1000)]));
  const instance = onlyInstance(past(database));
  assert.equal(instance.processes.length, 6001);
  assert.equal(processOf(instance, 1000).statistics.count, 2);
  assert.equal(processOf(instance, 10).statistics.count, 3);
});
