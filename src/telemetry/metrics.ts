/**
 * Metrics for Deno's own OpenTelemetry exporter, which sends them where the environment says. Loaded
 * only when that is turned on.
 */

import {
  type Meter,
  metrics,
  type ObservableGauge,
  type ObservableResult,
} from "@opentelemetry/api";
import type { Family, MetricSample } from "../report/metric_family.ts";
import { attributesOf, instrumentOf } from "./instrument.ts";

/** Where Deno puts its own implementation of the API when its exporter is on: the key of @opentelemetry/api 1. */
const IMPLEMENTATION = Symbol.for("opentelemetry.js.api.1");

/**
 * Why nothing is exported although the environment asks for it, or null. An executable has Deno's
 * settings of when it was made, and in ours the exporter is off: it could only be on for everybody.
 */
export function whyNotExported(): string | null {
  if (Object.hasOwn(globalThis, IMPLEMENTATION)) return null;
  return "Cannot export metrics: Deno's exporter can't be turned on in an executable. Run ocmem with " +
    "Deno for that, or have serve's /metrics scraped";
}

/** What is exported again and again, until it is disposed. */
export interface MetricsExport extends Disposable {
  /** From now on these families are exported, and no others. */
  show(families: readonly Family[]): void;
}

/**
 * For a command that goes on. Gauges that are asked at each export: those that are told keep every
 * series for ever, and a process that is gone would be exported as if it ran.
 *
 * While they are asked, `Deno.exit()` waits for an answer that it keeps from coming, and never ends
 * the process. Its own end does.
 */
export function openExport(version: string): MetricsExport {
  const meter = meterOf(version);
  const asked = new Map<string, Asked>();
  let shown: ReadonlyMap<string, readonly MetricSample[]> = new Map();
  return {
    show(families) {
      shown = new Map(families.map(({ name, samples }) => [name, samples]));
      for (const family of families) {
        if (asked.has(family.name)) continue;
        const samples = () => shown.get(family.name) ?? [];
        asked.set(family.name, ask(meter, family, samples));
      }
    },
    [Symbol.dispose]() {
      for (const { gauge, answer } of asked.values()) gauge.removeCallback(answer);
    },
  };
}

/**
 * For a command that looks once and ends: gauges that are told, because at the end Deno sends what it
 * was told and asks nobody. It waits until the collector has taken it, at most for
 * OTEL_EXPORTER_OTLP_TIMEOUT (10 s).
 */
export function exportOnce(families: readonly Family[], version: string): void {
  const meter = meterOf(version);
  for (const family of families) {
    const { name, ...options } = instrumentOf(family);
    const gauge = meter.createGauge(name, options);
    for (const { labels, value } of family.samples) gauge.record(value, attributesOf(labels));
  }
}

interface Asked {
  readonly gauge: ObservableGauge;
  readonly answer: (result: ObservableResult) => void;
}

function ask(meter: Meter, family: Family, samples: () => readonly MetricSample[]): Asked {
  const { name, ...options } = instrumentOf(family);
  const gauge = meter.createObservableGauge(name, options);
  const answer = (result: ObservableResult) => {
    for (const { labels, value } of samples()) result.observe(value, attributesOf(labels));
  };
  gauge.addCallback(answer);
  return { gauge, answer };
}

function meterOf(version: string): Meter {
  return metrics.getMeter("ocmem", version);
}
