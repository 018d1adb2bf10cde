/** The real command line with Deno's own OpenTelemetry exporter, and a collector that takes what it sends. */

import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import { live, temporaryFolder } from "../support.ts";
import { briefly, Collector, OFTEN, type Point } from "../telemetry/collector.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished, ocmemStarted, type Outcome, rowOf } from "./command_line.ts";
import { documented, FROM_SOURCE } from "./program.ts";
import { HOSTILE } from "./hooks.ts";
import { Children } from "./processes.ts";
import { Served } from "./serve_started.ts";

const ON = { OTEL_DENO: "true" } as const;

async function ocmemWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> {
  const [program, ...words] = documented();
  return await finished(program, [...words, ...args], env);
}

/** Two processes, each in a project of its own. */
async function twoActors(children: Children, folder: string) {
  const projects = [HOSTILE, "plain"].map((name) => `${folder}/${name}`);
  return await Promise.all(projects.map(async (cwd, i) => {
    Deno.mkdirSync(cwd);
    return { cwd, ...await act(children, castAs(`${folder}/actor${i}`), { cwd }) };
  }));
}

function ofName(points: readonly Point[], name: string): Point[] {
  return points.filter((point) => point.name === name);
}

live("a check exports what its own JSON says", ACTORS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  await using collector = new Collector();
  const actors = await twoActors(children, folder.path);
  const pids = actors.flatMap(({ pid }) => ["--pid", `${pid}`]);
  const env = { ...collector.env, ...ON };
  const ran = await ocmemWith(env, "check", "--json", "--warning", "1B", ...pids);
  assert.deepEqual([ran.code, ran.stderr], [1, ""]);
  const document = JSON.parse(ran.stdout);
  const [points, ...more] = collector.exports();
  assert.equal(more.length, 0);
  const expected = actors.flatMap(({ pid, cwd }) => {
    const { memory } = rowOf(document, pid);
    const attributes = { role: "pid", project: cwd };
    return [
      { name: "opencode.memory.footprint", attributes, value: memory!.footprint_bytes },
      { name: "opencode.memory.resident", attributes, value: memory!.resident_bytes },
      { name: "opencode.instance_level", attributes, value: 1 },
      { name: "opencode.processes", attributes, value: 1 },
    ];
  });
  const named = expected.map(({ name }) => name);
  const found = points!.filter(({ name }) => named.includes(name));
  const whole = (point: object) => ({ unit: "", description: "", ...point }) as Point;
  assert.deepEqual(briefly(found), briefly(expected.map(whole)));
  assert.deepEqual(ofName(points!, "opencode.level").map(({ value }) => value), [1]);
  assert.deepEqual(ofName(points!, "ocmem.build_info").map(({ attributes }) => attributes), [
    { version: denoJson.version, os: Deno.build.os, arch: Deno.build.arch },
  ]);
  assert.ok(collector.deliveries.every(({ path }) => path === "/v1/metrics"));
  const told = collector.deliveries.map(({ text }) => text).join();
  assert.ok(!told.includes("actor0"), "a command line has left the machine");
});

live("a check of nothing exports that, and its level is the exit code", {}, async () => {
  await using collector = new Collector();
  const env = { ...collector.env, ...ON };
  const ran = await ocmemWith(env, "check", "--json", "--none", "critical");
  const count = JSON.parse(ran.stdout).instances.length;
  const [points] = collector.exports();
  const counted = ofName(points!, "opencode.instances").map(({ value }) => value);
  assert.equal(counted.reduce((sum, value) => sum + value), count);
  if (count === 0) assert.equal(ran.code, 2);
  assert.deepEqual(ofName(points!, "opencode.level").map(({ value }) => value), [ran.code]);
});

live(
  "nothing leaves the machine, and no package of it is loaded, without being asked for",
  FROM_SOURCE,
  async () => {
    using folder = temporaryFolder();
    await using collector = new Collector();
    // The package as a trap, which ends whoever loads it.
    const code = 'export const metrics = null; throw new Error("The trap is loaded");';
    const trap = `data:text/javascript,${encodeURIComponent(code)}`;
    const imports = { ...denoJson.imports, "@opentelemetry/api": trap };
    const config = `${folder.path}/deno.json`;
    Deno.writeTextFileSync(config, JSON.stringify({ nodeModulesDir: "none", imports }));
    const [program, run, ...words] = documented();
    const trapped = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      await finished(program, [run!, "--no-lock", "--config", config, ...words, ...args], {
        ...collector.env,
        ...env,
      });
    for (const args of [["check"], ["list"], ["watch", "--count", "1", "--format", "log"]]) {
      assert.equal((await trapped({}, ...args)).stderr, "", args.join(" "));
    }
    assert.deepEqual(collector.deliveries, []);
    assert.match((await trapped(ON, "check")).stderr, /The trap is loaded/);
  },
);

live("watching exports what runs, and no more what is gone", ACTORS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  await using collector = new Collector();
  const [first, second] = await twoActors(children, folder.path);
  const pids = [first!, second!].flatMap(({ pid }) => ["--pid", `${pid}`]);
  await using watch = ocmemStarted(["watch", "--json", "--interval", "100ms", ...pids], {
    env: { ...collector.env, ...OFTEN, ...ON },
  });
  const projects = (points: readonly Point[]) =>
    ofName(points, "opencode.memory.footprint").map(({ attributes }) => attributes.project).sort();
  const both = [first!.cwd, second!.cwd].sort();
  await collector.next((points) => projects(points).join() === both.join());
  await first!.child.end();
  await collector.next((points) => projects(points).join() === second!.cwd);
  watch.kill("SIGTERM");
  assert.equal((await watch.outcome()).code, 0);
});

live("what is exported in the moment of the end keeps no process", {}, async () => {
  await using collector = new Collector();
  // An export begins every millisecond, so one is under way whenever the process ends.
  const env = { ...collector.env, ...ON, OTEL_METRIC_EXPORT_INTERVAL: "1" };
  for (let i = 0; i < 5; i++) {
    const ran = await ocmemWith(env, "watch", "--json", "--interval", "20ms", "--count", "3");
    assert.deepEqual([ran.code, ran.stderr], [0, ""]);
  }
  assert.ok(collector.exports().length > 0);
});

live(
  "metrics alone: neither the token of serve nor the arguments leave the machine",
  {},
  async () => {
    await using collector = new Collector();
    const token = "correct-horse-battery";
    const env = { ...collector.env, ...OFTEN, OTEL_DENO_METRICS: "true", OCMEM_TOKEN: token };
    await using served = await Served.start(["--pid", `${Deno.pid}`], env);
    const welcome = await served.get(`/?token=${token}`);
    assert.deepEqual([welcome.status, await welcome.text()], [303, ""]);
    await collector.next((points) => ofName(points, "opencode.processes")[0]?.value === 1);
    served.running.kill("SIGTERM");
    assert.equal((await served.running.outcome()).code, 0);
    assert.ok(collector.deliveries.every(({ path }) => path === "/v1/metrics"));
    const told = collector.deliveries.map(({ text }) => text).join();
    for (const secret of [token, "--pid", "main.ts"]) assert.ok(!told.includes(secret), secret);
  },
);
