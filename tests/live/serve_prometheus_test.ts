/** A real Prometheus scrapes `ocmem serve`, also one that wants its token. */

import assert from "node:assert/strict";
import { live, programPath, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { ocmemJson, rowOf } from "./command_line.ts";
import { HOSTILE } from "./hooks.ts";
import { Children } from "./processes.ts";
import { PROMETHEUS, Prometheus, startPrometheus } from "./prometheus.ts";
import { Served } from "./serve_started.ts";

const TOKEN = "correct-horse-battery";

live("serve: Prometheus answers with what check says of a process", {
  ...PROMETHEUS,
  ...ACTORS,
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const cwd = `${folder.path}/${HOSTILE}`;
  Deno.mkdirSync(cwd);
  const { pid, child } = await act(children, castAs(`${folder.path}/actor`), { cwd });
  // What it holds is now the same however often it is read.
  child.freeze();
  const { memory } = rowOf(await ocmemJson("check", "--pid", `${pid}`), pid);
  await using served = await Served.start(["--pid", `${pid}`, "--interval", "100ms"]);
  const jobs = { ocmem: `127.0.0.1:${served.port}` };
  const prometheus = startPrometheus(children, folder.path, jobs);
  const name = "opencode_memory_footprint_bytes";
  assert.deepEqual(await prometheus.answer(name), [
    { name, labels: { role: "pid", project: cwd }, value: memory!.footprint_bytes },
  ]);
  const [info] = await prometheus.answer("ocmem_build_info");
  assert.equal(info!.value, 1);
  const changes = "changes(opencode_last_run_timestamp_seconds[1h])";
  const [changed] = await prometheus.answer(changes, ([one]) => one !== undefined && one.value > 1);
  assert.ok(changed!.value > 1);
  assert.equal((await prometheus.ask("up"))[0]!.value, 1);
});

live("serve: Prometheus has the token, or nothing", PROMETHEUS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  await using served = await Served.start(["--pid", `${Deno.pid}`], { OCMEM_TOKEN: TOKEN });
  const targets = [{ targets: [`127.0.0.1:${served.port}`] }];
  const config = {
    global: { scrape_interval: "500ms", scrape_timeout: "500ms" },
    scrape_configs: [
      { job_name: "with", authorization: { credentials: TOKEN }, static_configs: targets },
      { job_name: "without", static_configs: targets },
    ],
  };
  Deno.writeTextFileSync(`${folder.path}/prometheus.yml`, JSON.stringify(config));
  // Prometheus picks no port itself: this one is free at this moment.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  children.start(programPath("prometheus")!, {
    args: [
      `--config.file=${folder.path}/prometheus.yml`,
      `--storage.tsdb.path=${folder.path}/data`,
      `--web.listen-address=${address}`,
    ],
    cwd: folder.path,
  });
  const prometheus = new Prometheus(address);
  assert.equal((await prometheus.answer('opencode_processes{job="with"}'))[0]!.value, 1);
  assert.equal((await prometheus.answer('up{job="without"}'))[0]!.value, 0);
  assert.deepEqual(await prometheus.ask('opencode_processes{job="without"}'), []);
});
