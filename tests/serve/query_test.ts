import assert from "node:assert/strict";
import { lastDay, parseQuery } from "../../src/serve/query.ts";
import { NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";

const HOUR = 3_600_000;

pure("without parameters it is the last 24 hours of all", () => {
  const all = { pids: [], roles: [], projects: [] };
  const expected = { sinceMs: NOW_MS - 24 * HOUR, untilMs: NOW_MS, ...all };
  assert.deepEqual(parseQuery("", NOW_MS), expected);
  assert.deepEqual(lastDay(NOW_MS), expected);
});

pure("times are read as history reads them, zones also where a + was not escaped", () => {
  // 2026-01-02T03:04:05Z
  const cases: [string, number, number][] = [
    ["since=1h", NOW_MS - HOUR, NOW_MS],
    ["since=2h&until=1h30m", NOW_MS - 2 * HOUR, NOW_MS - 1.5 * HOUR],
    ["since=2026-01-01T00:00Z&until=now", Date.UTC(2026, 0, 1), NOW_MS],
    ["since=2026-01-01T01:00%2B01:00", Date.UTC(2026, 0, 1), NOW_MS],
    ["since=2026-01-01T01:00+01:00", Date.UTC(2026, 0, 1), NOW_MS],
    ["since=2026-01-01T01:00:30+01:00", Date.UTC(2026, 0, 1, 0, 0, 30), NOW_MS],
    ["since=2025-12-31T23:00-01:00", Date.UTC(2026, 0, 1), NOW_MS],
    // As long ago as can be said: there are no such days.
    ["since=104000000d", 0, NOW_MS],
    ["until=2030-01-01T00:00Z", NOW_MS - 24 * HOUR, Date.UTC(2030, 0, 1)],
  ];
  for (const [text, sinceMs, untilMs] of cases) {
    const query = parseQuery(text, NOW_MS);
    assert.ok(typeof query === "object", text);
    assert.deepEqual([query.sinceMs, query.untilMs], [sinceMs, untilMs], text);
  }
});

pure("processes, roles and folders, each as often as one likes", () => {
  const text = "pid=1&pid=2147483647&role=tui&role=child&project=%2Fhome%2Fann%20b&project=/srv";
  const query = parseQuery(text, NOW_MS);
  assert.ok(typeof query === "object");
  const { pids, roles, projects } = query;
  assert.deepEqual({ pids, roles, projects }, {
    pids: [1, 2_147_483_647],
    roles: ["tui", "child"],
    projects: ["/home/ann b", "/srv"],
  });
});

pure("what makes no sense is told, with the parameter and what is accepted", () => {
  const cases: [string, string][] = [
    ["sinc=1h", 'Cannot use the parameter "sinc": there are since, until, pid, role, project'],
    ["since=1h&token=x", 'Cannot use the parameter "token": there are since'],
    ["=x", 'Cannot use the parameter "": there are'],
    ["__proto__=x", 'Cannot use the parameter "__proto__": there are'],
    ["since=1", 'Cannot use since "1": expected 24h (ago), 2026-01-31'],
    ["since=", 'Cannot use since "": expected 24h'],
    ["since=2026-02-31", 'Cannot use since "2026-02-31": expected 24h'],
    ["until=tomorrow", 'Cannot use until "tomorrow": expected 24h'],
    ["since=1h&since=2h", "Cannot use since more than once"],
    ["since=1h&until=1h", "Cannot use since and until: expected since to be before until"],
    ["since=1h&until=2h", "Cannot use since and until: expected since to be before until"],
    ["since=104000000d&until=103000000d", "Cannot use since and until: expected since to be"],
    ["since=24h&until=2020-01-01", "Cannot use since and until: expected since to be before until"],
    ["pid=0", 'Cannot use pid "0": expected a whole number from 1 to 2147483647'],
    ["pid=2147483648", 'Cannot use pid "2147483648": expected a whole number'],
    ["pid=1&pid=x", 'Cannot use pid "x": expected a whole number'],
    ["pid=-1", 'Cannot use pid "-1": expected a whole number'],
    ["pid=1e3", 'Cannot use pid "1e3": expected a whole number'],
    ["role=boss", 'Cannot use role "boss": expected one of tui, server'],
    ["role=toString", 'Cannot use role "toString": expected one of tui'],
    ["project=web", 'Cannot use project "web": expected the whole path of a folder'],
    [`pid=${Array(33).fill("1").join("&pid=")}`, "Cannot use pid more than 32 times"],
    [`since=${"x".repeat(1000)}`, `Cannot use since "${"x".repeat(60)}…": expected`],
    ["since=%0a%ff", 'Cannot use since "\\n\ufffd": expected'],
  ];
  for (const [text, message] of cases) {
    const found = parseQuery(text, NOW_MS);
    assert.ok(typeof found === "string", text);
    assert.ok(found.startsWith(message), `${text}: ${found}`);
  }
});
