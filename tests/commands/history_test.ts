/** `ocmem history` behind `watch --record` and `track --record`, as words. */

import assert from "node:assert/strict";
import { shortTime } from "../../src/report/chart.ts";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { ALL, withHistory } from "../recorded.ts";
import { pure } from "../support.ts";
import { machines, openCode } from "./watching.ts";

const HOUR = 3_600_000;
const SECRET = ["opencode", "--api-key", "hunter2"];

/** A history of three looks, a minute apart, at a session that grows over its limits, and a helper. */
async function recorded(scene: Scene = {}, ...args: readonly string[]) {
  const helper = { pid: 11, ppid: 10, name: "mcp", argv: ["mcp", "x"], memory: MIB };
  const at = (gib: number) => [openCode(gib * GIB, { argv: SECRET }), helper];
  const probe = new FakeProbe(at(1));
  const history = { ...await withHistory(), probe, ...scene };
  const script = machines(probe, at(3), at(5));
  const words = ["watch", "--record", "--format", "log", "--count", "3", ...args];
  const watched = await runFake(words, { ...history, script });
  assert.deepEqual([watched.code, watched.err], [0, ""]);
  return { history, watched };
}

async function documentOf(history: Scene, ...args: readonly string[]) {
  const { code, out, err } = await runFake(["history", "--json", ...ALL, ...args], history);
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
}

pure(
  "what was watched is there: peak, mean, growth, time above the limits, alerts, events",
  async () => {
    const { history } = await recorded();
    const document = await documentOf(history);
    const { looks, step_ms, totals, instances: [instance], events } = document;
    assert.deepEqual([looks, step_ms], [3, null]);
    const minute = (i: number) => NOW_MS + i * 60_000;
    const [one, three, five] = [1, 3, 5].map((gib) => gib * GIB);
    assert.deepEqual(instance.processes[0].points, [
      [minute(0), one],
      [minute(1), three],
      [minute(2), five],
    ]);
    // Each reading stands for the minute until the next one, the last for the minute of its interval.
    assert.deepEqual(instance.processes[0].stats, {
      ...{ count: 3, unread: 0, first_bytes: one, last_bytes: five, min_bytes: one },
      ...{ max_bytes: five, max_at: new Date(minute(2)).toISOString(), mean_bytes: 3 * GIB },
      ...{ growth_bytes: 4 * GIB, covered_ms: 180_000 },
      ...{ over_warning_ms: 120_000, over_critical_ms: 60_000, alerts: 2 },
    });
    assert.deepEqual([instance.stats.max_bytes, totals.peak_bytes], [5 * GIB + MIB, 5 * GIB + MIB]);
    assert.deepEqual([instance.cwd, instance.host, totals.alerts], ["/home/ann/web", "fake", 2]);
    assert.deepEqual(
      events.map((one: { event: string; level: string }) => [one.event, one.level]),
      [
        ["found", "normal"],
        ["level", "warning"],
        ["level", "critical"],
      ],
    );
  },
);

pure("limits of history are its own", async () => {
  const { history } = await recorded();
  const { instances: [{ processes: [process] }] } = await documentOf(
    history,
    ...["--warning", "4GiB", "--critical", "5GiB"],
  );
  assert.deepEqual(
    [process.stats.over_warning_ms, process.stats.over_critical_ms],
    [60_000, 0],
    "a value equal to the limit is not over it",
  );
});

pure("secrets are not recorded, even if they are shown", async () => {
  const { history, watched } = await recorded({}, "--show-secrets");
  assert.ok(!watched.out.includes("hunter2"));
  for (const args of [["--json"], ["--format", "csv"], ["--wide"]]) {
    const { out } = await runFake(["history", ...args, ...ALL], history);
    assert.ok(out.includes("***") && !out.includes("hunter2"), out);
  }
});

pure("only what is asked for", async () => {
  const { history } = await recorded({ directory: "/home/ann" });
  const pids = async (...args: readonly string[]) => {
    const { instances } = await documentOf(history, ...args);
    return instances.flatMap((one: { processes: { pid: number }[] }) =>
      one.processes.map(({ pid }) => pid)
    );
  };
  assert.deepEqual(await pids(), [10, 11]);
  assert.deepEqual(await pids("--pid", "11"), [11]);
  assert.deepEqual(await pids("--pid", "12"), []);
  assert.deepEqual(await pids("--role", "child"), [11]);
  // A role of an instance is all of it.
  assert.deepEqual(await pids("--role", "tui"), [10, 11]);
  assert.deepEqual(await pids("--role", "server"), []);
  for (const project of ["/home/ann/web", "/home/ann/", "/", "web", ".", "./x/../web/"]) {
    assert.deepEqual(await pids("--project", project), [10, 11], project);
  }
  for (const project of ["/home/ann/we", "/home/ann/web/src", "x"]) {
    assert.deepEqual(await pids("--project", project), [], project);
  }
  const alone = await documentOf(history, "--pid", "11");
  assert.equal(alone.totals.peak_bytes, MIB, "the total is of what is shown");
});

