import assert from "node:assert/strict";
import fc from "fast-check";
import { formatPrometheus, writeFamily } from "../../src/report/prometheus.ts";
import { GIB } from "../fake.ts";
import { pure } from "../support.ts";
import { reportOf, reports, session, STYLE } from "./metric_reports.ts";

pure("a family: help, type, samples", () => {
  const text = writeFamily({
    name: "a_bytes",
    type: "gauge",
    unit: "bytes",
    help: "An a.",
    samples: [
      { labels: { b: "c", d: "" }, value: 1.5 },
      { labels: {}, value: 2 ** 52 },
    ],
  });
  assert.equal(
    text,
    '# HELP a_bytes An a.\n# TYPE a_bytes gauge\na_bytes{b="c",d=""} 1.5\na_bytes 4503599627370496\n',
  );
});

pure("info is a gauge with its whole name", () => {
  const labels = { version: "1" };
  const text = writeFamily({
    name: "a",
    type: "info",
    unit: null,
    help: "A.",
    samples: [{ labels, value: 1 }],
  });
  assert.equal(text, '# HELP a_info A.\n# TYPE a_info gauge\na_info{version="1"} 1\n');
});

pure("label values escape backslash, quote and line feed; help does not escape the quote", () => {
  const hostile = 'a\\n"b"\n{},=#';
  const text = writeFamily({
    name: "a",
    type: "gauge",
    unit: null,
    help: hostile,
    samples: [{ labels: { b: hostile }, value: 0 }],
  });
  assert.equal(
    text,
    '# HELP a a\\\\n"b"\\n{},=#\n# TYPE a gauge\na{b="a\\\\n\\"b\\"\\n{},=#"} 0\n',
  );
});

pure("a Report, from its footprint to the build of the tool", () => {
  const text = formatPrometheus(reportOf([session("/home/ann/api", GIB)]), STYLE);
  assert.ok(text.startsWith("# HELP opencode_memory_footprint_bytes "));
  assert.ok(
    text.includes('\nopencode_memory_footprint_bytes{role="tui",project="~/api"} 1073741824\n'),
  );
  assert.ok(text.endsWith('\nocmem_build_info{version="1.2.3",os="linux",arch="x86_64"} 1\n'));
});

pure("the style decides of pids and of the home", () => {
  const text = formatPrometheus(reportOf([session("/home/ann/api", GIB)]), {
    ...STYLE,
    home: null,
    pidLabel: true,
  });
  const sample = 'opencode_memory_footprint_bytes{role="tui",project="/home/ann/api",pid="100"}';
  assert.ok(text.includes(`\n${sample} 1073741824\n`));
});

pure("any Report: one line a sample, nothing after its value, a line feed at the end", () => {
  const name = "[a-z_]+", value = '"(?:[^"\\\\\\n]|\\\\[\\\\n"])*"';
  const line = new RegExp(
    `^(?:# HELP ${name} .*|# TYPE ${name} gauge|${name}(?:{[a-z]+=${value}(?:,[a-z]+=${value})*})? [0-9.]+)$`,
  );
  fc.assert(fc.property(reports, fc.boolean(), (report, pidLabel) => {
    const lines = formatPrometheus(report, { ...STYLE, pidLabel }).split("\n");
    assert.equal(lines.pop(), "");
    for (const one of lines) assert.match(one, line);
  }));
});
