import assert from "node:assert/strict";
import fc from "fast-check";
import { sparkline } from "../../src/report/sparkline.ts";
import { pure } from "../support.ts";

const CASES: readonly [string, (number | null)[], number][] = [
  ["", [], 5],
  ["▁▂▃▄▅▆▇█", [0, 1, 2, 3, 4, 5, 6, 7], 8],
  // One bar for two values, the larger: 1, 3, 5 and 7 are 0, 2, 4 and 6 sixths of the height.
  ["▁▃▆█", [0, 1, 2, 3, 4, 5, 6, 7], 4],
  ["▁▁▁", [5, 5, 5], 8],
  ["▁▁▁", [0, 0, 0], 8],
  ["▁·█", [1, null, 2], 8],
  ["···", [null, null, null], 8],
  ["▁█", [1, null, null, 2], 2],
  // Less than a tenth of the largest apart: half of the height for a twentieth.
  ["▁▅", [95, 100], 8],
];

for (const [bars, values, width] of CASES) {
  pure(`bars of ${JSON.stringify(values)} in ${width}: ${bars}`, () => {
    assert.equal(sparkline(values, width), bars);
  });
}

pure("one bar for each value, as many as fit; the highest bar is the largest value's", () => {
  const value = fc.oneof(fc.integer({ min: 1, max: 2 ** 40 }), fc.constant(null));
  fc.assert(fc.property(fc.array(value), fc.integer({ min: 1, max: 50 }), (values, width) => {
    const bars = [...sparkline(values, width)];
    assert.equal(bars.length, Math.min(values.length, width));
    const known = values.filter((one) => one !== null);
    if (known.length === 0 || values.length > width) return;
    const highest = bars.filter((bar) => bar !== "·").sort().at(-1);
    assert.equal(bars[values.indexOf(Math.max(...known))], highest);
  }));
});
