import assert from "node:assert/strict";
import fc from "fast-check";
import { actionOf, showing, within, zoomed } from "../../src/page/client/keys.js";
import { pure } from "../support.ts";

const NONE = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };

const KEYS: readonly [object, unknown][] = [
  [{ key: "ArrowLeft" }, { kind: "move", by: -1 }],
  [{ key: "ArrowRight", shiftKey: true }, { kind: "move", by: 10 }],
  [{ key: "Home" }, { kind: "move", by: -Infinity }],
  [{ key: "End" }, { kind: "move", by: Infinity }],
  [{ key: "+", shiftKey: true }, { kind: "zoom", by: 0.5 }],
  [{ key: "-" }, { kind: "zoom", by: 2 }],
  [{ key: "0" }, { kind: "reset", by: 0 }],
  [{ key: "Escape" }, { kind: "reset", by: 0 }],
  [{ key: "+", ctrlKey: true }, null],
  [{ key: "0", metaKey: true }, null],
  [{ key: "ArrowLeft", altKey: true }, null],
  [{ key: "Tab" }, null],
];

for (const [event, action] of KEYS) {
  pure(`${JSON.stringify(event)} does ${JSON.stringify(action)}`, () => {
    assert.deepEqual(actionOf({ ...NONE, key: "", ...event }), action);
  });
}

pure("zoom keeps the time under the cursor where it is", () => {
  assert.deepEqual(zoomed([0, 100], 0.5, 20, [0, 100], 1), [10, 60]);
});

pure("zooming out to the whole is no zoom at all", () => {
  assert.equal(zoomed([10, 60], 2, 20, [0, 100], 1), null);
});

pure("any zoom stays within the whole, and is no shorter than the least", () => {
  const whole = [0, 1000] as const;
  const range = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 100 }));
  const by = fc.constantFrom(0.5, 2);
  fc.assert(
    fc.property(
      range,
      by,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ([from, length], by, share) => {
        const next = zoomed([from, from + length], by, from + share * length, whole, 7);
        if (next === null) return;
        assert.ok(next[0] >= -1e-9 && next[1] <= 1000 + 1e-9);
        const expected = Math.max(length * by, 7);
        assert.ok(Math.abs(next[1] - next[0] - expected) < 1e-9);
      },
    ),
  );
});

pure("a range moves no further than it must", () => {
  assert.deepEqual(within([-5, 5], [0, 100]), [0, 10]);
  assert.deepEqual(within([95, 105], [0, 100]), [90, 100]);
  assert.deepEqual(showing([10, 20], 15), [10, 20]);
  assert.deepEqual(showing([10, 20], 23), [13, 23]);
  assert.deepEqual(showing([10, 20], 8), [8, 18]);
});
