/** A real Alertmanager on loopback, with the project's example, and the other end of its messages. */

import { example } from "./examples.ts";
import { hasProgram, programPath } from "../support.ts";
import type { Children } from "../live/processes.ts";
import { eventually, freeAddress } from "../live/prometheus.ts";

export const ALERTMANAGER = {
  "prometheus-alertmanager": hasProgram("prometheus-alertmanager"),
};

/** An alert, as a message has it. */
export interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
interface Message {
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly Alert[];
}

/** Whoever is told. */
export class Messages implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #told = new Map<string, readonly Alert[]>();

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      const { groupLabels, alerts }: Message = await request.json();
      this.#told.set(groupLabels.instance ?? "", alerts);
      return new Response();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** What was told of a machine, once something was. */
  async of(machine: string): Promise<readonly Alert[]> {
    const asked = () => Promise.resolve(this.#told.get(machine) ?? []);
    return await eventually(asked, (alerts) => alerts.length > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

export interface Alertmanager {
  readonly address: string;
  /** The names of the alerts that are not told of, because of others; once there are any. */
  readonly muted: () => Promise<readonly string[]>;
}

/** Alertmanager with the example, which tells this address. */
export function startAlertmanager(children: Children, folder: string, url: string): Alertmanager {
  const address = freeAddress();
  const config = example("alertmanager.yml", {
    "http://127.0.0.1:9095/": url,
    "group_wait: 1m": "group_wait: 1s",
  });
  Deno.writeTextFileSync(`${folder}/alertmanager.yml`, config);
  const args = [
    `--config.file=${folder}/alertmanager.yml`,
    `--storage.path=${folder}/alertmanager`,
    `--web.listen-address=${address}`,
    // Alone.
    "--cluster.listen-address=",
  ];
  children.start(programPath("prometheus-alertmanager")!, { args, cwd: folder });
  const ask = async () => {
    const response = await fetch(`http://${address}/api/v2/alerts?active=false&inhibited=true`);
    const alerts: Alert[] = await response.json();
    return alerts.map(({ labels }) => labels.alertname!);
  };
  return { address, muted: () => eventually(ask, (names) => names.length > 0) };
}
