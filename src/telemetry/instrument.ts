/** What a family of metrics is called in OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/general/naming/. */

import type { Attributes } from "@opentelemetry/api";
import type { Family, Labels } from "../report/metric_family.ts";

export interface Instrument {
  readonly name: string;
  /** In UCUM; empty where there is none. */
  readonly unit: string;
  readonly description: string;
}

/**
 * The name without its unit, its namespaces set off by dots: whoever translates it for Prometheus puts
 * the unit back, and has the name of the other formats.
 */
export function instrumentOf({ name, type, unit, help }: Family): Instrument {
  const whole = type === "info" ? `${name}_info` : name;
  const bare = unit === null ? whole : whole.slice(0, -`_${unit}`.length);
  return {
    name: bare.replace(
      /^([a-z]+)_(memory_)?/,
      (_, tool, memory) => tool + (memory ? ".memory." : "."),
    ),
    unit: unitOf(name, unit),
    description: help,
  };
}

/**
 * Counts are of things, in braces, which no translation adds to a name. Levels have no unit: `1` would
 * make them ratios.
 */
function unitOf(name: string, unit: Family["unit"]): string {
  if (unit === "bytes") return "By";
  if (unit === "seconds") return "s";
  const [, counted] = /(?:^|_)(process|instance)(?:es|s)$/.exec(name) ?? [];
  return counted === undefined ? "" : `{${counted}}`;
}

/** The labels that say something. */
export function attributesOf(labels: Labels): Attributes {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ""));
}
