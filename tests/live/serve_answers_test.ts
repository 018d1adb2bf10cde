/** The real server: what it answers about a process, by every address. */

import assert from "node:assert/strict";
import { closedValidator, SCHEMAS } from "../schema/schemas.ts";
import { eventsIn } from "../serve/event_source.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { get } from "../world/connecting.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { fed } from "./fed.ts";
import { Children } from "./processes.ts";
import { Served } from "./serve_started.ts";

const TOKEN = "correct-horse-battery";
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const NAMED = ["--pid", `${Deno.pid}`, "--interval", "100ms"];

live("serve: every address answers, from a free port that it tells", {}, async () => {
  await using served = await Served.start(NAMED);
  assert.ok(served.port > 0);
  const page = await served.get("/");
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(
    page.headers.get("content-security-policy")!,
    /script-src 'sha256-.*frame-ancestors/,
  );
  assert.match(await page.text(), /^<!DOCTYPE html>[^]*"type":"history"/);
  const report = JSON.parse(await served.text("/api/report"));
  assert.equal(closedValidator(SCHEMAS.report!)(report), null);
  assert.equal(report.instances[0].processes[0].pid, Deno.pid);
  const history = JSON.parse(await served.text("/api/history?since=1h"));
  assert.equal(closedValidator(SCHEMAS.history!)(history), null);
  assert.equal(history.instances[0].pid, Deno.pid);
  assert.equal(JSON.parse(await served.text("/healthz")).healthy, true);
  for (const path of ["/nope", "/favicon.ico"]) {
    const response = await served.get(path);
    assert.deepEqual([response.status, (await response.json()).status], [404, 404]);
  }
  const wrong = await served.get("/api/history?sinc=1h");
  assert.equal(wrong.status, 400);
  assert.match((await wrong.json()).message, /parameter "sinc": there are since, until/);
});

live("serve: promtool has nothing to say of its metrics", {
  promtool: hasProgram("promtool"),
}, async () => {
  await using served = await Served.start(NAMED);
  const text = await served.text("/metrics");
  assert.match(text, /^opencode_processes\{role="pid",project="[^"]+"\} 1$/m);
  assert.deepEqual(await fed("promtool", ["check", "metrics"], text), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

live(
  "serve: looks arrive one after the other, and a reader that comes again goes on",
  {},
  async () => {
    await using served = await Served.start(NAMED);
    using reader = await served.connect();
    await reader.send(get("/events"));
    let heard = "";
    while (eventsIn(heard).length < 4) heard += await reader.next();
    const [head = ""] = heard.split("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n/);
    const looks = eventsIn(heard).map(({ data }) => JSON.parse(data));
    for (const [i, { at, instances }] of looks.entries()) {
      assert.ok(i === 0 || at > looks[i - 1].at);
      assert.deepEqual([instances[0].pid, instances[0].processes[0].command_line], [
        Deno.pid,
        null,
      ]);
      assert.ok(instances[0].bytes > 1024 * 1024);
    }
    using again = await served.connect();
    await again.send(get("/events", `Last-Event-ID: ${looks.at(-1).at}\r\n`));
    const next = eventsIn(await again.until("event: look\n") + await again.until("\n\n"));
    assert.ok(next.every(({ data }) => JSON.parse(data).at > looks.at(-1).at));
  },
);

live("serve: command lines with the token alone, by header, or by cookie", {
  ...ACTORS,
  curl: hasProgram("curl"),
}, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const { pid } = await act(children, castAs(`${folder.path}/actor`), {
    args: ["--open", "sesame"],
  });
  const args = ["--pid", `${pid}`, "--interval", "100ms"];
  await using open = await Served.start(args);
  await using locked = await Served.start(args, { OCMEM_TOKEN: TOKEN });
  for (const path of ["/", "/api/report", "/api/history", "/metrics"]) {
    assert.doesNotMatch(await open.text(path), /sesame/);
    const refused = await locked.get(path);
    assert.equal(refused.status, 401);
    assert.doesNotMatch(await refused.text(), /sesame|actor/);
  }
  for (const path of ["/", "/api/report", "/api/history"]) {
    assert.match(await locked.text(path, AUTHORIZED), /"--open",\s*"sesame"/);
  }
  const jar = `${folder.path}/jar`;
  const curl = ["--silent", "--location", "--cookie", jar, "--cookie-jar", jar, "--max-time", "60"];
  const entered = await fed("curl", [...curl, `${locked.url}/?token=${TOKEN}`], "");
  assert.match(entered.stdout, /^<!DOCTYPE html>[^]*sesame/);
  assert.match(
    Deno.readTextFileSync(jar),
    new RegExp(`#HttpOnly_127.0.0.1\t.*\tocmem-${locked.port}\t`),
  );
  assert.ok(!Deno.readTextFileSync(jar).includes(TOKEN));
  const later = await fed("curl", [...curl, `${locked.url}/api/report`], "");
  assert.match(later.stdout, /sesame/);
  locked.running.kill("SIGTERM");
  const { stdout, stderr } = await locked.running.outcome();
  assert.equal(stdout + stderr, `Serving on ${locked.url}/\n`);
});
