/** `check --format nagios`, read by the Monitoring::Plugin module of Perl as monitoring systems do. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { act, type Actor, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished, ocmem, type Outcome } from "./command_line.ts";
import { HOSTILE } from "./hooks.ts";
import { Children, footprintOf, stateOf, until } from "./processes.ts";

const MODULE = "-MMonitoring::Plugin::Performance=use_die,1";
const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  "Perl's Monitoring::Plugin": hasProgram("perl") &&
    new Deno.Command("perl", { args: [MODULE, "-e", "1"], stderr: "null" }).outputSync().success,
  ...ACTORS,
};

const MIB = 1024 * 1024;

/** What the module makes of each entry; `status` is the exit code that its threshold is worth. */
interface Entry {
  readonly label: string;
  readonly value: number;
  readonly uom: string;
  readonly warning: string | null;
  readonly critical: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly status: number;
}

const SCRIPT = String.raw`
  use JSON::PP;
  print encode_json([map {
    my $entry = $_;
    +{
      (map { $_ => $entry->$_ } qw(label value uom warning critical min max)),
      status => $entry->threshold->get_status($entry->value),
    }
  } Monitoring::Plugin::Performance->parse_perfstring($ARGV[0])]);
`;

/**
 * The entries of an output, taken apart as Nagios does it: what follows a "|" on the first line, and
 * all that follows one behind it.
 */
async function entriesOf(stdout: string): Promise<Map<string, Entry>> {
  const end = stdout.indexOf("\n");
  const [first, rest] = [stdout.slice(0, end), stdout.slice(end)];
  const perfdata = [first, rest].map((part) => part.split("|").slice(1).join("|")).join(" ");
  const { code, stdout: json, stderr } = await finished("perl", [MODULE, "-e", SCRIPT, perfdata]);
  assert.deepEqual([code, stderr], [0, ""]);
  const entries: Entry[] = JSON.parse(json);
  return new Map(entries.map((entry) => [entry.label, entry]));
}

/** Checks with these flags; its entries, and their worst status. */
async function checked(...args: string[]): Promise<
  Outcome & { readonly entries: Map<string, Entry>; readonly worst: number }
> {
  const outcome = await ocmem("check", "--format", "nagios", ...args);
  assert.equal(outcome.stderr, "");
  const entries = await entriesOf(outcome.stdout);
  const worst = Math.max(...[...entries.values()].map((entry) => entry.status));
  return { ...outcome, entries, worst };
}

function named(...pids: readonly number[]): string[] {
  return pids.flatMap((pid) => ["--pid", String(pid)]);
}

/** Lets an actor take memory: this one, where actors below it have the same standard input. */
async function take({ child, below }: Actor, bytes: number): Promise<void> {
  for (const pid of below) {
    Deno.kill(pid, "SIGSTOP");
    await until("it to stop", () => stateOf(pid) === "T");
  }
  await child.say(`p${bytes}\n`);
  await child.line(/^done$/);
  child.freeze();
  for (const pid of below) Deno.kill(pid, "SIGCONT");
}

live(
  "an instance in a folder of any name: its figures, as the system has them",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const cwd = `${folder.path}/|total=1;;; ${HOSTILE}\n| evil=1;1;1 '`;
    Deno.mkdirSync(cwd);
    const path = castAs(`${folder.path}/opencode`);
    const mcp = castAs(`${folder.path}/mcp`);
    const spawn = [{ path: mcp, argv: [mcp, "|evil=1"] }];
    const actor = await act(children, path, { args: ["serve"], cwd, spawn });
    await take(actor, 64 * MIB);
    const { pid, below: [below] } = actor;
    const [large, small] = [footprintOf(pid), footprintOf(below!)];
    // Without --pid, so that the instance is found with its tree: others may be running beside it.
    const { code, entries } = await checked("--warning", "32MiB", "--critical", "4GiB");
    assert.notEqual(code, 0);
    assert.equal(entries.has("evil"), false);
    assert.deepEqual(entries.get(`server_${pid}`), {
      label: `server_${pid}`,
      value: large + small,
      uom: "B",
      warning: null,
      critical: null,
      min: "0",
      max: null,
      status: 0,
    });
    assert.deepEqual(entries.get(`max_server_${pid}`), {
      label: `max_server_${pid}`,
      value: large,
      uom: "B",
      warning: String(32 * MIB),
      critical: String(4096 * MIB),
      min: "0",
      max: null,
      status: 1,
    });
  },
);

