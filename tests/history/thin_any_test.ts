/** Whatever two commands write: hours in the place of readings say the same. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { HistoryReport, HistorySeries } from "../../src/report/history.ts";
import { looked, seen } from "../follow/looks.ts";
import { GIB } from "../fake.ts";
import { pure } from "../support.ts";
import { BEGIN_MS, DAY, empty, HOUR, MINUTE, past, Scribe } from "./recording.ts";
import { thinAll } from "./thinning.ts";

const HOURS = 5;
const memory = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 * GIB }) },
  { weight: 1, arbitrary: fc.constantFrom("denied" as const, "gone" as const) },
);
/** `late`: how much later than planned its looks may come. */
const commandWith = (late: fc.Arbitrary<number>) =>
  fc.record({
    intervalMs: fc.constantFrom(1, 5, 7, 30).map((minutes) => minutes * MINUTE),
    fromMs: fc.nat(2 * HOUR),
    looks: fc.array(
      fc.record({
        lateMs: late,
        memories: fc.array(memory, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 40, size: "max" },
    ),
  });

const late = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(HOUR));
/** One that may have holes, or two that have none: what stands for how long while the slower one has, nobody knows. */
const commands = fc.oneof(
  fc.tuple(commandWith(late)),
  fc.tuple(commandWith(fc.constant(0)), commandWith(fc.constant(0))),
);

type Command = typeof commands extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

async function recorded(commands: readonly Command[]) {
  const database = await empty();
  for (const { intervalMs, fromMs, looks } of commands) {
    const scribe = new Scribe(database, { intervalMs, startedAtMs: BEGIN_MS + fromMs });
    let afterMs = fromMs;
    for (const { lateMs, memories } of looks) {
      scribe.look(afterMs, looked(memories.map((memory, i) => seen(10 + i, memory))));
      afterMs += intervalMs + lateMs;
      if (afterMs > HOURS * HOUR) break;
    }
  }
  return database;
}

/** What a report says of each series, but for the mean, and the means. */
function said({ instances, total }: HistoryReport) {
  // Of equal peaks, any comes first.
  const byPid = (a: HistorySeries, b: HistorySeries) => a.pid - b.pid;
  const series = instances.flatMap((one) => [one, ...one.processes.toSorted(byPid)]);
  return {
    what: series.map(({ pid, firstAtMs, lastAtMs, statistics }) => {
      const { meanBytes: _, ...rest } = statistics;
      return { pid, firstAtMs, lastAtMs, ...rest };
    }),
    means: series.map(({ statistics: { meanBytes } }) => meanBytes),
    peak: total.maxBytes,
  };
}

pure("any looks of two commands, thinned out at any hour", async () => {
  await fc.assert(
    fc.asyncProperty(
      commands,
      fc.nat(HOURS),
      async (commands, hours) => {
        using database = await recorded(commands);
        const before = said(past(database));
        thinAll(database, DAY + hours * HOUR);
        const after = said(past(database));
        assert.deepEqual(after.what, before.what);
        const instance = past(database).instances[0]?.statistics.maxBytes ?? null;
        if (hours === HOURS) assert.equal(after.peak, instance, "the total is the only instance's");
        assert.ok(after.peak! >= instance!, "nothing is higher than the total");
        for (const [i, mean] of before.means.entries()) {
          assert.ok(mean === after.means[i] || Math.abs(mean! - after.means[i]!) <= 1);
        }
      },
    ),
    { numRuns: 300 },
  );
});
