import assert from "node:assert/strict";
import fc from "fast-check";
import type { Missing } from "../../src/types.ts";
import { MIB, NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";
import { type Seen, seen } from "./looks.ts";
import { Watch } from "./watching.ts";

/** A process of so many MiB that began a minute before the first look. */
function mib(pid: number, memory: number | Missing, rest: Partial<Seen> = {}): Seen {
  return seen(pid, typeof memory === "number" ? memory * MIB : memory, rest);
}

pure("instances are found once and gone once, with peak and lifetime", () => {
  const watch = new Watch();
  assert.deepEqual(watch.told([]), []);
  assert.deepEqual(watch.told([[mib(1, 10), mib(2, 20)]]), ["i1 found 2"]);
  assert.deepEqual(watch.told([[mib(1, 30), mib(2, 20)], [mib(5, 1)]]), ["i5 found 1"]);
  assert.deepEqual(watch.told([[mib(1, 10)], [mib(5, 1)]]), []);
  assert.deepEqual(watch.told([[mib(5, 1)]]), ["i1 gone peak 50 after 300s"]);
  assert.deepEqual(watch.told([[mib(5, 1)]]), []);
  assert.deepEqual(watch.told([]), ["i5 gone peak 1 after 420s"]);
});

pure("an event says when it was, whom it is about, and how that one stands", () => {
  const watch = new Watch();
  const [found, level, ...more] = watch.look([[mib(1, 10), mib(2, 120)]]);
  assert.deepEqual(more, []);
  const startedAtMs = NOW_MS - 60_000;
  const about = { instanceId: "1-s", directory: "/work", startedAtMs };
  assert.deepEqual(found, {
    atMs: NOW_MS,
    subject: { ...about, kind: "instance", key: { pid: 1, started: "s" }, role: "tui", name: "p1" },
    footprintBytes: 130 * MIB,
    level: "normal",
    kind: "found",
    processes: 2,
  });
  assert.deepEqual(level, {
    atMs: NOW_MS,
    subject: {
      ...about,
      kind: "process",
      key: { pid: 2, started: "s" },
      role: "child",
      name: "p2",
    },
    footprintBytes: 120 * MIB,
    level: "warning",
    kind: "level",
    from: "normal",
    limitBytes: 100 * MIB,
  });
  assert.equal(
    watch.watcher.pulseOfInstance("1-s")!.level,
    "warning",
    "the worst of its processes",
  );
});

pure("a pid that recurs is another process", () => {
  const watch = new Watch();
  watch.look([[mib(1, 10), mib(2, 120)]]);
  const again = mib(2, 130, { started: "t" });
  assert.deepEqual(watch.told([[mib(1, 10), again]]), [
    "p2 gone peak 120 after 120s",
    "p2 level normal→warning 130",
  ]);
  assert.deepEqual(watch.told([[mib(1, 10, { started: "t", startedAtMs: NOW_MS }), again]]), [
    "i1 gone peak 140 after 180s",
    "i1 found 2",
  ]);
});

pure("what one look misses is not gone while it runs; what two miss is", () => {
  const watch = new Watch();
  const [main, child] = [mib(1, 10), mib(2, 120)];
  watch.look([[main, child]]);
  assert.deepEqual(watch.told([[main]], [child]), []);
  assert.deepEqual(watch.told([[main, child]]), []);
  assert.deepEqual(watch.told([], [main, child]), []);
  assert.deepEqual(watch.told([[main, child]]), []);
  // Of two in a row that miss it the second lets it go.
  assert.deepEqual(watch.told([[main]], [child]), []);
  assert.deepEqual(watch.told([[main]], [child]), ["p2 gone peak 120 after 420s"]);
  assert.deepEqual(watch.told([[main, child]]), ["p2 level normal→warning 120"]);
  watch.look([], [main, child]);
  assert.deepEqual(watch.told([], [main, child]), ["i1 gone peak 130 after 600s"]);
  // What does not run is not waited for.
  watch.look([[main, child]]);
  assert.deepEqual(watch.told([]), ["i1 gone peak 130 after 720s"]);
});

pure("what a reading finds gone is gone at once, though the table still has it", () => {
  const [main, child] = [mib(1, 10), mib(2, 120)];
  const one = new Watch();
  one.look([[main, child]]);
  assert.deepEqual(one.told([[main, mib(2, "gone")]]), ["p2 gone peak 120 after 120s"]);
  assert.deepEqual(one.told([[mib(1, "gone")]]), ["i1 gone peak 130 after 180s"]);
  // A main process ends its instance, and that is told once.
  const other = new Watch();
  other.look([[mib(1, 150), mib(2, 5)]]);
  assert.deepEqual(other.told([[mib(1, "gone"), mib(2, 5)]]), []);
  assert.deepEqual(other.told([[mib(2, 5)]]), ["i1 gone peak 155 after 180s", "i2 found 1"]);
});

pure("a process that was told of is told gone, while its instance lives", () => {
  const watch = new Watch();
  const [warned, unread, calm] = [mib(2, 120), mib(3, "denied"), mib(4, 5)];
  assert.deepEqual(watch.told([[mib(1, 10), warned, unread, calm]]), [
    "i1 found 4",
    "p2 level normal→warning 120",
  ]);
  // What is unread once may be a program that runs as another user for a moment.
  assert.deepEqual(watch.told([[mib(1, 10), warned, unread, calm]]), ["p3 level normal→unknown ?"]);
  assert.deepEqual(watch.told([[mib(1, 10)]]), [
    "p2 gone peak 120 after 180s",
    "p3 gone peak ? after 180s",
  ]);
  watch.look([[mib(1, 10), mib(5, 120), mib(6, 120)]]);
  assert.deepEqual(watch.told([[mib(1, 10), mib(5, 80), mib(6, 80)]]), [
    "p5 level warning→normal 80",
    "p6 level warning→normal 80",
  ]);
  assert.deepEqual(watch.told([[mib(1, 10)]]), [], "all was well");
  watch.look([[mib(1, 300), mib(7, 300)]]);
  assert.deepEqual(watch.told([]), ["i1 gone peak 600 after 480s"]);
});

pure("who an event is about is told as it was seen last", () => {
  const watch = new Watch();
  watch.look([[mib(1, 10), mib(2, 150)]]);
  watch.look([[mib(1, 10, { role: "server" }), mib(2, 150, { role: "helper" })]]);
  const left = mib(1, 10, { role: "server" });
  const events = [watch.look([[left]]), watch.look([])].flat();
  assert.deepEqual(events.map((one) => one.kind === "gone" && one.subject.role), [
    "helper",
    "server",
  ]);
});

pure("zombies are nobody", () => {
  const watch = new Watch();
  assert.deepEqual(watch.told([[mib(1, "zombie")], [mib(2, "gone")]]), []);
  assert.deepEqual(watch.told([[mib(1, 10), mib(2, "zombie"), mib(3, 150)]]), [
    "i1 found 2",
    "p3 level normal→warning 150",
  ]);
  assert.equal(watch.watcher.pulseOf({ pid: 2, started: "s" }), undefined);
  assert.deepEqual(watch.told([[mib(1, 10), mib(3, "zombie")]]), ["p3 gone peak 150 after 180s"]);
  assert.deepEqual(watch.told([[mib(1, "zombie"), mib(3, "zombie")]]), [
    "i1 gone peak 160 after 240s",
  ]);
});

pure("first comes the hole, then who is gone, then who is found, each with its own", () => {
  const watch = new Watch();
  watch.look([[mib(1, 10), mib(2, 150)], [mib(4, 10), mib(5, 150)]]);
  const gap = { kind: "slept", ms: 3_600_000 } as const;
  const copies = Array.from({ length: 8 }, (_, i) => mib(20 + i, 1, { commandLine: ["mcp"] }));
  assert.deepEqual(
    watch.told([[mib(4, 10), mib(6, 250)], [mib(10, 150), ...copies]], [], gap),
    [
      "gap slept",
      "p5 gone peak 150 after 120s",
      "i1 gone peak 160 after 120s",
      "p6 level normal→critical 250",
      "i10 found 9",
      "p10 level normal→warning 150",
      "i10 duplicates 8 8",
    ],
  );
});

pure("an instance that ends and a process of it that joins another are told apart", () => {
  const watch = new Watch();
  const stray = mib(2, 150);
  watch.look([[mib(1, 10), stray], [mib(5, 10)]]);
  assert.deepEqual(watch.told([[mib(5, 10), stray]]), ["i1 gone peak 160 after 120s"]);
  const [calm] = watch.look([[mib(5, 10), mib(2, 50)]]);
  assert.ok(calm?.kind === "level" && calm.from === "warning", "it was told of before");
  assert.equal(calm.subject.instanceId, "5-s");
});

pure("copies are told when they have doubled, and anew for another instance", () => {
  const watch = new Watch({ duplicates: 2 });
  const copies = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => mib(from + i, 3, { commandLine: ["mcp"] }));
  assert.deepEqual(watch.told([[mib(1, 10), ...copies(10, 2)]]), [
    "i1 found 3",
    "i1 duplicates 2 6",
  ]);
  assert.deepEqual(watch.told([[mib(1, 10), ...copies(20, 3)]]), []);
  assert.deepEqual(watch.told([[mib(1, 10), ...copies(30, 4)]]), ["i1 duplicates 4 12"]);
  watch.look([]);
  assert.deepEqual(watch.told([[mib(1, 10), ...copies(30, 4)]]), [
    "i1 found 5",
    "i1 duplicates 4 12",
  ]);
});

pure("any churn: only the last look is remembered", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(sizes, (sizes) => {
    const { watcher, look } = bound(new Watch());
    let pid = 1;
    let before: Seen[] = [];
    for (const size of sizes) {
      const processes = Array.from({ length: size }, () => mib(pid++, 300));
      const events = look(processes.length > 0 ? [processes] : []);
      const gone = events.filter(({ kind }) => kind === "gone");
      assert.equal(gone.length, before.length > 0 ? 1 : 0, "with its instance all is gone");
      for (const { pid, started } of before) {
        assert.equal(watcher.pulseOf({ pid, started }), undefined);
        assert.equal(watcher.pulseOfInstance(`${pid}-${started}`), undefined);
      }
      for (const { pid, started } of processes) assert.ok(watcher.pulseOf({ pid, started }));
      before = processes;
    }
  }));
});

function bound(watch: Watch) {
  return { watcher: watch.watcher, look: watch.look.bind(watch) };
}
