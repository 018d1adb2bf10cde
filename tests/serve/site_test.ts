/** What each address answers. */

import assert from "node:assert/strict";
import { formatJson } from "../../src/report/json.ts";
import { formatOpenMetrics } from "../../src/report/openmetrics.ts";
import { formatPrometheus } from "../../src/report/prometheus.ts";
import { discreetReport } from "../../src/serve/discreet.ts";
import { NOW_MS } from "../fake.ts";
import { STYLE } from "../report/metric_reports.ts";
import { pure } from "../support.ts";
import { json, reportWith, request, Stand, text, TOKEN } from "./asking.ts";

const PATHS = ["/", "/events", "/api/report", "/api/history", "/metrics", "/healthz"];

pure("each address has its type, and says that it exists", async () => {
  const stand = await Stand.seen();
  const types = {
    "/": "text/html; charset=utf-8",
    "/events": "text/event-stream",
    "/api/report": "application/json",
    "/api/history": "application/json",
    "/metrics": "text/plain; version=0.0.4; charset=utf-8",
    "/healthz": "application/json",
  };
  for (const [path, type] of Object.entries(types)) {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await stand.site.answer(request(path, {}, method));
      assert.deepEqual([status, headers["Content-Type"]], [200, type], path);
    }
  }
});

pure("everything else is not there, and the answer tells what is", async () => {
  const stand = await Stand.seen();
  const paths = [
    ...["/x", "/api", "/api/", "/api/report/", "/API/report", "/favicon.ico", "//", "/index.html"],
    ...["/%2e%2e/etc/passwd", "/../api/report", "/api//report", "/constructor", "/events/"],
    ...["/metrics;x", "/healthz#x", "/%61pi/report", "*", "x"],
  ];
  for (const path of paths) {
    const answer = await stand.get(path);
    assert.equal(answer.status, 404, path);
    const { type, status, message } = json(answer);
    assert.deepEqual([type, status], ["error", 404]);
    for (const there of PATHS) assert.ok(message.includes(there));
  }
});

pure("all answers forbid the same, and none may be read by another site", async () => {
  const stand = await Stand.seen();
  const locked = await Stand.seen({}, undefined, true);
  const early = await Stand.of();
  const answers = [
    ...await Promise.all([...PATHS, "/nope", "/api/history?x=y"].map((path) => stand.get(path))),
    ...await Promise.all(PATHS.map((path) => locked.get(path))),
    ...await Promise.all(PATHS.map((path) => early.get(path))),
    await locked.get(`/?token=${TOKEN}`),
    await stand.get("/", { host: "evil.example" }),
    await stand.site.answer(request("/", {}, "OPTIONS")),
    await stand.get(`/${"x".repeat(3000)}`),
  ];
  for (const { status, headers } of answers) {
    assert.equal(headers["X-Content-Type-Options"], "nosniff");
    assert.equal(headers["Referrer-Policy"], "no-referrer");
    assert.equal(headers["Cache-Control"], "no-store");
    assert.equal(headers["Cross-Origin-Resource-Policy"], "same-origin");
    assert.equal(headers["X-Frame-Options"], "DENY");
    assert.match(headers["Content-Security-Policy"]!, /^default-src 'none'; (frame-ancestors|x)/);
    const names = Object.keys(headers).join();
    assert.doesNotMatch(names, /access-control/i, String(status));
  }
});

pure("the report is check's own document, of the last look, without command lines", async () => {
  const report = reportWith(["opencode", "--hush"]);
  const stand = await Stand.seen({}, report);
  const answer = await stand.get("/api/report");
  assert.equal(text(answer), formatJson(discreetReport(report)));
  const [{ processes: [{ command_line }] }] = json(answer).instances;
  assert.equal(command_line, null);
  stand.show({ report: { ...report, takenAtMs: NOW_MS + 1 } });
  assert.equal(json(await stand.get("/api/report")).taken_at, "2026-01-02T03:04:05.001Z");
});

pure("metrics come in the format that is asked for", async () => {
  const report = reportWith(["opencode"]);
  const stand = await Stand.seen({}, report);
  assert.equal(text(await stand.get("/metrics")), formatPrometheus(report, STYLE));
  const open = await stand.get("/metrics", { accept: "application/openmetrics-text" });
  assert.equal(
    open.headers["Content-Type"],
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  assert.equal(text(open), formatOpenMetrics(report, STYLE));
});

pure("history: until the last look and with it, and mistakes are 400", async () => {
  const stand = await Stand.seen();
  stand.nowMs += 5000;
  const document = json(await stand.get("/api/history?since=1h&role=tui"));
  assert.equal(document.type, "history");
  // A time ends before its end.
  const untilMs = NOW_MS + 1;
  const [query] = stand.queries;
  assert.deepEqual(query, {
    ...{ sinceMs: untilMs - 3_600_000, untilMs },
    ...{ pids: [], roles: ["tui"], projects: [] },
  });
  const wrong = await stand.get("/api/history?since=soon");
  assert.deepEqual([wrong.status, json(wrong).status], [400, 400]);
  assert.match(json(wrong).message, /^Cannot use since "soon": expected 24h/);
});

pure("the same look and the same question have the same answer, made once", async () => {
  const stand = await Stand.seen();
  const ask = () =>
    Promise.all(["/", "/", "/api/history", "/api/history?since=24h", "/api/history?since=1h"]
      .map((path) => stand.get(path)));
  const [page, again, history, same, other] = await ask();
  assert.equal(page, again);
  assert.equal(history, same);
  assert.notEqual(history, other);
  await ask();
  // The page shows the history that is the answer without parameters.
  assert.deepEqual([stand.pages, stand.queries.length], [1, 2]);
  stand.show({});
  await ask();
  assert.deepEqual([stand.pages, stand.queries.length], [2, 4]);
});

pure("the page is that of the last day, with its own policy", async () => {
  const stand = await Stand.seen();
  const { headers, ...answer } = await stand.get("/");
  assert.equal(headers["Content-Security-Policy"], "default-src 'none'; x");
  assert.equal(JSON.parse(text({ headers, ...answer }).slice("<p>".length)).type, "history");
  const [query] = stand.queries;
  assert.equal(query!.untilMs - query!.sinceMs, 24 * 3_600_000);
});
