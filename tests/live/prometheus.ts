/** A real Prometheus and a real node_exporter on loopback, asked until they answer. */

import { hasProgram, programPath } from "../support.ts";
import type { Children } from "./processes.ts";

export const PROMETHEUS = { prometheus: hasProgram("prometheus") };
export const NODE_EXPORTER = { "prometheus-node-exporter": hasProgram("prometheus-node-exporter") };

/** How many times it is asked, and how long to wait in between: 60 s on any machine. */
const TRIES = 600;
const WAIT_MS = 100;

/** Asks until what comes is enough; else it is what came last. Throws if nothing ever came. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isEnough: (answer: T) => boolean,
): Promise<T> {
  let last: { readonly answer: T } | null = null;
  let trouble: unknown;
  for (let i = 0; i < TRIES; i++) {
    try {
      last = { answer: await ask() };
      if (isEnough(last.answer)) return last.answer;
    } catch (error) {
      // It has not begun to listen.
      trouble = error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  if (last) return last.answer;
  throw new Error("Asked in vain", { cause: trouble });
}

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
  return runPrometheus(children, folder, "prometheus.yml", [`--storage.tsdb.path=${folder}/data`]);
}

/** Prometheus with a configuration in this folder, and what else it is told. */
export function runPrometheus(
  children: Children,
  folder: string,
  config: string,
  more: readonly string[],
): Prometheus {
  const address = freeAddress();
  const args = [`--config.file=${folder}/${config}`, `--web.listen-address=${address}`, ...more];
  children.start(programPath("prometheus")!, { args, cwd: folder });
  return new Prometheus(address);
}

/** Nobody listens there, at this moment. */
export function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

/** What a rule is at the moment. */
export interface Rule {
  readonly name: string;
  /** `unknown` before it was evaluated, then `ok` or `err`. */
  readonly health: string;
  readonly lastError?: string;
}

export class Prometheus {
  readonly address: string;
  /** Given to those who ask. */
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: string, headers: Readonly<Record<string, string>> = {}) {
    this.address = address;
    this.#headers = headers;
  }

  /** The first answer that is enough, or else the last one. Throws if there never was one. */
  async answer(
    query: string,
    isEnough: (series: readonly Series[]) => boolean = (series) => series.length > 0,
  ): Promise<Series[]> {
    return await eventually(() => this.ask(query), isEnough);
  }

  /** What it answers now. Throws if it does not run yet. */
  async ask(query: string): Promise<Series[]> {
    return (await this.askWhole(query)).map(({ labels, ...rest }) => {
      const { job: _job, instance: _instance, ...own } = labels;
      return { ...rest, labels: own };
    });
  }

  /** The same with the labels of the scrape. */
  async askWhole(query: string): Promise<Series[]> {
    const { result }: Vector = await this.#fetched("query", { query });
    return result.map(({ metric: { __name__: name = "", ...labels }, value: [, value] }) => ({
      name,
      labels,
      value: Number(value),
    }));
  }

  /** The values of a label among these series. */
  async labelValues(label: string, series: string): Promise<string[]> {
    return await this.#fetched(`label/${label}/values`, { "match[]": series });
  }

  /** Every rule that it has loaded, once it was evaluated. */
  async rules(): Promise<Rule[]> {
    const ask = async () => {
      const { groups }: { groups: { rules: Rule[] }[] } = await this.#fetched("rules", {});
      return groups.flatMap(({ rules }) => rules);
    };
    return await eventually(ask, (rules) => rules.every(({ health }) => health !== "unknown"));
  }

  async #fetched<T>(path: string, form: Readonly<Record<string, string>>): Promise<T> {
    const url = `http://${this.address}/api/v1/${path}?${new URLSearchParams(form)}`;
    const response = await fetch(url, { headers: this.#headers });
    const answer: Answer<T> = await response.json();
    if (answer.status !== "success") throw new Error(answer.error);
    return answer.data;
  }
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
type Answer<T> =
  | { readonly status: "error"; readonly error: string }
  | { readonly status: "success"; readonly data: T };

interface Vector {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}
