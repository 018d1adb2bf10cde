/** Any machine, judged once more by a reader that knows nothing but the ranges of performance data. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { formatNagios } from "../../src/report/nagios.ts";
import type { Level, Limits, Missing } from "../../src/types.ts";
import type { FakeProcess } from "../fake.ts";
import { pure } from "../support.ts";
import { levelOf, parseOutput } from "./perfdata.ts";
import { reportOn, session } from "./reported.ts";

const memories: fc.Arbitrary<number | Missing> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }) },
  fc.constantFrom<Missing>("denied", "unsupported", "gone", "zombie"),
);

/** Sessions with children, or children of none. */
const machines = fc.array(fc.array(memories, { minLength: 1, maxLength: 4 }), {
  maxLength: 30,
  size: "max",
})
  .map((trees) =>
    trees.flatMap((tree, i) =>
      tree.map((memory, j): FakeProcess => {
        const pid = 1000 + 10 * i;
        const rest = memory === "zombie" ? { zombie: true } : { memory };
        return j === 0 ? session(pid, undefined, rest) : { pid: pid + j, ppid: pid, ...rest };
      })
    )
  );

const limits: fc.Arbitrary<Limits> = fc.tuple(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 0, max: 30 }),
).map(([warningBytes, more]) => ({ warningBytes, criticalBytes: warningBytes + more }));

const thresholds = fc.record({
  general: limits,
  scope: fc.constantFrom("process", "instance" as const),
  roles: fc.record({ tui: limits, child: limits }, { requiredKeys: [] }),
}).map(({ general, scope, roles }) => ({ ...general, scope, roles }));

/** Worst first, as exit codes of plugins are ranked: what is known to be over its limit, first. */
const WORST: readonly Level[] = ["critical", "warning", "unknown", "normal"];

pure("whoever goes by the ranges comes to the same verdict", async () => {
  const levels = new Set<Level>();
  await fc.assert(
    fc.asyncProperty(machines, thresholds, async (machine, limits) => {
      const report = await reportOn(machine, limits);
      const { metrics } = parseOutput(formatNagios(report));
      const judged = metrics.map(levelOf);
      const level = WORST.find((level) => judged.includes(level)) ?? "normal";
      assert.equal(level, report.level);
      levels.add(level);
    }),
    { numRuns: 1000 },
  );
  assert.equal(levels.size, 4, "every verdict has come up");
});
