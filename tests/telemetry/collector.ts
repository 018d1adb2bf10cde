/** A stand-in for an OpenTelemetry collector, on loopback: takes what OTLP sends over HTTP, and keeps it. */

/** A request, as it came. */
export interface Delivery {
  /** `/v1/metrics`, `/v1/traces` or `/v1/logs`. */
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

/** One value of a metric. */
export interface Point {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The part of OTLP's JSON that these tests read: opentelemetry/proto/metrics/v1/metrics.proto. */
interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly metrics: readonly {
        readonly name: string;
        readonly unit: string;
        readonly description: string;
        readonly gauge?: { readonly dataPoints: readonly DataPoint[] };
      }[];
    }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble: number;
}

/** Several exports a second, not one a minute. */
export const OFTEN = { OTEL_METRIC_EXPORT_INTERVAL: "100" } as const;

/** For how long something is waited for that should come. */
const PATIENCE_MS = 60_000;

export class Collector implements AsyncDisposable {
  readonly deliveries: Delivery[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #heed: () => void = () => {};

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      this.deliveries.push({
        path: new URL(request.url).pathname,
        type: request.headers.get("content-type") ?? "",
        text: await request.text(),
      });
      this.#heed();
      return new Response("{}", { headers: { "content-type": "application/json" } });
    });
  }

  /** Variables that send everything here, as JSON. Nothing is turned on by them. */
  get env(): Readonly<Record<string, string>> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    };
  }

  /** The values of each export so far that has any of ocmem's. */
  exports(): readonly Point[][] {
    return this.deliveries.filter(({ path }) => path === "/v1/metrics")
      .map(({ text }) => pointsOf(JSON.parse(text)))
      .filter((points) => points.length > 0);
  }

  /** The first export from now on that is wanted. Throws if there is none for a minute. */
  async next(isWanted: (points: readonly Point[]) => boolean): Promise<readonly Point[]> {
    let seen = this.exports().length;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Point[]>();
    const timer = setTimeout(() => {
      reject(new Error(`The export that is wanted did not come after ${this.#last()}`));
    }, PATIENCE_MS);
    this.#heed = () => {
      const found = this.exports().slice(seen).find(isWanted);
      seen = this.exports().length;
      if (found) resolve(found);
    };
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#heed = () => {};
    }
  }

  #last(): string {
    return JSON.stringify(this.exports().at(-1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function pointsOf({ resourceMetrics }: MetricsRequest): Point[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics)
    .filter(({ scope }) => scope.name === "ocmem")
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ gauge, name, unit, description }) =>
      gauge!.dataPoints.map(({ attributes, asDouble }) => ({
        name,
        unit,
        description,
        attributes: Object.fromEntries(
          attributes.map(({ key, value }) => [key, value.stringValue!]),
        ),
        value: asDouble,
      }))
    );
}

/** The attributes of the resource that an export is about. */
export function resourceOf({ text }: Delivery): Record<string, string | undefined> {
  const { resourceMetrics: [first] }: MetricsRequest = JSON.parse(text);
  return Object.fromEntries(
    first!.resource.attributes.map(({ key, value }) => [key, value.stringValue]),
  );
}

/** Points as name, attributes and value, in one order. */
export function briefly(points: readonly Point[]): string[] {
  return points.map(({ name, attributes, value }) => {
    const labels = Object.entries(attributes).sort(([a], [b]) => a < b ? -1 : 1);
    return `${name} ${JSON.stringify(Object.fromEntries(labels))} ${value}`;
  }).sort();
}
