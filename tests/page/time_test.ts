import assert from "node:assert/strict";
import {
  formatDuration,
  formatSpan,
  formatTime,
  timeLabels,
  zoneAt,
} from "../../src/page/client/time.js";
import { pure } from "../support.ts";

/** In whatever zone this machine is. */
function local(day: number, hours = 0, minutes = 0, seconds = 0, month = 11, year = 2026): number {
  return new Date(year, month - 1, day, hours, minutes, seconds).getTime();
}

pure("a time is local, with the date", () => {
  assert.equal(formatTime(local(5, 9, 4, 3)), "2026-11-05 09:04:03");
});

const SPANS: readonly [string, number, number, string][] = [
  ["within a day", local(5, 9), local(5, 10, 30), "5 Nov 09:00 – 10:30"],
  ["of a moment", local(5, 9), local(5, 9, 0, 59), "5 Nov 09:00"],
  ["over midnight", local(5, 23), local(6, 1), "5 Nov 23:00 – 6 Nov 01:00"],
  [
    "over New Year",
    local(31, 23, 0, 0, 12),
    local(1, 1, 0, 0, 1, 2027),
    "31 Dec 2026 23:00 – 1 Jan 2027 01:00",
  ],
  ["of months", local(5, 9), local(5, 9, 0, 0, 12), "5 Nov – 5 Dec"],
  ["of a year", local(5, 9), local(5, 9, 0, 0, 11, 2027), "5 Nov 2026 – 5 Nov 2027"],
];

for (const [what, from, to, text] of SPANS) {
  pure(`a span ${what}: ${text}`, () => {
    assert.equal(formatSpan(from, to), text);
  });
}

const S = 1000;
const DURATIONS: readonly [number, string][] = [
  [0, "–"],
  [400, "–"],
  [45 * S, "45s"],
  [59_900, "1m"],
  [3 * 3600 * S + 2 * 60 * S + 5 * S, "3h 2m"],
  [3600 * S + 30 * S, "1h"],
  [39 * 86_400 * S + 12 * 3600 * S, "39d 12h"],
];

for (const [ms, text] of DURATIONS) {
  pure(`${ms} ms are ${text}`, () => {
    assert.equal(formatDuration(ms), text);
  });
}

pure("labels of minutes have the day where it changes", () => {
  const splits = [local(5, 22), local(5, 23), local(6), local(6, 1)];
  assert.deepEqual(timeLabels(splits, 3_600_000), [
    "22:00\n5 Nov",
    "23:00",
    "00:00\n6 Nov",
    "01:00",
  ]);
});

pure("labels of seconds have seconds, labels of days have the year where it changes", () => {
  assert.deepEqual(timeLabels([local(5, 9, 0, 5)], 5000), ["09:00:05\n5 Nov"]);
  const days = [local(31, 0, 0, 0, 12), local(1, 0, 0, 0, 1, 2027), local(2, 0, 0, 0, 1, 2027)];
  assert.deepEqual(timeLabels(days, 86_400_000), ["31 Dec\n2026", "1 Jan\n2027", "2 Jan"]);
});

pure("the zone is named with its distance from UTC then", () => {
  const at = local(5);
  const minutes = 0 - new Date(at).getTimezoneOffset();
  const zone = zoneAt(at);
  const [, sign, hours, rest] = /UTC(?:([+-])(\d\d):(\d\d))?$/.exec(zone) ?? [];
  assert.equal(Number(`${sign ?? ""}${Number(hours ?? 0) * 60 + Number(rest ?? 0)}`), minutes);
});