live(
  "several instances: the status of each is its own, the worst is the exit code",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const path = castAs(`${folder.path}/opencode`);
    const pids: number[] = [];
    for (const bytes of [1, 48 * MIB, 96 * MIB]) {
      const actor = await act(children, path);
      await take(actor, bytes);
      pids.push(actor.pid);
    }
    const limits = ["--warning", "32MiB", "--critical", "64MiB"];
    const { code, stdout, entries } = await checked(...named(...pids), ...limits);
    assert.equal(code, 2);
    assert.ok(stdout.startsWith("OCMEM CRITICAL - 3 instances, "), stdout);
    assert.deepEqual(pids.map((pid) => entries.get(`max_tui_${pid}`)!.status), [0, 1, 2]);
    // The sums are compared with nothing.
    assert.deepEqual(pids.map((pid) => entries.get(`tui_${pid}`)!.status), [0, 0, 0]);
    const { status, value, max } = entries.get("total")!;
    const sum = pids.map(footprintOf).reduce((a, b) => a + b);
    assert.deepEqual([status, value, max], [0, sum, String(Deno.systemMemoryInfo().total)]);
    assert.equal(entries.get("instances")!.value, 3);
    assert.equal(entries.get("processes")!.value, 3);
    assert.equal(entries.get("unread")!.value, 0);
    const time = entries.get("scan_time")!;
    assert.deepEqual([time.uom, time.value >= 0], ["s", true]);
    for (const [n, level] of [[1, 0], [2, 1], [3, 2]] as const) {
      for (const scope of ["process", "instance"]) {
        const some = named(...pids.slice(0, n));
        const { code, worst } = await checked(...some, ...limits, "--scope", scope);
        assert.deepEqual([code, worst], [level, level]);
      }
    }
  },
);

live("a limit that the total is over and the largest process is equal to", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const mcp = castAs(`${folder.path}/mcp`);
  const actor = await act(children, path, { spawn: [{ path: mcp, argv: [mcp] }] });
  await take(actor, 8 * MIB);
  const { pid } = actor;
  const limits = ["--warning", `${footprintOf(pid)}B`];
  const byProcess = await checked(...limits, "--scope", "process");
  const { value, status } = byProcess.entries.get(`max_tui_${pid}`)!;
  assert.deepEqual([value, status], [footprintOf(pid), 0]);
  const byInstance = await checked(...limits, "--scope", "instance");
  assert.equal(byInstance.entries.get(`tui_${pid}`)!.status, 1);
  assert.equal(byInstance.entries.has(`max_tui_${pid}`), false);
  assert.match(
    byInstance.stdout,
    new RegExp(`^warning: instance ${pid} \\(tui\\): footprint `, "m"),
  );
});

live("what can't be read has no value, and the reader takes it for none", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const path = castAs(`${folder.path}/opencode`);
  const waiter = castAs(`${folder.path}/waiter`);
  // An actor never waits for its children.
  const { below: [zombie] } = await act(children, waiter, { spawn: [{ path, argv: [path] }] });
  Deno.kill(zombie!);
  await until("a zombie", () => stateOf(zombie!) === "Z");
  const { pid } = await act(children, path);
  const { code, stdout, entries, worst } = await checked(...named(zombie!, pid));
  assert.deepEqual([code, worst], [3, 0]);
  assert.match(stdout, new RegExp(` max_zombie_${zombie}=U;`));
  assert.deepEqual([...entries.keys()].slice(5), [`tui_${pid}`, `max_tui_${pid}`]);
  assert.equal(entries.get("unread")!.value, 1);
});
