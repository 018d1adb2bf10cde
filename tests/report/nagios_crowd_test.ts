/** Plugin output of machines with more than a plugin may say: what is listed, and what it is called. */

import assert from "node:assert/strict";
import { formatNagios } from "../../src/report/nagios.ts";
import { type FakeProcess, GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { parseOutput } from "./perfdata.ts";
import { reportOn, session } from "./reported.ts";

/** Sessions of 250 MiB, in processes of 125, and a smaller one whose one process has 200. */
const CROWD: readonly FakeProcess[] = [
  ...Array.from({ length: 24 }, (_, i) => [
    session(1000 + i, 125 * MIB),
    { pid: 2000 + i, ppid: 1000 + i, memory: 125 * MIB },
  ]).flat(),
  session(5000, 200 * MIB),
  session(6000, "denied"),
  { pid: 7000, name: "opencode", zombie: true },
];

pure("of many instances the worst, then the largest are listed; all are counted", async () => {
  const limits = { warningBytes: 150 * MIB, criticalBytes: GIB };
  const report = await reportOn(CROWD, limits);
  const { metrics, details } = parseOutput(formatNagios(report));
  const value = (label: string) => metrics.find((one) => one.label === label)!.value;
  assert.deepEqual([value("instances"), value("processes")], [27, 51]);
  assert.equal(value("total"), (24 * 250 + 200) * MIB);
  const labels = metrics.map(({ label }) => label).filter((label) => label.startsWith("tui_"));
  assert.deepEqual(labels.slice(0, 4), ["tui_5000", "tui_6000", "tui_1000", "tui_1001"]);
  assert.equal(labels.length, 20);
  assert.match(details[0]!, /^warning: process 5000: footprint 200 MiB is over/);
  assert.match(details[1]!, /^unknown: process 6000: its memory can't be read/);
  assert.deepEqual(details.slice(2, 6), [
    "1 process could not be looked at",
    "7 more instances are not listed",
    "tui 5000: 200 MiB in 1 process",
    "tui 6000: no reading of 1 process",
  ]);
  assert.equal(details.length, 4 + 20);
  const few = await reportOn([...CROWD.slice(0, 40), CROWD.at(-3)!], limits);
  assert.equal(parseOutput(formatNagios(few)).details[1], "1 more instance is not listed");
  const all = await reportOn(CROWD.slice(0, 40), limits);
  assert.equal(parseOutput(formatNagios(all)).details.length, 20);
});

pure("the first line of any machine is read whole: 4 KB", async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const pids = Array.from({ length: 200 }, (_, i) => 2 ** 31 - 1 - i);
  const machine = pids.map((pid) => session(pid, most, { argv: ["opencode", "attach"] }));
  for (const scope of ["process", "instance"] as const) {
    const limits = { warningBytes: most - 1, criticalBytes: most, scope };
    const [first] = formatNagios(await reportOn(machine, limits)).split("\n");
    assert.ok(new TextEncoder().encode(first).length < 4096, first);
  }
});

pure("the text of a busy machine is below 80 characters, as the guidelines ask for", async () => {
  const machine = Array.from({ length: 30 }, (_, i) => session(4_194_204 + i, 1234 * MIB));
  const limits = { warningBytes: GIB, criticalBytes: 2 * GIB };
  const [first = ""] = formatNagios(await reportOn(machine, limits)).split(" | ");
  assert.match(first, /^OCMEM WARNING - 30 instances, /);
  assert.ok(first.length < 80, first);
});

pure("labels are told apart by their first 19 characters, whatever the pid", async () => {
  const pids = [2147483640, 2147483641, 2147483642];
  const script = ["node", "/x/.bin/opencode", "serve"];
  const wrappers = pids.map((pid) => ({ pid, name: "node", exe: "/b/node", argv: script }));
  const natives = pids.map((pid, i) => session(100 + i, GIB, { ppid: pid, name: ".opencode" }));
  const report = await reportOn([...wrappers, ...natives], {}, { pid: pids });
  // That they differ, parseOutput holds them to.
  const { metrics } = parseOutput(formatNagios(report));
  const labels = metrics.map(({ label }) => label).filter((label) => label.startsWith("max_"));
  assert.deepEqual(labels.toSorted(), pids.map((pid) => `max_laun_${pid}`));
});