pure("the time is from --since until before --until", async () => {
  const { history } = await recorded();
  const looks = async (since: number, until: number) => {
    const at = (ms: number) => new Date(ms).toISOString();
    const words = ["history", "--json", "--since", at(since), "--until", at(until)];
    return JSON.parse((await runFake(words, history)).out).looks;
  };
  assert.equal(await looks(NOW_MS, NOW_MS + 60_000), 1);
  assert.equal(await looks(NOW_MS, NOW_MS + 60_001), 2);
  assert.equal(await looks(NOW_MS + 1, NOW_MS + HOUR), 2);
  // Without flags: the last 24 hours, what is recorded this very moment included.
  const { out } = await runFake(["history", "--json"], history);
  const { since, until, looks: now } = JSON.parse(out);
  assert.deepEqual([Date.parse(until) - Date.parse(since), now], [24 * HOUR, 1]);
  // As long ago as can be written.
  for (const since of ["30000d", "0001-01-01"]) {
    const ran = await runFake(["history", "--json", "--since", since], history);
    assert.deepEqual([ran.code, ran.err], [0, ""]);
    assert.equal(JSON.parse(ran.out).since, "1970-01-01T00:00:00.000Z");
    assert.equal((await runFake(["history", "--until", since], history)).code, 64);
  }
  const wrong = await runFake(["history", "--since", "1h", "--until", "2h"], history);
  assert.deepEqual([wrong.code, wrong.out], [64, ""]);
  assert.match(wrong.err, /^ocmem: Cannot show what was since 2026-01-02T02:04.*until .*--since/);
});

pure("text: a headline, a chart, a table, what happened; nothing recorded is said", async () => {
  const { history } = await recorded();
  const time = ["--since", new Date(NOW_MS - 1000).toISOString(), "--until", "2026-01-02T03:08Z"];
  const { out } = await runFake(["history", ...time], history);
  assert.match(out, /^From \S+ \S+ to \S+ \S+: 1 instance, 2 processes in 3 looks,\npeak 5 GiB at/);
  assert.match(out, /footprint\n {4}6 GiB \+/);
  assert.match(out, /^ *10 tui, all 2 +5 GiB .*\/home\/ann\/web$/m);
  assert.match(
    out,
    /^\d\d:\d\d:\d\d {2}level {7}process 10 \(tui\) in .* 3 GiB is over\n +the warning/m,
  );
  assert.match(out, /^[\x20-\x7e\n]*$/, "without a locale, ASCII alone");
  const unicode = await runFake(["history", ...time], {
    ...history,
    env: { HOME: "/h", LANG: "de_DE.UTF-8" },
  });
  assert.match(unicode.out, /│.*█/);
  const c = { ...history, env: { HOME: "/h", LC_ALL: "C", LANG: "de_DE.UTF-8" } };
  assert.equal((await runFake(["history", ...time], c)).out, out);
  const none = await runFake(["history", "--until", "2025-01-01"], history);
  const line = (text: string) => text.replaceAll("\n", " ").trim();
  assert.match(line(none.out), /^From .*: nothing was recorded\. ocmem watch --record records$/);
  const other = await runFake(["history", ...ALL, "--pid", "77"], history);
  assert.match(line(other.out), /: nothing that is asked for was running \(3 looks\)$/);
});

pure("a chart of a time that has just begun to be recorded begins with that", async () => {
  const { history } = await recorded();
  const axis = async (...time: readonly string[]) => {
    const { out } = await runFake(["history", "--until", "2026-01-02T03:24:05Z", ...time], history);
    const lines = out.split("\n");
    return lines[lines.findIndex((line) => /^ +\+[ -]+$/.test(line)) + 2]!.trim();
  };
  const local = (ms: number) => shortTime(ms, HOUR);
  // Marks of two alerts stand between the base line and the times.
  const begin = local(NOW_MS);
  assert.match(
    await axis("--since", "2026-01-01"),
    new RegExp(`^${begin} .* ${local(NOW_MS + 1200_000)}$`),
  );
  const half = ["--since", new Date(NOW_MS - 1200_000).toISOString()];
  assert.match(
    await axis(...half),
    new RegExp(`^${local(NOW_MS - 1200_000)} `),
    "half of it is there",
  );
});

pure("text fits the terminal", async () => {
  const { history } = await recorded();
  for (const columns of [24, 44, 60, 80, 120, 250]) {
    const size = { columns, rows: 24 };
    const { out } = await runFake(["history", ...ALL], { ...history, size });
    for (const line of out.split("\n")) assert.ok(line.length <= columns, `${columns}: ${line}`);
    // Where there is little room, what happened stands below when it did.
    assert.equal(/^\S+ +level$/m.test(out), columns < 60);
  }
});

pure("track records as watch does, and tells of no limit", async () => {
  const history = { ...await withHistory(), probe: new FakeProbe([openCode(GIB)]) };
  const tracked = await runFake(["track", "--record", "--json"], history);
  assert.deepEqual([tracked.code, tracked.err], [0, ""]);
  const { looks, instances: [{ stats }], events } = await documentOf(history);
  assert.deepEqual([looks, stats.count, stats.covered_ms, events], [10, 10, 10_000, []]);
});
