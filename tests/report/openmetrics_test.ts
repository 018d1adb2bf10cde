import assert from "node:assert/strict";
import { metricFamilies } from "../../src/report/metrics.ts";
import { formatOpenMetrics, writeFamily } from "../../src/report/openmetrics.ts";
import { GIB } from "../fake.ts";
import { pure } from "../support.ts";
import { reportOf, session, STYLE } from "./metric_reports.ts";

const REPORT = reportOf([session("/home/ann/api", GIB)]);

pure("a family: type, unit, help, samples", () => {
  const text = writeFamily({
    name: "a_bytes",
    type: "gauge",
    unit: "bytes",
    help: "An a.",
    samples: [{ labels: { b: "c" }, value: 1.5 }],
  });
  assert.equal(
    text,
    '# TYPE a_bytes gauge\n# UNIT a_bytes bytes\n# HELP a_bytes An a.\na_bytes{b="c"} 1.5\n',
  );
});

pure("without a unit there is no line for it; only the sample of info has its suffix", () => {
  const labels = { version: "1" };
  const text = writeFamily({
    name: "a",
    type: "info",
    unit: null,
    help: "A.",
    samples: [{ labels, value: 1 }],
  });
  assert.equal(text, '# TYPE a info\n# HELP a A.\na_info{version="1"} 1\n');
});

pure("label values and help escape backslash, quote and line feed", () => {
  const hostile = 'a\\n"b"\n{},=#';
  const text = writeFamily({
    name: "a",
    type: "gauge",
    unit: null,
    help: hostile,
    samples: [{ labels: { b: hostile }, value: 0 }],
  });
  const escaped = 'a\\\\n\\"b\\"\\n{},=#';
  assert.equal(text, `# TYPE a gauge\n# HELP a ${escaped}\na{b="${escaped}"} 0\n`);
});

pure("a Report ends with the mark, once", () => {
  const text = formatOpenMetrics(REPORT, STYLE);
  assert.ok(text.endsWith(" 1\n# EOF\n"));
  assert.equal(text.split("# EOF").length, 2);
});

pure("every family of a Report is there, in order, and the style holds", () => {
  const style = { ...STYLE, pidLabel: true };
  const text = formatOpenMetrics(REPORT, style);
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
  const families = metricFamilies(REPORT, style);
  assert.deepEqual(types, families.map(({ name, type }) => [name, type]));
  const sample = 'opencode_memory_footprint_bytes{role="tui",project="~/api",pid="100"} 1073741824';
  assert.ok(text.includes(`\n${sample}\n`));
});
