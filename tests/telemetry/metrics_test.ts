/** src/telemetry for real: a process of its own, Deno's exporter, and a collector that takes what it sends. */

import assert from "node:assert/strict";
import { type Family, gauge, type Labels } from "../../src/report/metric_family.ts";
import { wantsExport } from "../../src/telemetry/wanted.ts";
import { finished, type Outcome } from "../live/command_line.ts";
import { live, ROOT } from "../support.ts";
import { briefly, Collector, OFTEN, resourceOf } from "./collector.ts";

type Env = Readonly<Record<string, string>>;

const EXPORTER = ["run", "--no-prompt", `${ROOT}tests/telemetry/exporter.ts`];
const ON: Env = { OTEL_DENO: "true" };

function footprints(...samples: readonly (readonly [Labels, number])[]): Family {
  const help = "What they hold.";
  const values = samples.map(([labels, value]) => ({ labels, value }));
  return gauge("opencode_memory_footprint_bytes", help, values);
}

function counts(value: number): Family {
  return gauge("opencode_instances", "How many.", [{ labels: { role: "", project: "" }, value }]);
}

async function exportedOnce(families: readonly Family[], env: Env): Promise<Outcome> {
  return await finished(Deno.execPath(), [...EXPORTER, "once", JSON.stringify(families)], env);
}

/** Text that means something to somebody. */
const HOSTILE = '/tmp/"} 1\n<img src=x> 🦊\ud800';

live("what a process that ends at once was told arrives, whole", {}, async () => {
  await using collector = new Collector();
  const families = [footprints([{ role: "tui", project: HOSTILE }, 2 ** 53 - 1]), counts(0)];
  const ran = await exportedOnce(families, { ...collector.env, ...ON });
  assert.deepEqual(ran, { code: 0, stdout: "", stderr: "" });
  assert.deepEqual(collector.exports(), [[
    {
      name: "opencode.memory.footprint",
      unit: "By",
      description: "What they hold.",
      // Half a character is none: it is replaced, as in UTF-8.
      attributes: { role: "tui", project: HOSTILE.replace("\ud800", "\ufffd") },
      value: 2 ** 53 - 1,
    },
    {
      name: "opencode.instances",
      unit: "{instance}",
      description: "How many.",
      attributes: {},
      value: 0,
    },
  ]]);
  const [delivery] = collector.deliveries;
  assert.equal(delivery!.type, "application/json");
});

live("of the process, its arguments and its environment nothing else is told", {}, async () => {
  await using collector = new Collector();
  const env = { ...collector.env, ...ON, SECRET: "hunter2", OTEL_SERVICE_NAME: "ocmem" };
  await exportedOnce([counts(1)], env);
  for (const { path, text } of collector.deliveries) {
    assert.equal(path, "/v1/metrics");
    for (const secret of ["hunter2", ROOT, "exporter.ts", "no-prompt"]) {
      assert.ok(!text.includes(secret), secret);
    }
  }
  assert.deepEqual(Object.keys(resourceOf(collector.deliveries[0]!)).sort(), [
    "process.runtime.name",
    "process.runtime.version",
    "service.name",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
  ]);
});

live("protobuf, which is what Deno sends if nothing is said, arrives too", {}, async () => {
  await using collector = new Collector();
  for (const OTEL_EXPORTER_OTLP_PROTOCOL of ["", "http/protobuf"]) {
    await exportedOnce([counts(7)], { ...collector.env, ...ON, OTEL_EXPORTER_OTLP_PROTOCOL });
    const { path, type, text } = collector.deliveries.pop()!;
    assert.deepEqual([path, type], ["/v1/metrics", "application/x-protobuf"]);
    assert.ok(text.includes("opencode.instances"));
  }
});

live("what is gone is exported no more, what is new or changed is", {}, async () => {
  await using collector = new Collector();
  const [a, b, c] = ["/a", "/b", "/c"].map((project) => ({ role: "tui", project }));
  const command = new Deno.Command(Deno.execPath(), {
    args: [...EXPORTER, "again"],
    env: { ...collector.env, ...OFTEN, ...ON },
    stdin: "piped",
    stdout: "null",
  });
  await using process = command.spawn();
  const writer = process.stdin.getWriter();
  const show = async (...families: Family[]) => {
    await writer.write(new TextEncoder().encode(`${JSON.stringify(families)}\n`));
  };
  const become = async (...points: string[]) => {
    const wanted = points.sort().join("\n");
    await collector.next((found) => briefly(found).join("\n") === wanted);
  };
  const memory = "opencode.memory.footprint";
  await show(footprints([a!, 1], [b!, 2]));
  await become(
    `${memory} {"project":"/a","role":"tui"} 1`,
    `${memory} {"project":"/b","role":"tui"} 2`,
  );
  await show(footprints([b!, 3]), counts(1));
  await become(`${memory} {"project":"/b","role":"tui"} 3`, `opencode.instances {} 1`);
  await show(counts(0));
  await become("opencode.instances {} 0");
  await show(footprints([c!, 4]));
  await become(`${memory} {"project":"/c","role":"tui"} 4`);
  await writer.close();
  assert.equal((await process.status).code, 0);
});

const VALUES = [undefined, "true", "TRUE", "false", "1", "yes", ""];

live("it is asked for where Deno takes it as asked for", {}, async () => {
  for (const all of VALUES) {
    for (const metrics of [undefined, "True", "false", "1"]) {
      await using collector = new Collector();
      const env: Record<string, string> = {};
      if (all !== undefined) env.OTEL_DENO = all;
      if (metrics !== undefined) env.OTEL_DENO_METRICS = metrics;
      await exportedOnce([counts(1)], { ...collector.env, ...env });
      const isExported = collector.exports().length > 0;
      assert.equal(wantsExport((name) => env[name]), isExported, JSON.stringify(env));
    }
  }
});

live("a collector that is not there, or never answers, keeps no process", {}, async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const silent = `http://127.0.0.1:${listener.addr.port}`;
  // Nobody can listen there: https://www.rfc-editor.org/rfc/rfc6335, port 0 is reserved.
  for (const endpoint of ["http://127.0.0.1:0", "http://collector.invalid:4318", silent]) {
    const env = { ...ON, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: "100" };
    const ran = await exportedOnce([counts(1)], env);
    assert.deepEqual(ran, { code: 0, stdout: "", stderr: "" }, endpoint);
  }
});
