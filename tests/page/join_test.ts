import assert from "node:assert/strict";
import fc from "fast-check";
import {
  heightsAt,
  holesIn,
  stack,
  sumOf,
  timesOf,
  valuesAt,
  withBreaks,
} from "../../src/page/client/join.js";
import { pure } from "../support.ts";

type Values = (number | null)[];
const line = (times: number[], values: Values) => ({ times, values });

const LATE = line([20, 30, 40], [7, null, 9]);

pure("lines share the times that they have in common", () => {
  assert.deepEqual(timesOf([line([10, 30], [1, 2]), LATE]), [10, 20, 30, 40]);
  assert.deepEqual(timesOf([]), []);
});

pure("a line's own values stand at its times only", () => {
  assert.deepEqual(valuesAt(LATE, [10, 20, 25, 30, 40, 50]), [
    undefined,
    7,
    undefined,
    null,
    9,
    undefined,
  ]);
});

pure("a line goes straight from point to point, and is nowhere else", () => {
  const rising = line([10, 20, 40], [0, 10, 30]);
  assert.deepEqual(heightsAt(rising, [5, 10, 15, 20, 25, 40, 41]), [null, 0, 5, 10, 15, 30, null]);
});

pure("a hole begins where its null is, and ends with the next point", () => {
  assert.deepEqual(heightsAt(LATE, [20, 25, 30, 35, 40]), [7, 7, null, null, 9]);
});

pure(
  "areas stand on each other; who is not there adds nothing; where nobody is, there is a hole",
  () => {
    assert.deepEqual(stack([[1, null, null], [2, 3, null]]), [[1, 0, null], [3, 3, null]]);
    assert.deepEqual(sumOf([[1, null], [null, null]]), [1, null]);
    assert.deepEqual(stack([]), []);
  },
);

pure("the top of a stack is the total, and each area is as high as its value", () => {
  const columns = fc.integer({ min: 1, max: 8 }).chain((length) => {
    const value = fc.option(fc.integer({ min: 0, max: 1000 }));
    return fc.array(fc.array(value, { minLength: length, maxLength: length }), {
      minLength: 1,
      maxLength: 5,
    });
  });
  fc.assert(fc.property(columns, (values) => {
    const tops = stack(values);
    values[0]!.forEach((_, i) => {
      const there = values.map((column) => column[i] ?? null);
      const isHole = there.every((one) => one === null);
      const total = there.reduce<number>((sum, one) => sum + (one ?? 0), 0);
      assert.equal(tops.at(-1)![i], isHole ? null : total);
      there.forEach((one, k) => {
        const height = (tops[k]![i] ?? 0) - (tops[k - 1]?.[i] ?? 0);
        assert.equal(height, one ?? 0);
      });
    });
  }));
});

pure("holes are where nothing is between two values", () => {
  assert.deepEqual(holesIn([1, 2, 3, 4, 5], [null, 8, null, 9, null]), [[2, 4]]);
  assert.deepEqual(holesIn([1, 2], [8, 9]), []);
});

pure("where one has ended before the next begins, there is a break", () => {
  const [monday, friday] = [line([10, 20], [1, 1]), line([60, 70], [2, 2])];
  const lines = [monday, friday];
  const times = timesOf(lines);
  assert.deepEqual(withBreaks(times, lines.map((one) => heightsAt(one, times))), [
    10,
    20,
    40,
    60,
    70,
  ]);
  const over = [...lines, line([20, 60], [3, 3])];
  assert.deepEqual(withBreaks(times, over.map((one) => heightsAt(one, times))), times);
});
