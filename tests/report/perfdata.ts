/** A plugin's output as the Monitoring Plugins' guidelines have it, for tests: strict, and without the code. */

import assert from "node:assert/strict";
import type { Level } from "../../src/types.ts";

/** An entry of performance data. null: what is left out; a value of null is `U`. */
export interface Metric {
  readonly label: string;
  readonly value: number | null;
  readonly uom: string;
  readonly warning: number | null;
  readonly critical: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface PluginOutput {
  /** Of the first line. */
  readonly text: string;
  readonly metrics: readonly Metric[];
  /** The lines behind the first. */
  readonly details: readonly string[];
}

const NUMBER = "\\d+(?:\\.\\d+)?";
/** Without quotes round the label: Checkmk's MRPE would take them for a part of it. */
const ENTRY = new RegExp(
  `^(\\w+)=(?:U|(${NUMBER})(B|s|))(?:;(${NUMBER})?)?(?:;(${NUMBER})?)?(?:;(${NUMBER})?)?(?:;(${NUMBER}))?$`,
);

/** Takes it apart. Throws at whatever a reader could take for something else. */
export function parseOutput(output: string): PluginOutput {
  assert.ok(output.endsWith("\n") && !output.endsWith("\n\n"));
  assert.ok(output.isWellFormed());
  const [first, ...details] = output.slice(0, -1).split("\n");
  const [text, perfdata, ...more] = first!.split(" | ");
  assert.deepEqual(more, []);
  assert.doesNotMatch(text + details.join(""), /\|/);
  const metrics = perfdata!.split(" ").map(metricOf);
  const seen = metrics.map(({ label }) => label.slice(0, 19));
  assert.deepEqual(seen, [...new Set(seen)], "RRD tells labels apart by 19 characters");
  return { text: text!, metrics, details };
}

function metricOf(entry: string): Metric {
  const found = ENTRY.exec(entry);
  assert.ok(found, `${entry} is no entry`);
  const [, label, value, uom = "", ...ends] = found;
  const number = (digits: string | undefined) => digits === undefined ? null : Number(digits);
  const [warning, critical, min, max] = ends.map(number) as [number | null, null, null, null];
  return { label: label!, value: number(value), uom, warning, critical, min, max };
}

/** The level that its ranges make of an entry, or null if it has none. `N` alerts outside 0 to N. */
export function levelOf({ value, warning, critical }: Metric): Level | null {
  if (warning === null && critical === null) return null;
  if (value === null) return "unknown";
  if (critical !== null && (value < 0 || value > critical)) return "critical";
  return warning !== null && (value < 0 || value > warning) ? "warning" : "normal";
}
