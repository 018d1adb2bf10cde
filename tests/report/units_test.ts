import assert from "node:assert/strict";
import { formatBytes, formatDuration } from "../../src/report/units.ts";
import { pure } from "../support.ts";

pure("bytes: three digits, powers of 1024", () => {
  const shown: [number, string][] = [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1023 * 1024, "1023 KiB"],
    [1536, "1.5 KiB"],
    [751 * 1024 ** 2, "751 MiB"],
    [2 * 1024 ** 3, "2 GiB"],
    [1.3 * 1024 ** 3, "1.3 GiB"],
    [52.4 * 1024 ** 3, "52.4 GiB"],
    [1024 ** 4, "1 TiB"],
  ];
  for (const [bytes, text] of shown) assert.equal(formatBytes(bytes), text);
});

pure("durations: the two largest units, never negative", () => {
  const shown: [number, string][] = [
    [-5000, "0s"],
    [0, "0s"],
    [999, "0s"],
    [1000, "1s"],
    [59_999, "59s"],
    [61_000, "1m 1s"],
    [3_720_000, "1h 2m"],
    [90_000_000, "1d 1h"],
  ];
  for (const [ms, text] of shown) assert.equal(formatDuration(ms), text, `${ms}`);
});
