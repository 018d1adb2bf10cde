import assert from "node:assert/strict";
import { METRIC_TYPES, metricFormat } from "../../src/serve/accept.ts";
import { healthOf } from "../../src/serve/health.ts";
import type { Level } from "../../src/types.ts";
import { NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";

pure("health: critical and unknown are ill, and so is who does not look", () => {
  const intervalMs = 10_000;
  const cases: [Level, number, boolean][] = [
    ["normal", 0, true],
    ["warning", 0, true],
    ["critical", 0, false],
    ["unknown", 0, false],
    ["normal", 35_000, true],
    ["normal", 35_001, false],
    ["critical", 99_000, false],
  ];
  for (const [level, ageMs, isWell] of cases) {
    const health = healthOf({ level, atMs: NOW_MS - ageMs, intervalMs }, NOW_MS);
    assert.equal(health.isWell, isWell, `${level} ${ageMs}`);
    const { message, ...rest } = health.json;
    const expected = { healthy: isWell, level, age_ms: ageMs, interval_ms: intervalMs };
    assert.deepEqual(rest, expected);
    assert.match(
      String(message),
      ageMs > 35_000 ? /last look is old/ : /within|over|can't be read/,
    );
  }
  const nothing = { healthy: false, message: "nothing was looked at yet" };
  const unknown = { level: null, age_ms: null, interval_ms: null };
  assert.deepEqual(healthOf(null, NOW_MS), { isWell: false, json: { ...nothing, ...unknown } });
  // Where the clock was set back, a look is not older for it.
  const ahead = healthOf({ level: "normal", atMs: NOW_MS + 60_000, intervalMs }, NOW_MS);
  assert.deepEqual([ahead.isWell, ahead.json.age_ms], [true, 0]);
});

pure("metrics: OpenMetrics for who names it and likes nothing better", () => {
  // What Prometheus 2 and 3 send.
  const prometheus2 = "application/openmetrics-text;version=1.0.0;q=0.5," +
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
  const prometheus3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
  const cases: [string | undefined, keyof typeof METRIC_TYPES][] = [
    [undefined, "prometheus"],
    ["", "prometheus"],
    ["*/*", "prometheus"],
    ["text/plain", "prometheus"],
    ["application/json", "prometheus"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "prometheus"],
    [prometheus2, "openmetrics"],
    [prometheus3, "openmetrics"],
    ["application/openmetrics-text", "openmetrics"],
    ["Application/OpenMetrics-Text; Version=1.0.0", "openmetrics"],
    ["application/openmetrics-text, */*", "openmetrics"],
    ["application/openmetrics-text;q=0.1, text/plain", "prometheus"],
    ["application/openmetrics-text;q=0.1, text/*;q=0.2", "prometheus"],
    ["application/openmetrics-text;q=0", "prometheus"],
    ["application/openmetrics-text;q=x", "prometheus"],
    ["application/openmetrics-text;version=0.0.1", "prometheus"],
    ["application/openmetrics-text;version=2.0.0", "prometheus"],
    [";;;,,;q=1;q", "prometheus"],
  ];
  for (const [accept, format] of cases) assert.equal(metricFormat(accept), format, accept);
});
