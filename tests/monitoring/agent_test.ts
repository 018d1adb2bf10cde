/** A machine that can't be scraped: an agent there scrapes it, and pushes to a Prometheus that receives. */

import assert from "node:assert/strict";
import { NEEDS as ACTORS } from "../live/actor.ts";
import { Children } from "../live/processes.ts";
import { eventually, PROMETHEUS, Prometheus, runPrometheus } from "../live/prometheus.ts";
import { Served } from "../live/serve_started.ts";
import { live, temporaryFolder } from "../support.ts";
import { example } from "./examples.ts";
import { twoActors } from "./machine.ts";

const PASSWORD = "correct horse";
/** bcrypt of the password, as `htpasswd -nB` makes it; at the lowest cost. */
const HASH = "$2b$04$n1oU1GkuNVVylX5dnYaP4es5Nbs3vyeH0tQsCgE.pcKhdKqbTz/hK";

/** A Prometheus that takes what is pushed, from those who know the password. */
function startReceiver(children: Children, folder: string): Prometheus {
  Deno.writeTextFileSync(`${folder}/receiver.yml`, "global: {}\n");
  const users = { basic_auth_users: { ocmem: HASH } };
  Deno.writeTextFileSync(`${folder}/web.yml`, JSON.stringify(users));
  const { address } = runPrometheus(children, folder, "receiver.yml", [
    `--storage.tsdb.path=${folder}/received`,
    "--web.enable-remote-write-receiver",
    `--web.config.file=${folder}/web.yml`,
  ]);
  return new Prometheus(address, { authorization: `Basic ${btoa(`ocmem:${PASSWORD}`)}` });
}

/** Starts the agent of the example. */
function startAgent(children: Children, folder: string, scraped: string, receiver: string): void {
  const config = example("prometheus-agent.yml", {
    "scrape_interval: 1m": "scrape_interval: 500ms",
    "127.0.0.1:4097": scraped,
    "https://prometheus.example.com:9090": `http://${receiver}`,
    // Not after 5 seconds only.
    "write_relabel_configs:":
      "queue_config: { batch_send_deadline: 100ms }\n    write_relabel_configs:",
  });
  Deno.writeTextFileSync(`${folder}/agent.yml`, config);
  Deno.writeTextFileSync(`${folder}/ocmem-password`, PASSWORD);
  runPrometheus(children, folder, "agent.yml", [
    "--enable-feature=agent",
    `--storage.agent.path=${folder}/agent`,
  ]);
}

live(
  "what an agent scrapes arrives at the Prometheus that it pushes to, under the machine's name",
  {
    ...PROMETHEUS,
    ...ACTORS,
  },
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const { pids, bytes, projects } = await twoActors(children, folder.path);
    await using served = await Served.start(pids);
    const receiver = startReceiver(children, folder.path);
    startAgent(children, folder.path, `127.0.0.1:${served.port}`, receiver.address);

    const query = "sum by (instance, job) (opencode_memory_footprint_bytes)";
    const found = await eventually(() => receiver.askWhole(query), (series) => series.length > 0);
    const labels = { instance: "anns-laptop", job: "opencode" };
    assert.deepEqual(found, [{ name: "", labels, value: bytes }]);
    const sent = await receiver.labelValues("project", "opencode_instances");
    assert.deepEqual(sent, projects.toSorted());
    // Whether it could scrape comes along, what else it knows of that does not.
    assert.equal((await receiver.answer("up"))[0]!.value, 1);
    const names = await receiver.labelValues("__name__", "{instance!=''}");
    assert.deepEqual(names.filter((name) => !/^(?:opencode|ocmem)_/.test(name)), ["up"]);
  },
);
