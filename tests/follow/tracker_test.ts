import assert from "node:assert/strict";
import fc from "fast-check";
import { Tracker } from "../../src/follow/tracker.ts";
import type { Missing } from "../../src/types.ts";
import { NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";
import { lookAt, looked, rowOf, type Seen, seen, tickAt } from "./looks.ts";

/** A tracker that looks every second at a machine of which it is told all that runs. */
class Story {
  readonly tracker = new Tracker();
  #looks = 0;

  /** Looks at these instances. `others` run too, and are not looked at. */
  look(instances: readonly (readonly Seen[])[], others: readonly Seen[] = []): this {
    const rows = [...instances.flat(), ...others].filter((one) => one.memory !== "gone").map(rowOf);
    return this.lookWith(instances, (pid) => rows.find((row) => row.key.pid === pid));
  }

  lookWith(
    instances: readonly (readonly Seen[])[],
    row: Parameters<Tracker["take"]>[2],
  ): this {
    const found = instances.map((processes) => looked(processes));
    this.tracker.take(lookAt(...found), tickAt(this.#looks++ * 1000), row);
    return this;
  }

  /** `pid: readings ended` of each process. */
  get processes(): string[] {
    return this.tracker.processes.map(({ member, readings, ended }) => {
      const all = [...readings].map((r) => r.footprintBytes ?? r.missing);
      return `${member.info.key.pid}: ${all.join(" ")}${ended ? ` ${ended}` : ""}`;
    });
  }

  /** `id: totals ended` of each instance. */
  get instances(): string[] {
    return this.tracker.instances.map(({ instance, readings, ended }) => {
      const all = [...readings].map((r) => r.footprintBytes ?? r.missing);
      return `${instance.id}: ${all.join(" ")}${ended ? ` ${ended}` : ""}`;
    });
  }
}

pure("every reading of every process, and the totals of its instance", () => {
  const story = new Story()
    .look([[seen(1, 100), seen(2, 20)], [seen(5, 7)]])
    .look([[seen(1, 110), seen(2, "denied"), seen(3, 3)], [seen(5, "denied")]])
    .look([[seen(1, 120), seen(2, 30)], [seen(5, 8)]]);
  assert.deepEqual(story.processes, [
    "1: 100 110 120",
    "2: 20 denied 30",
    "5: 7 denied 8",
    "3: 3 gone",
  ]);
  assert.deepEqual(story.instances, ["1-s: 120 113 150", "5-s: 7 denied 8"]);
  const [, series] = story.tracker.processes;
  assert.deepEqual([...series!.readings].map((r) => r.elapsedMs), [0, 1000, 2000]);
  const totals = [...story.tracker.instances[0]!.readings];
  assert.deepEqual(totals.map((r) => r.atMs - NOW_MS), [0, 1000, 2000]);
  assert.deepEqual(story.tracker.processes.map((p) => p.instanceId), ["1-s", "1-s", "5-s", "1-s"]);
});

pure("a series says why it has no more readings", () => {
  const main = seen(1, 100);
  const child = seen(2, 20);
  const ends: [string, Story][] = [
    ["gone", new Story().look([[main, child]]).look([[main]])],
    ["gone", new Story().look([[main, child]]).look([[main]], [seen(2, "zombie")])],
    ["gone", new Story().look([[main, child]]).look([[main, seen(2, "zombie")]])],
    ["reused", new Story().look([[main, child]]).look([[main]], [seen(2, 5, { started: "t" })])],
    ["left", new Story().look([[main, child]]).look([[main]], [child])],
  ];
  for (const [ended, story] of ends) {
    assert.deepEqual(story.processes, ["1: 100 100", `2: 20 ${ended}`]);
  }
  const whole = new Story().look([[main, child]]).look([]);
  assert.deepEqual([...whole.processes, ...whole.instances], [
    "1: 100 gone",
    "2: 20 gone",
    "1-s: 120 gone",
  ]);
  const left = new Story().look([[main, child]]).look([[seen(9, 1), main, child]]);
  assert.deepEqual(left.instances, ["1-s: 120 left", "9-s: 121"]);
});

pure("how a series ended stays, unless it goes on", () => {
  const main = seen(1, 100);
  const child = seen(2, 20);
  const story = new Story().look([[main, child]]).look([[main]], [child]).look([[main]]);
  assert.deepEqual(story.processes[1], "2: 20 left");
  story.look([[main, child]]);
  assert.deepEqual(story.processes, ["1: 100 100 100 100", "2: 20 20"]);
  story.look([[main]]);
  story.tracker.end("interrupted");
  assert.deepEqual(story.processes, ["1: 100 100 100 100 100 interrupted", "2: 20 20 gone"]);
  assert.deepEqual(story.instances, ["1-s: 120 100 100 120 100 interrupted"]);
  const early = new Story().look([[main], [child]]).look([[main]]);
  early.tracker.end("interrupted");
  assert.deepEqual(early.instances, ["1-s: 100 100 interrupted", "2-s: 20 gone"]);
  const back = new Story().look([[main]]).look([], [main]).look([[main]]);
  assert.deepEqual([...back.processes, ...back.instances], ["1: 100 100", "1-s: 100 100"]);
});

pure("what a reading finds gone is gone, though the table of that look still has it", () => {
  const [main, child] = [seen(1, 100), seen(2, 20)];
  const table = [main, child].map(rowOf);
  const row = (pid: number) => table.find(({ key }) => key.pid === pid);
  const story = new Story().lookWith([[main, child]], row)
    .lookWith([[main, seen(2, "gone")]], row);
  assert.deepEqual(story.processes, ["1: 100 100", "2: 20 gone"]);
  story.lookWith([[seen(1, "gone"), seen(2, "gone")]], row);
  assert.deepEqual(story.processes, ["1: 100 100 gone", "2: 20 gone"]);
  assert.deepEqual(story.instances, ["1-s: 120 100 gone"]);
});

pure(
  "an instance goes on without its main process in the look that misses it, not in its name",
  () => {
    const child = seen(2, 20);
    const story = new Story().look([[seen(1, 100), child]]).look([[seen(1, "gone"), child]]);
    assert.deepEqual(story.processes, ["1: 100 gone", "2: 20 20"]);
    assert.deepEqual(story.instances, ["1-s: 120 20"]);
  },
);

pure("a pid that recurs is another series", () => {
  const story = new Story()
    .look([[seen(1, 100), seen(2, 20)]])
    .look([[seen(1, 100), seen(2, 5, { started: "t" })]])
    .look([[seen(1, 7, { started: "u" })]]);
  assert.deepEqual(story.processes, ["1: 100 100 reused", "2: 20 reused", "2: 5 gone", "1: 7"]);
  assert.deepEqual(story.instances, ["1-s: 120 105 reused", "1-u: 7"]);
});

pure("what has ended starts no series", () => {
  const story = new Story().look([[seen(1, "zombie"), seen(2, 20)], [seen(3, "gone")]]);
  assert.deepEqual(story.processes, ["2: 20"]);
  assert.deepEqual(story.instances, ["1-s: 20"]);
});

pure("a process that changes over to another instance has one series, and both have totals", () => {
  const [a, b, child] = [seen(1, 100), seen(5, 500), seen(2, 20)];
  const story = new Story().look([[a, child], [b]]).look([[a], [b, child]]);
  assert.deepEqual(story.processes, ["1: 100 100", "2: 20 20", "5: 500 500"]);
  assert.deepEqual(story.instances, ["1-s: 120 100", "5-s: 500 520"]);
  assert.equal(story.tracker.processes[1]!.instanceId, "1-s");
});

pure("any looks: what each process showed comes out, in its order", () => {
  const memory = fc.option(fc.oneof(fc.nat(1000), fc.constant<Missing>("denied")), { freq: 2 });
  const looks = fc.array(fc.array(memory, { minLength: 5, maxLength: 5 }), {
    maxLength: 20,
    size: "max",
  });
  fc.assert(fc.property(looks, (looks) => {
    const story = new Story();
    for (const look of looks) {
      const there = look.flatMap((one, i) => one === null ? [] : [seen(i + 1, one)]);
      story.look(there.map((one) => [one]));
    }
    const expected = [0, 1, 2, 3, 4].flatMap((i) => {
      const all = looks.map((look) => look[i]!).filter((one) => one !== null);
      if (all.length === 0) return [];
      return [`${i + 1}: ${all.join(" ")}${looks.at(-1)![i] === null ? " gone" : ""}`];
    });
    assert.deepEqual(story.processes.toSorted(), expected);
  }));
});
