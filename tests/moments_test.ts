/** Moments as people name them. What a zone has to do with it: tests/live/history_zone_test.ts. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { momentMs, parseMoment } from "../src/moments.ts";
import { pure } from "./support.ts";

const NOW_MS = Date.UTC(2026, 0, 31, 12);

/** The moment as UTC says it, or null if the text names none. */
function read(text: string): string | null {
  const moment = parseMoment(text);
  return moment && new Date(momentMs(moment, NOW_MS)).toISOString();
}

pure("now, and so long ago", () => {
  assert.deepEqual(parseMoment("now"), { agoMs: 0 });
  assert.equal(read("now"), "2026-01-31T12:00:00.000Z");
  assert.equal(read("24h"), "2026-01-30T12:00:00.000Z");
  assert.equal(read("1d12h"), "2026-01-30T00:00:00.000Z");
  assert.equal(read("0s"), "2026-01-31T12:00:00.000Z");
});

pure("before 1970 nothing was, however long ago", () => {
  for (const text of ["100000d", "104000000d", "0001-01-01", "1969-12-31T23:59:59Z"]) {
    assert.equal(read(text), "1970-01-01T00:00:00.000Z", text);
  }
});

pure("dates and times with a zone", () => {
  const cases: Readonly<Record<string, string>> = {
    "2026-01-31T14:30Z": "2026-01-31T14:30:00.000Z",
    "2026-01-31 14:30Z": "2026-01-31T14:30:00.000Z",
    "2026-01-31T14:30:05Z": "2026-01-31T14:30:05.000Z",
    "2026-01-31T14:30:05.5Z": "2026-01-31T14:30:05.500Z",
    "2026-01-31T14:30:05.123+01:00": "2026-01-31T13:30:05.123Z",
    "2026-01-31T00:30-08:00": "2026-01-31T08:30:00.000Z",
    "2026-02-28T23:59+00:00": "2026-02-28T23:59:00.000Z",
    "2028-02-29T00:00Z": "2028-02-29T00:00:00.000Z",
    "2026-01-31T24:00Z": "2026-02-01T00:00:00.000Z",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(read(text), expected, text);
});

pure("without a zone it is local time, a date its first moment", () => {
  assert.deepEqual(parseMoment("2026-01-31"), { atMs: new Date(2026, 0, 31).getTime() });
  assert.deepEqual(parseMoment("2026-07-31 14:30"), {
    atMs: new Date(2026, 6, 31, 14, 30).getTime(),
  });
  assert.deepEqual(parseMoment("2026-07-31T14:30:05.25"), {
    atMs: new Date(2026, 6, 31, 14, 30, 5, 250).getTime(),
  });
});

pure("what names no moment", () => {
  const none = [
    ...["", " ", "Now", "yesterday", "-1h", "1", "1h ago", "24", "1w", "1769860800"],
    ...["2026", "2026-01", "2026-1-31", "26-01-31", "31.01.2026", "01/31/2026", "2026-01-31Z"],
    ...[
      "2026-02-30",
      "2026-02-29",
      "2026-04-31",
      "2026-13-01",
      "2026-00-01",
      "2026-01-00",
      "2026-01-32",
    ],
    ...[
      "2026-02-30T12:00Z",
      "2026-01-31T",
      "2026-01-31T14",
      "2026-01-31T14:3",
      "2026-01-31T24:01Z",
    ],
    ...["2026-01-31T25:00", "2026-01-31T14:60", "2026-01-31T14:30:60", "2026-01-31T14:30:05."],
    ...[
      "2026-01-31T14:30:05.1234",
      "2026-01-31T14:30z",
      "2026-01-31T14:30+1:00",
      "2026-01-31T14:30+0100",
    ],
    ...["2026-01-31T14:30+24:00", "2026-01-31T14:30+99:99", "2026-01-31T14:30 Z", " 2026-01-31"],
    ...["2026-01-31\n", "2026-01-31T14:30Z\n", "+2026-01-31", "-002026-01-31", "２０２６-01-31"],
  ];
  for (const text of none) assert.equal(parseMoment(text), null, JSON.stringify(text));
});

pure("any moment, as JSON writes it, is that moment", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
      (date) => {
        assert.deepEqual(parseMoment(date.toISOString()), { atMs: date.getTime() });
      },
    ),
  );
});

pure("any text is a moment that can be written, or none", () => {
  const part = fc.constantFrom(..."0123456789-:TZ+. dhms", "2026-", "9999");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 24 }).map((parts) => parts.join("")), (text) => {
      assert.doesNotThrow(() => read(text));
    }),
  );
});
