/** Metrics, read back by readers that others wrote: promtool, and Prometheus's parsers in Python. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { metricFamilies } from "../../src/report/metrics.ts";
import { formatOpenMetrics } from "../../src/report/openmetrics.ts";
import { formatPrometheus } from "../../src/report/prometheus.ts";
import type { Report, Style } from "../../src/report/report.ts";
import { GIB } from "../fake.ts";
import { reportOf, reports, session, STYLE } from "../report/metric_reports.ts";
import { hasProgram, live } from "../support.ts";
import { fed } from "./fed.ts";

const PROMTOOL = { promtool: hasProgram("promtool") };

/** The Python that has the parsers: Debian's, perhaps behind another one on the PATH. */
const python = ["python3", "/usr/bin/python3"].find((program) => {
  try {
    return new Deno.Command(program, { args: ["-c", "import prometheus_client"], stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
});
const PARSERS = { "prometheus_client for python3": python !== undefined };

/** Prints what a parser makes of each text on standard input. */
const PARSE = `
import json, sys
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics
parse = {"classic": parser, "openmetrics": openmetrics}[sys.argv[1]].text_string_to_metric_families
print(json.dumps([
  [[f.name, f.type, f.unit, f.documentation, [[s.name, s.labels, s.value, s.timestamp] for s in f.samples]]
   for f in parse(text)]
  for text in json.load(sys.stdin)
]))
`;

type Parsed = [string, string, string, string, [string, Record<string, string>, number, null][]];

async function parsed(format: "classic" | "openmetrics", texts: readonly string[]) {
  const ran = await fed(python!, ["-c", PARSE, format], JSON.stringify(texts));
  assert.deepEqual([ran.stderr, ran.code], ["", 0]);
  return JSON.parse(ran.stdout) as Parsed[][];
}

/** Hostile ones, the same in each run, and one of nothing. */
const SAMPLES: readonly Report[] = [
  reportOf([]),
  reportOf([], { level: null, thresholds: null }),
  ...fc.sample(reports, { numRuns: 60, seed: 4 }),
];
const STYLES: readonly Style[] = [STYLE, { ...STYLE, pidLabel: true }];

/** What each reader should find in the families of a Report. */
function expected(report: Report, style: Style, format: "classic" | "openmetrics"): Parsed[] {
  return metricFamilies(report, style).map(({ name, type, unit, help, samples }) => {
    const whole = type === "info" ? `${name}_info` : name;
    const read: Parsed[4] = samples.map(({ labels, value }) => [whole, labels, value, null]);
    return format === "classic"
      ? [whole, "gauge", "", help, read]
      : [name, type, unit ?? "", help, read];
  });
}

live("promtool has nothing to say of any Report", PROMTOOL, async () => {
  for (const style of STYLES) {
    for (const report of SAMPLES) {
      const ran = await fed("promtool", ["check", "metrics"], formatPrometheus(report, style));
      assert.deepEqual(ran, { code: 0, stdout: "", stderr: "" });
    }
  }
});

live(
  "promtool does complain, of a family without help and of a label that is not closed",
  PROMTOOL,
  async () => {
    const text = formatPrometheus(reportOf([session('/a"', GIB)]), STYLE);
    for (const broken of [text.replace(/^# HELP .*\n/, ""), text.replace('\\"', '"')]) {
      const ran = await fed("promtool", ["check", "metrics"], broken);
      assert.notEqual(ran.code, 0);
    }
  },
);

for (
  const [format, write] of [["classic", formatPrometheus], [
    "openmetrics",
    formatOpenMetrics,
  ]] as const
) {
  live(`Python's ${format} parser reads back names, labels and values`, PARSERS, async () => {
    for (const style of STYLES) {
      const read = await parsed(format, SAMPLES.map((report) => write(report, style)));
      assert.deepEqual(read, SAMPLES.map((report) => expected(report, style, format)));
    }
  });
}

live("the samples hold what makes trouble", {}, () => {
  const projects = SAMPLES.flatMap((report) =>
    metricFamilies(report, STYLE).flatMap(({ samples }) =>
      samples.map(({ labels }) => labels.project ?? "")
    )
  );
  for (const trouble of ['"', "\\", "\\n", "}", " # ", "=", ",", "🦊", "…", "~", "(others)"]) {
    assert.ok(projects.some((project) => project.includes(trouble)), trouble);
  }
});
