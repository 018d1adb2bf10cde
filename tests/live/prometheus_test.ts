/** `check --format prometheus` for real: node_exporter takes the file, Prometheus answers with the values. */

import assert from "node:assert/strict";
import { isDeepStrictEqual as isSame } from "node:util";
import fc from "fast-check";
import { metricFamilies } from "../../src/report/metrics.ts";
import { formatOpenMetrics } from "../../src/report/openmetrics.ts";
import { formatPrometheus } from "../../src/report/prometheus.ts";
import type { Report } from "../../src/report/report.ts";
import { NOW_MS } from "../fake.ts";
import { reportOf, reports, STYLE } from "../report/metric_reports.ts";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { ocmem, ocmemJson, rowOf } from "./command_line.ts";
import { HOSTILE } from "./hooks.ts";
import { Children } from "./processes.ts";
import {
  exportFolder,
  NODE_EXPORTER,
  PROMETHEUS,
  type Series,
  startPrometheus,
} from "./prometheus.ts";

/** As the README says how to serve it. */
const CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

live("Prometheus answers with what check says of two processes, by node_exporter's folder", {
  ...PROMETHEUS,
  ...NODE_EXPORTER,
  ...ACTORS,
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const [metrics, ...places] = ["metrics", HOSTILE, `${HOSTILE}}"} 1 # {`].map((name) => {
    Deno.mkdirSync(`${folder.path}/${name}`);
    return `${folder.path}/${name}`;
  });
  const pids: number[] = [];
  for (const cwd of places) {
    const { pid, child } = await act(children, castAs(`${folder.path}/actor${pids.length}`), {
      cwd,
    });
    // What it holds is now the same however often it is read.
    child.freeze();
    pids.push(pid);
  }
  const args = ["check", "--warning", "1B", ...pids.flatMap((pid) => ["--pid", `${pid}`])];
  const document = await ocmemJson(...args);
  const ran = await ocmem(...args, "--format", "prometheus", "--label", "pid");
  assert.deepEqual([ran.code, ran.stderr], [1, ""]);
  Deno.writeTextFileSync(`${metrics}/opencode.prom`, ran.stdout);

  const address = exportFolder(children, metrics!);
  const prometheus = startPrometheus(children, folder.path, { node: address });
  for (const [i, pid] of pids.entries()) {
    const { memory } = rowOf(document, pid);
    for (
      const [name, value] of [
        ["opencode_memory_footprint_bytes", memory!.footprint_bytes],
        ["opencode_memory_resident_bytes", memory!.resident_bytes],
      ] as const
    ) {
      const labels = { role: "pid", project: places[i]!, pid: `${pid}` };
      // A string of JSON is one of PromQL.
      const query = `${name}{project=${JSON.stringify(places[i])}}`;
      assert.deepEqual(await prometheus.answer(query), [{ name, labels, value }]);
    }
  }
  const level = { name: "opencode_level", labels: {}, value: 1 };
  assert.deepEqual(await prometheus.answer("opencode_level"), [level]);
  const [limit] = await prometheus.answer('opencode_memory_limit_bytes{level="warning"}');
  assert.deepEqual(limit!.labels, { level: "warning", scope: "process" });
  assert.equal(limit!.value, 1);
  const [run] = await prometheus.answer("time() - opencode_last_run_timestamp_seconds");
  assert.ok(run!.value >= 0 && run!.value < 3600);
  const [error] = await prometheus.answer("node_textfile_scrape_error");
  assert.equal(error!.value, 0);
});

/** What Prometheus should have of a Report. A label without a value is for it no label. */
function seriesOf(report: Report): Series[] {
  return metricFamilies(report, STYLE).flatMap(({ name, type, samples }) =>
    samples.map(({ labels, value }) => ({
      name: type === "info" ? `${name}_info` : name,
      labels: Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== "")),
      value,
    }))
  );
}

function sorted(series: readonly Series[]): string[] {
  return series.map(({ name, labels, value }) =>
    JSON.stringify([name, Object.entries(labels).sort(), value])
  ).sort();
}

live("Prometheus takes every series of any Report, by either format, and nothing from nowhere", {
  ...PROMETHEUS,
  ...NODE_EXPORTER,
}, async () => {
  using folder = temporaryFolder();
  const [metrics, place] = ["metrics", "place"].map((name) => `${folder.path}/${name}`);
  for (const each of [metrics!, place!]) Deno.mkdirSync(each);
  let served = "";
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(served, { headers: { "content-type": CONTENT_TYPE } }),
  );
  await using children = new Children();
  const prometheus = startPrometheus(children, place!, {
    classic: exportFolder(children, metrics!),
    openmetrics: `127.0.0.1:${server.addr.port}`,
  });
  // The first and the last are empty: what was there has to go.
  const machines = [
    reportOf([]),
    ...fc.sample(reports, { numRuns: 3, seed: 7 }),
    reportOf([]),
  ].map((report, i) => ({ ...report, takenAtMs: NOW_MS + i }));
  for (const report of machines) {
    served = formatOpenMetrics(report, STYLE);
    Deno.writeTextFileSync(`${metrics}/new`, formatPrometheus(report, STYLE));
    Deno.renameSync(`${metrics}/new`, `${metrics}/opencode.prom`);
    const expected = sorted(seriesOf(report));
    for (const job of ["classic", "openmetrics"]) {
      // All of a scrape comes at once, and none of the machine before is left.
      const all = `{job="${job}",__name__=~"opencode_.+|ocmem_.+"}`;
      const found = await prometheus.answer(all, (one) => isSame(sorted(one), expected));
      assert.deepEqual(sorted(found), expected, job);
      const none = `sum(opencode_instances{job="${job}"}) == 0`;
      if (report.instances.length === 0) assert.equal((await prometheus.answer(none)).length, 1);
      else assert.deepEqual(await prometheus.ask(none), []);
    }
  }
});
