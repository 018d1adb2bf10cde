import assert from "node:assert/strict";
import { gauge } from "../../src/report/metric_family.ts";
import { metricFamilies } from "../../src/report/metrics.ts";
import { attributesOf, instrumentOf } from "../../src/telemetry/instrument.ts";
import { GIB, reading } from "../fake.ts";
import { reportOf, session, STYLE } from "../report/metric_reports.ts";
import { pure } from "../support.ts";

/** Everything that can be known is. */
const REPORT = reportOf([{
  ...session("/srv/x", GIB),
  level: "normal",
  processes: [{ role: "tui", reading: reading(GIB, { pssBytes: GIB, ussBytes: GIB }) }],
}]);

/**
 * The name in Prometheus, as collectors make it of name and unit of a gauge:
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1.
 */
function translated({ name, unit }: { readonly name: string; readonly unit: string }): string {
  const plain = name.replace(/[^a-zA-Z0-9:]+/g, "_");
  const suffix = { By: "_bytes", s: "_seconds", 1: "_ratio" }[unit] ?? "";
  assert.ok(suffix !== "" || unit === "" || /^\{\w+\}$/.test(unit), `${unit} of ${name}`);
  return plain.endsWith(suffix) ? plain : plain + suffix;
}

pure("a collector gives back to Prometheus the names of the other formats", () => {
  const families = metricFamilies(REPORT, STYLE);
  for (const family of families) {
    const whole = family.type === "info" ? `${family.name}_info` : family.name;
    assert.equal(translated(instrumentOf(family)), whole);
  }
  assert.ok(families.length > 15, "all of them are there");
});

pure("names have OpenTelemetry's form: lower case, namespaces set off by dots", () => {
  const families = metricFamilies(REPORT, STYLE);
  for (const { name } of families.map(instrumentOf)) {
    assert.match(name, /^(?:opencode|ocmem)\.(?:[a-z]+\.)?[a-z]+(?:_[a-z]+)*$/);
  }
});

for (
  const [family, name, unit] of [
    ["opencode_memory_footprint_bytes", "opencode.memory.footprint", "By"],
    ["opencode_memory_limit_bytes", "opencode.memory.limit", "By"],
    ["opencode_machine_memory_bytes", "opencode.machine_memory", "By"],
    ["opencode_scan_duration_seconds", "opencode.scan_duration", "s"],
    ["opencode_last_run_timestamp_seconds", "opencode.last_run_timestamp", "s"],
    ["opencode_processes", "opencode.processes", "{process}"],
    ["opencode_unread_processes", "opencode.unread_processes", "{process}"],
    ["opencode_instances", "opencode.instances", "{instance}"],
    ["opencode_level", "opencode.level", ""],
    ["opencode_instance_level", "opencode.instance_level", ""],
  ] as const
) {
  pure(`${family} is ${name} in ${unit || "no unit"}`, () => {
    assert.deepEqual(instrumentOf(gauge(family, "What it is.", [])), {
      name,
      unit,
      description: "What it is.",
    });
  });
}

pure("what tells by its labels is a gauge without a unit", () => {
  const family = { ...gauge("ocmem_build", "The ocmem that looked.", []), type: "info" as const };
  const { name, unit } = instrumentOf(family);
  assert.deepEqual([name, unit], ["ocmem.build_info", ""]);
});

pure("a label without a value is no attribute", () => {
  assert.deepEqual(attributesOf({ role: "", project: "/x", pid: "0" }), {
    project: "/x",
    pid: "0",
  });
});
