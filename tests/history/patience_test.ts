/** How long a reading may stand while several commands look. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Looking, Patience, patienceOf } from "../../src/history/patience.ts";
import { pure } from "../support.ts";

pure("the slowest command that goes on tells what a hole is", () => {
  const patience = new Patience([
    { host: "a", fromMs: 100, toMs: 200, intervalMs: 10 },
    { host: "a", fromMs: 120, toMs: 150, intervalMs: 60_000 },
  ]);
  const quick = 10 * 1.5 + 2000;
  const slow = 60_000 * 1.5 + 2000;
  const times = [100, 119, 120, 150, 151, 200].map((atMs) => patience.at("a", atMs));
  assert.deepEqual(times, [quick, quick, slow, slow, quick, quick]);
});

pure("any commands, at any times", () => {
  const looking = fc.record({
    host: fc.constantFrom("a", "b"),
    fromMs: fc.nat(50),
    lastsMs: fc.nat(30),
    intervalMs: fc.integer({ min: 1, max: 9 }),
  }).map(({ fromMs, lastsMs, ...rest }): Looking => ({ fromMs, toMs: fromMs + lastsMs, ...rest }));
  fc.assert(fc.property(fc.array(looking), (all) => {
    const patience = new Patience(all);
    for (let ms = 0; ms < 100; ms++) {
      for (const host of ["a", "b", "c"]) {
        const going = all.filter((one) => one.host === host && one.fromMs <= ms && ms <= one.toMs);
        const slowest = Math.max(0, ...going.map(({ intervalMs }) => intervalMs));
        assert.equal(patience.at(host, ms), patienceOf(slowest), `at ${host} ${ms}`);
      }
    }
  }));
});
