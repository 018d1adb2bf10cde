/**
 * Metrics as OpenMetrics 1.0, for whoever serves them:
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md.
 */

import type { Family } from "./metric_family.ts";
import { metricFamilies } from "./metrics.ts";
import { escapeText, writeSamples } from "./prometheus.ts";
import type { Report, Style } from "./report.ts";

/** One family after the other, and the mark that nothing is missing. */
export function formatOpenMetrics(report: Report, style: Style): string {
  return metricFamilies(report, style).map(writeFamily).join("") + "# EOF\n";
}

/** Unlike the classic format, it escapes quotes in the help, too. */
export function writeFamily({ name, type, unit, help, samples }: Family): string {
  return `# TYPE ${name} ${type}\n` +
    (unit === null ? "" : `# UNIT ${name} ${unit}\n`) +
    `# HELP ${name} ${escapeText(help)}\n` +
    writeSamples(type === "info" ? `${name}_info` : name, samples);
}
