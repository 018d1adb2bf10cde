/** Which format of metrics somebody wants. */

interface Range {
  readonly type: string;
  readonly version: string | null;
  readonly weight: number;
}

const OPEN_TYPE = "application/openmetrics-text";
const OPEN_VERSION = "1.0.0";
const CLASSIC_TYPES: readonly string[] = ["text/plain", "text/*", "*/*"];

/** The formats' types, as they are told. */
export const METRIC_TYPES = {
  openmetrics: `${OPEN_TYPE}; version=${OPEN_VERSION}; charset=utf-8`,
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
} as const;

/** OpenMetrics for who names it and likes nothing better. `accept`: the header, if there is one. */
export function metricFormat(accept: string | undefined): keyof typeof METRIC_TYPES {
  const ranges = (accept ?? "").split(",").map(parseRange);
  const weightOf = (fits: (range: Range) => boolean) =>
    Math.max(0, ...ranges.filter(fits).map(({ weight }) => weight));
  const open = weightOf(({ type, version }) =>
    type === OPEN_TYPE && (version ?? OPEN_VERSION) === OPEN_VERSION
  );
  const classic = weightOf(({ type }) => CLASSIC_TYPES.includes(type));
  return open > 0 && open >= classic ? "openmetrics" : "prometheus";
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.toLowerCase().split(";").map((part) => part.trim());
  const valueOf = (name: string) =>
    parameters.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const weight = Number(valueOf("q") ?? 1);
  return { type, version: valueOf("version"), weight: weight >= 0 && weight <= 1 ? weight : 0 };
}
