/** The self-test on this machine: it passes, on an OpenCode that runs here and on itself. */

import assert from "node:assert/strict";
import type { SelfTestDocument } from "../selftest_scene.ts";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { ocmem } from "./command_line.ts";
import { Children } from "./processes.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What the command prints as JSON. Throws unless it passed, with nothing on standard error. */
async function passed(...args: readonly string[]): Promise<SelfTestDocument> {
  const { code, stdout, stderr } = await ocmem("selftest", ...args, "--json");
  assert.deepEqual([code, stderr], [0, ""], stdout);
  const document: SelfTestDocument = JSON.parse(stdout);
  assert.deepEqual([document.type, document.passed, document.exit_code], ["selftest", true, 0]);
  return document;
}

live("the self-test passes on this machine", {}, async () => {
  const { host, platform, tracking, thresholds, cost } = await passed("--duration", "500ms");
  assert.equal(host!.os, Deno.build.os);
  const names = platform.checks.map((check) => check.name);
  const sources = Deno.build.os === "darwin"
    ? ["task_info", "proc_pid_rusage"]
    : ["proc_status", "proc_smaps_rollup"];
  for (const source of sources) assert(names.includes(`Own footprint by ${source}`), source);
  assert.deepEqual(platform.checks.filter((check) => !check.passed), []);
  // 500 ms are five readings, every 100 ms.
  assert.deepEqual([tracking!.samples, tracking!.planned, tracking!.ended], [5, 5, null]);
  assert.deepEqual(thresholds.map((one) => one.level), ["normal", "warning", "critical"]);
  assert(cost!.enumeration_ms! > 0 && cost!.memory_reading_us! > 0);
  // A JavaScript runtime takes a few MiB at least, and this one not a GiB.
  assert(cost!.own_footprint_bytes! > MIB && cost!.own_footprint_bytes! < 1024 * MIB);
});

live("text says that it passed, last", {}, async () => {
  const { code, stdout, stderr } = await ocmem("selftest", "--duration", "50ms");
  assert.deepEqual([code, stderr], [0, ""]);
  assert(stdout.endsWith("\n\nSelf-test passed\n"), stdout);
});

live("an OpenCode that runs here is found and tracked", ACTORS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const { child, pid } = await act(children, castAs(`${folder.path}/opencode`), {
    args: ["serve"],
  });
  // Larger than any other OpenCode that may run here.
  await child.say(`p${768 * MIB}\n`);
  await child.line(/^done$/);
  const { discovery, tracking } = await passed("--duration", "300ms");
  assert(discovery!.instances.some((one) => one.pid === pid));
  assert.deepEqual([tracking!.pid, tracking!.role, tracking!.samples], [pid, "server", 5]);
  assert(tracking!.min_bytes! >= 768 * MIB);
});
