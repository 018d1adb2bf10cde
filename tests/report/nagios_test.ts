import assert from "node:assert/strict";
import { formatNagios } from "../../src/report/nagios.ts";
import { nagiosError } from "../../src/report/nagios_error.ts";
import type { Report } from "../../src/report/report.ts";
import { type FakeProcess, GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { levelOf, type Metric, parseOutput } from "./perfdata.ts";
import { HOSTILE, reportOn, session } from "./reported.ts";

/** A server over its limit with a child that can't be read, and a session that is only large in total. */
const MACHINE: readonly FakeProcess[] = [
  session(10, 3 * GIB, { argv: ["opencode", "serve"], cwd: "/work/api" }),
  { pid: 11, ppid: 10, argv: "denied", memory: "denied" },
  session(20, GIB),
  { pid: 21, ppid: 20, memory: 1.5 * GIB },
];

/** The entry of this label. */
function metric(report: Report, label: string): Metric | undefined {
  return parseOutput(formatNagios(report)).metrics.find((one) => one.label === label);
}

pure("the whole output: verdict and performance data, why, the instances", async () => {
  const report = await reportOn(MACHINE);
  const slow = { ...report, scan: { ...report.scan, durationMs: 1234 } };
  assert.deepEqual(formatNagios(slow).split("\n"), [
    "OCMEM WARNING - 2 instances, 5.5 GiB, largest 3 GiB (pid 10, server), " +
    "1 unread | total=5905580032B;;;0;17179869184 instances=2;;;0 processes=4;;;0 unread=1;;;0 " +
    "scan_time=1.234s;;;0 " +
    "server_10=3221225472B;;;0 max_server_10=3221225472B;2147483648;4294967296;0 " +
    "tui_20=2684354560B;;;0 max_tui_20=1610612736B;2147483648;4294967296;0",
    "warning: process 10: footprint 3 GiB is over the warning limit of 2 GiB",
    "1 process could not be looked at",
    "server 10 in /work/api: 3 GiB in 2 processes, 1 unread",
    "tui 20: 2.5 GiB in 2 processes",
    "",
  ]);
});

pure("with scope instance the totals carry the limits, and nothing else does", async () => {
  const report = await reportOn(MACHINE, { scope: "instance" });
  const { metrics, details } = parseOutput(formatNagios(report));
  assert.deepEqual(details.slice(0, 2), [
    "warning: instance 10 (server): footprint 3 GiB is over the warning limit of 2 GiB",
    "warning: instance 20 (tui): footprint 2.5 GiB is over the warning limit of 2 GiB",
  ]);
  assert.deepEqual(
    metrics.filter((one) => levelOf(one) !== null).map((one) => [one.label, levelOf(one)]),
    [["server_10", "warning"], ["tui_20", "warning"]],
  );
  assert.deepEqual(metrics.at(-1), {
    label: "tui_20",
    value: 2.5 * GIB,
    uom: "B",
    warning: 2 * GIB,
    critical: 4 * GIB,
    min: 0,
    max: null,
  });
});

pure("what is not known is U where it is judged, and never 0", async () => {
  const within = [session(10, GIB), { pid: 11, ppid: 10, memory: "denied" }] as const;
  const byProcess = await reportOn(within);
  assert.equal(byProcess.level, "unknown");
  assert.equal(metric(byProcess, "max_tui_10")!.value, null);
  assert.equal(metric(byProcess, "tui_10")!.value, GIB);
  // The total lacks a process: it is a lower bound, and within the limits that says nothing.
  const byInstance = await reportOn(within, { scope: "instance" });
  assert.equal(byInstance.level, "unknown");
  assert.equal(metric(byInstance, "tui_10")!.value, null);
  assert.equal(metric(byInstance, "total")!.value, GIB);
  const nothing = await reportOn([session(10, "denied"), session(20, "unsupported")]);
  for (const label of ["total", "tui_10", "max_tui_10", "tui_20", "max_tui_20"]) {
    assert.equal(metric(nothing, label)!.value, null, label);
  }
  assert.equal(metric(nothing, "unread")!.value, 2);
});

pure("nothing is running, and that is known: 0 bytes", async () => {
  const { text, metrics, details } = parseOutput(formatNagios(await reportOn([])));
  assert.equal(text, "OCMEM OK - no OpenCode process is running (1 process looked at)");
  assert.deepEqual(metrics.map(({ label, value }) => [label, value]), [
    ["total", 0],
    ["instances", 0],
    ["processes", 0],
    ["unread", 0],
    ["scan_time", 0],
  ]);
  assert.deepEqual(details, []);
});

pure("a zombie holds no memory: it has an entry only where it was named", async () => {
  const machine = [{ pid: 9, name: "opencode", zombie: true }];
  const found = await reportOn(machine);
  assert.equal(found.level, "normal");
  assert.deepEqual(parseOutput(formatNagios(found)).details, [
    "zombie 9: no reading of 1 process",
  ]);
  assert.equal(metric(found, "max_zombie_9"), undefined);
  assert.equal(metric(found, "total")!.value, 0);
  assert.equal(metric(found, "unread")!.value, 1);
  const named = await reportOn(machine, {}, { pid: [9] });
  assert.equal(named.level, "unknown");
  assert.equal(metric(named, "max_zombie_9")!.value, null);
});

pure("a value equal to its limit is no alert, one more byte is", async () => {
  for (const [bytes, level] of [[2 * GIB, "normal"], [2 * GIB + 1, "warning"]] as const) {
    for (const scope of ["process", "instance"] as const) {
      const report = await reportOn([session(10, bytes)], { scope });
      const label = scope === "process" ? "max_tui_10" : "tui_10";
      assert.deepEqual([report.level, levelOf(metric(report, label)!)], [level, level]);
    }
  }
});

pure("limits of a role stand with what they were compared with", async () => {
  const roles = { child: { warningBytes: MIB, criticalBytes: GIB } };
  const machine = [session(10, 1.5 * GIB), { pid: 11, ppid: 10, memory: 2 * MIB }];
  // The larger process is within its limits; the smaller one decides.
  const judged = metric(await reportOn(machine, { roles }), "max_tui_10")!;
  assert.deepEqual([judged.value, judged.warning, judged.critical], [2 * MIB, MIB, GIB]);
  const general = metric(await reportOn(machine, { roles, scope: "instance" }), "tui_10")!;
  assert.deepEqual([general.warning, general.critical], [2 * GIB, 4 * GIB]);
});

pure("without a verdict there are no limits", async () => {
  const { text, metrics } = parseOutput(formatNagios(await reportOn(MACHINE, null)));
  assert.match(text, /^2 instances, /);
  assert.deepEqual(metrics.filter((one) => levelOf(one) !== null), []);
  assert.deepEqual(metrics.slice(5).map((one) => one.label), ["server_10", "tui_20"]);
});

pure("directories are harmless to plugins' readers, shells and pages, and short", async () => {
  const report = await reportOn([
    session(10, 3 * GIB, { cwd: `/${HOSTILE}`, argv: ["opencode", HOSTILE] }),
    session(20, 3 * GIB, { cwd: `/${"🦊".repeat(1000)}|` }),
    session(30, GIB, { cwd: `/x | y=1;;;0` }),
  ]);
  const { details } = parseOutput(formatNagios(report));
  assert.equal(details.length, 2 + 3);
  const lines = details.slice(2);
  for (const line of lines) assert.doesNotMatch(line, /[`~$&|'"<>]/);
  assert.ok(lines[0]!.startsWith("tui 10 in /\\x1b]0;x\\x07\\n\\x7ca=1 \\x27b\\x27=2;3\\t"));
  assert.equal(lines[1], `tui 20 in /${"🦊".repeat(98)}…: 3 GiB in 1 process`);
  assert.equal(lines[2], "tui 30 in /x \\x7c y=1;;;0: 1 GiB in 1 process");
});

pure("a failure is one line of UNKNOWN, without performance data", () => {
  assert.equal(nagiosError("Cannot look"), "OCMEM UNKNOWN - Cannot look\n");
  assert.equal(
    nagiosError(' Cannot use --match "a|b":\r\n  not\n\na\x1b pattern|x=1\n'),
    'OCMEM UNKNOWN - Cannot use --match "a\\x7cb": not a\\x1b pattern\\x7cx=1\n',
  );
});
