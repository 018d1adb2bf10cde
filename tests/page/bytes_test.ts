import assert from "node:assert/strict";
import fc from "fast-check";
import { byteSplits, formatBytes, formatChange } from "../../src/page/client/bytes.js";
import { formatBytes as formatInReports } from "../../src/report/units.ts";
import { pure } from "../support.ts";
import { GiB, MiB } from "./documents.ts";

const SIZES: readonly [number | null, string][] = [
  [null, "–"],
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1536, "1.5 KiB"],
  [751 * MiB, "751 MiB"],
  [1023 * MiB, "1023 MiB"],
  // Rounded it would be 1024 of its unit.
  [1023.9 * MiB, "1 GiB"],
  [2.414 * GiB, "2.41 GiB"],
  [-3 * MiB, "-3 MiB"],
];

for (const [bytes, text] of SIZES) {
  pure(`${bytes} bytes are ${text}`, () => {
    assert.equal(formatBytes(bytes), text);
  });
}

pure("sizes read as in all other reports, up to 999 of a unit", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (bytes) => {
    const text = formatInReports(bytes);
    fc.pre(Number.parseFloat(text) < 999);
    assert.equal(formatBytes(bytes), text);
  }));
});

pure("a change has its sign, no change has none", () => {
  assert.deepEqual([5 * MiB, -5 * MiB, 0, null].map(formatChange), [
    "+5 MiB",
    "-5 MiB",
    "0 B",
    "–",
  ]);
});

const AXES: readonly [number, number, string][] = [
  [5.3 * GiB, 6, "0 B, 1 GiB, 2 GiB, 3 GiB, 4 GiB, 5 GiB, 6 GiB"],
  [1.2 * GiB, 6, "0 B, 256 MiB, 512 MiB, 768 MiB, 1 GiB, 1.25 GiB"],
  [90 * MiB, 3, "0 B, 32 MiB, 64 MiB, 96 MiB"],
  [0, 6, "0 B, 1 B"],
];

for (const [top, most, texts] of AXES) {
  pure(`an axis up to ${formatBytes(top)}: ${texts}`, () => {
    assert.equal(byteSplits(top, most).map(formatBytes).join(", "), texts);
  });
}

pure(
  "an axis begins at 0, reaches the top, is no longer than it must be, and has even steps of a power of two",
  () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 50 }),
        fc.integer({ min: 1, max: 9 }),
        (top, most) => {
          const splits = byteSplits(top, most);
          const step = splits[1]!;
          assert.equal(splits[0], 0);
          assert.equal(Math.log2(step) % 1, 0);
          splits.forEach((split, i) => assert.equal(split, i * step));
          assert.ok(splits.at(-1)! >= top && splits.at(-2)! < top);
          assert.ok(splits.length - 1 <= most);
        },
      ),
    );
  },
);
