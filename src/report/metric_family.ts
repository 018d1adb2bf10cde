/** What metrics are made of: families of samples, as data. */

/** A metric with all its samples, no two of which have the same labels. */
export interface Family {
  /** Ends in the unit, where it has one. */
  readonly name: string;
  /** `info`: its sample is named with `_info`, has the value 1, and tells by its labels. */
  readonly type: "gauge" | "info";
  readonly unit: "bytes" | "seconds" | null;
  /** The same in every run: node_exporter refuses two files whose texts of one family differ. */
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  readonly labels: Labels;
  readonly value: number;
}

/** In the order in which they are written. An empty value is for Prometheus the same as no label. */
export type Labels = Readonly<Record<string, string>>;

/** A gauge, whose unit is the last word of its name. */
export function gauge(name: string, help: string, samples: readonly MetricSample[]): Family {
  const unit = (["bytes", "seconds"] as const).find((one) => name.endsWith(`_${one}`)) ?? null;
  return { name, type: "gauge", unit, help, samples };
}

/** The sample of a family that has no labels. */
export function single(value: number): MetricSample[] {
  return [{ labels: {}, value }];
}

/** One sample for all items with the same labels. */
export function grouped<T>(
  items: readonly T[],
  labelsOf: (item: T) => Labels,
  together: (group: readonly T[]) => number,
): MetricSample[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(labelsOf(item)));
  return Array.from(groups.values(), (group) => ({
    labels: labelsOf(group[0]!),
    value: together(group),
  }));
}
