/**
 * Metrics in Prometheus's classic text format, as node_exporter's textfile collector reads it:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. No timestamps: that
 * collector refuses a file with any.
 */

import type { Family, MetricSample } from "./metric_family.ts";
import { metricFamilies } from "./metrics.ts";
import type { Report, Style } from "./report.ts";

/** One family after the other. */
export function formatPrometheus(report: Report, style: Style): string {
  return metricFamilies(report, style).map(writeFamily).join("");
}

/** It knows no info: that is a gauge of the whole name. */
export function writeFamily({ name, type, help, samples }: Family): string {
  const whole = type === "info" ? `${name}_info` : name;
  return `# HELP ${whole} ${help.replace(/[\\\n]/g, escapeOf)}\n# TYPE ${whole} gauge\n` +
    writeSamples(whole, samples);
}

/** The lines of samples, which OpenMetrics has the same. */
export function writeSamples(name: string, samples: readonly MetricSample[]): string {
  return samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeText(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
  }).join("");
}

/** Text between quotes. */
export function escapeText(text: string): string {
  return text.replace(/[\\"\n]/g, escapeOf);
}

function escapeOf(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}
