/**
 * The whole way for real, with the examples of monitoring/: from `check` and `serve` to Prometheus, its
 * rules and Alertmanager; and what the dashboard asks.
 */

import assert from "node:assert/strict";
import { ALERTMANAGER, Messages, startAlertmanager } from "../monitoring/alertmanager.ts";
import { all, dashboard, substituted } from "../monitoring/dashboard.ts";
import { example, impatientRules } from "../monitoring/examples.ts";
import { twoActors } from "../monitoring/machine.ts";
import { live, temporaryFolder } from "../support.ts";
import { NEEDS as ACTORS } from "./actor.ts";
import { ocmem } from "./command_line.ts";
import { Children } from "./processes.ts";
import {
  exportFolder,
  NODE_EXPORTER,
  PROMETHEUS,
  Prometheus,
  runPrometheus,
  type Series,
} from "./prometheus.ts";
import { Served } from "./serve_started.ts";

const TOKEN = "correct-horse-battery";
/** Whatever runs is over both. */
const LIMITS = ["--warning", "1B", "--critical", "2B"];

live("from a check over the limit to the message of Alertmanager, and on the dashboard", {
  ...PROMETHEUS,
  ...NODE_EXPORTER,
  ...ALERTMANAGER,
  ...ACTORS,
}, async () => {
  using folder = temporaryFolder();
  await using messages = new Messages();
  await using children = new Children();
  const { path } = folder;
  const { pids, bytes, projects } = await twoActors(children, path);
  Deno.mkdirSync(`${path}/metrics`);
  const file = `${path}/metrics/opencode.prom`;
  const check = ["check", ...pids, "--format", "prometheus", "--output", file];
  const ran = await ocmem(...check, ...LIMITS);
  assert.deepEqual([ran.code, ran.stderr], [2, ""]);
  await using served = await Served.start([...pids, ...LIMITS], { OCMEM_TOKEN: TOKEN });
  const machines = [exportFolder(children, `${path}/metrics`), `127.0.0.1:${served.port}`];
  const alertmanager = startAlertmanager(children, path, messages.url);
  const config = example("prometheus.yml", {
    "scrape_interval: 1m": "scrape_interval: 500ms",
    "evaluation_interval: 1m": "evaluation_interval: 500ms",
    '"build-1:9100", "build-2:9100"': `"${machines[0]}"`,
    "mac-mini:4097": machines[1]!,
    "127.0.0.1:9093": alertmanager.address,
  });
  Deno.writeTextFileSync(`${path}/prometheus.yml`, config);
  Deno.writeTextFileSync(`${path}/alerts.yml`, impatientRules());
  Deno.writeTextFileSync(`${path}/ocmem-token`, `${TOKEN}\n`);
  const prometheus = runPrometheus(children, path, "prometheus.yml", [
    `--storage.tsdb.path=${path}/data`,
  ]);

  // Both are over both limits: the message tells of the critical one alone.
  for (const machine of machines) {
    const alerts = await messages.of(machine);
    assert.deepEqual(alerts.map(({ labels }) => labels.alertname), [
      "OpenCodeOverCriticalLimit",
      "OpenCodeOverCriticalLimit",
    ]);
    const summaries = projects.map((project) =>
      `OpenCode (pid) in ${project} on ${machine} is over its critical memory limit`
    );
    assert.deepEqual(alerts.map(({ annotations }) => annotations.summary).sort(), summaries.sort());
  }
  const muted = await alertmanager.muted();
  assert.deepEqual(new Set(muted), new Set(["OpenCodeOverWarningLimit"]));
  for (const { name, health, lastError } of await prometheus.rules()) {
    assert.equal(health, "ok", `${name}: ${lastError}`);
  }

  await expectPanels(prometheus, machines, projects, bytes);

  // Within its limits again.
  assert.equal((await ocmem(...check)).code, 0);
  const firing = `ALERTS{alertstate="firing", instance="${machines[0]}"}`;
  assert.deepEqual(await prometheus.answer(firing, (series) => series.length === 0), []);
});

/** Asks what Grafana would ask. */
async function expectPanels(
  prometheus: Prometheus,
  machines: readonly string[],
  projects: readonly string[],
  bytes: number,
): Promise<void> {
  const board = dashboard();
  const asked = async (values: Readonly<Record<string, string>>) => {
    const answers = new Map<string, Series[]>();
    for (const { title, targets } of board.panels) {
      for (const { expr, refId } of targets) {
        const query = substituted(expr, values);
        const series = await prometheus.askWhole(query);
        // Nobody is orphaned here.
        assert.equal(series.length > 0, title !== "Orphans", `${title}: ${query}`);
        answers.set(`${title} ${refId}`, series);
      }
    }
    return answers;
  };
  const everything = await asked(all(board));
  const byMachine = everything.get("Footprint by machine A")!;
  assert.deepEqual(
    byMachine.map(({ labels, value }) => [labels.instance, value]).sort(),
    machines.map((instance) => [instance, bytes]).sort(),
  );
  assert.deepEqual(everything.get("Worst level A")!.map(({ value }) => value), [2]);
  assert.deepEqual(everything.get("Machines A")!.map(({ value }) => value), [2]);
  for (const { value } of everything.get("Share of the machine's memory A")!) {
    assert.ok(value > 0 && value < 1);
  }
  // One machine and one project, quoted as Grafana quotes them.
  const chosen = { instance: machines[1]!, role: "pid", project: projects[0]! };
  const quoted = Object.entries(chosen).map(([name, value]) => [name, asPattern(value)]);
  const one = await asked({ ...all(board), ...Object.fromEntries(quoted) });
  assert.deepEqual(
    one.get("Largest projects A")!.map(({ labels }) => labels),
    [chosen],
  );
  await expectChoices(prometheus, machines, projects);
}

/** What the variables offer. */
async function expectChoices(
  prometheus: Prometheus,
  machines: readonly string[],
  projects: readonly string[],
): Promise<void> {
  const board = dashboard();
  const offered: Record<string, string[]> = {};
  for (const { name, query } of board.templating.list) {
    if (typeof query === "string") continue;
    const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(query.query)!;
    offered[name] = await prometheus.labelValues(label!, substituted(series!, all(board)));
  }
  assert.deepEqual(offered, {
    instance: machines.toSorted(),
    role: ["pid"],
    project: projects.toSorted(),
  });
}

/** A value as a regular expression that is it alone, in a string of PromQL. */
function asPattern(value: string): string {
  return JSON.stringify(value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).slice(1, -1);
}
