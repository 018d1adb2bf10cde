/** A real Prometheus and a real node_exporter on loopback, asked until they answer. */

import { hasProgram, programPath } from "../support.ts";
import type { Children } from "./processes.ts";

export const PROMETHEUS = { prometheus: hasProgram("prometheus") };
export const NODE_EXPORTER = { "prometheus-node-exporter": hasProgram("prometheus-node-exporter") };

/** How many times it is asked, and how long to wait in between: 60 s on any machine. */
const TRIES = 600;
const WAIT_MS = 100;

/** A series as an answer has it: its labels but for those of the scrape, and its last value. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** node_exporter, which serves the metrics in a folder at the address that is returned. */
export function exportFolder(children: Children, folder: string): string {
  const address = freeAddress();
  const args = [
    "--collector.disable-defaults",
    "--collector.textfile",
    `--collector.textfile.directory=${folder}`,
    `--web.listen-address=${address}`,
  ];
  children.start(programPath("prometheus-node-exporter")!, { args });
  return address;
}

/** Prometheus, which scrapes each job at its address several times a second. */
export function startPrometheus(
  children: Children,
  folder: string,
  jobs: Readonly<Record<string, string>>,
): Prometheus {
  const address = freeAddress();
  const config = {
    // A scrape that takes longer is lost, and the next one makes up for it.
    global: { scrape_interval: "500ms", scrape_timeout: "500ms" },
    scrape_configs: Object.entries(jobs).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
  // JSON is YAML.
  Deno.writeTextFileSync(`${folder}/prometheus.yml`, JSON.stringify(config));
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${address}`,
  ];
  children.start(programPath("prometheus")!, { args, cwd: folder });
  return new Prometheus(address);
}

/** Nobody listens there, at this moment. */
function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

export class Prometheus {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** The first answer that is enough, or else the last one. Throws if there never was one. */
  async answer(
    query: string,
    isEnough: (series: readonly Series[]) => boolean = (series) => series.length > 0,
  ): Promise<Series[]> {
    let last: Series[] | null = null;
    let trouble: unknown;
    for (let i = 0; i < TRIES; i++) {
      try {
        last = await this.ask(query);
        if (isEnough(last)) return last;
      } catch (error) {
        // It has not begun to listen.
        trouble = error;
      }
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
    if (last) return last;
    throw new Error(`Asked ${query} in vain`, { cause: trouble });
  }

  /** What it answers now. Throws if it does not run yet. */
  async ask(query: string): Promise<Series[]> {
    const response = await fetch(`http://${this.#address}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query }),
    });
    const answer: Answer = await response.json();
    if (answer.status !== "success") throw new Error(answer.error);
    return answer.data.result.map(({ metric, value: [, value] }) => {
      const { __name__: name = "", job: _job, instance: _instance, ...labels } = metric;
      return { name, labels, value: Number(value) };
    });
  }
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
type Answer =
  | { readonly status: "error"; readonly error: string }
  | {
    readonly status: "success";
    readonly data: {
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly value: readonly [number, string];
      }[];
    };
  };
