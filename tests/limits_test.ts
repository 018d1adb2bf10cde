import assert from "node:assert/strict";
import fc from "fast-check";
import { limitBytes, parseLimit } from "../src/limits.ts";
import { pure } from "./support.ts";

pure("limits: amounts with a unit, plain bytes, a share of memory", () => {
  const accepted: [string, number][] = [
    ["1", 1],
    ["2147483648", 2147483648],
    ["2GiB", 2147483648],
    ["2 GiB", 2147483648],
    ["2gib", 2147483648],
    ["2048MiB", 2147483648],
    ["2GB", 2000000000],
    ["1.5GiB", 1610612736],
    ["500kB", 500000],
    ["512KiB", 524288],
    ["1TiB", 1099511627776],
    ["1TB", 1000000000000],
    ["100B", 100],
  ];
  for (const [text, bytes] of accepted) assert.deepEqual(parseLimit(text), { bytes }, text);
  assert.deepEqual(parseLimit("75%"), { percent: 75 });
  assert.deepEqual(parseLimit("0.5 %"), { percent: 0.5 });
  assert.equal(limitBytes({ percent: 75 }, 16_000_000_000), 12_000_000_000);
  assert.equal(limitBytes({ bytes: 7 }, 16_000_000_000), 7);
});

pure("limits: nothing else is accepted", () => {
  const refused = [
    "",
    " ",
    "bogus",
    "2 G B",
    "2G", // 10^9 to some, 2^30 to others
    "2M",
    "-1",
    "-2GiB",
    "+2GiB",
    "0",
    "0GiB",
    "0%",
    "-5%",
    "NaN",
    "Infinity",
    "1e9",
    "0x10",
    "2.GiB",
    ".5GiB",
    "2,5GiB",
    "2  GiB",
    "2GiB ",
    " 2GiB",
    "2GiB\n",
    "9007199254740993",
    "99999999TiB",
    "0.4B",
    "2GiBs",
    "５GiB",
  ];
  for (const text of refused) assert.equal(parseLimit(text), null, JSON.stringify(text));
});

pure("limits: any text gives a positive limit or none", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const limit = parseLimit(text);
    assert.ok(limit === null || limitBytes(limit, 2 ** 34) > 0 || "percent" in limit);
  }));
});
