/** The real `opencode serve`, found and measured by the real command line. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { type Document, ocmem, ocmemJson, rowOf, rows } from "./command_line.ts";
import { needs, serve, type Server } from "./opencode.ts";
import { Children, figure, footprintOf, procText } from "./processes.ts";

const MIB = 1024 * 1024;
/** What a frozen server may gain or lose between two readings: the kernel counts in batches. */
const FROZEN_TOLERANCE_BYTES = MIB / 4;
/** PSS and USS also move with the other processes that map the same files. */
const SHARED_TOLERANCE_BYTES = 2 * MIB;
/** No server of this version was ever seen below or above. */
const PLAUSIBLE_BYTES = { least: 100 * MIB, most: 1500 * MIB } as const;

const isLinux = Deno.build.os === "linux";
const isInside = Deno.env.get("OPENCODE_PID") !== undefined;
const NEEDS: Readonly<Record<string, boolean>> = {
  ...needs(),
  "a shell that OpenCode did not start": !isInside,
};

/** One server for the steps of one test. */
async function withServer(
  t: Deno.TestContext,
  steps: Readonly<Record<string, (server: Server, t: Deno.TestContext) => Promise<void>>>,
): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  const server = await serve(children, folder.path);
  for (const [name, fn] of Object.entries(steps)) {
    await t.step(name, async (step) => await fn(server, step));
  }
}

/** Exit codes of monitoring plugins. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  normal: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

function instanceOf(document: Document, pid: number): Document["instances"][number] {
  return document.instances.find((one) => one.processes.some((row) => row.pid === pid))!;
}

live("opencode serve", NEEDS, async (t) => {
  await withServer(t, {
    "is found by its name, as a server in its directory, and is well": async (server) => {
      const { pid } = server.child;
      const document = await ocmemJson("check");
      const row = rowOf(document, pid);
      assert.deepEqual([row.role, row.matched_by, row.level], ["server", "name", "normal"]);
      assert.deepEqual([row.depth, row.missing, row.ppid], [0, null, Deno.pid]);
      assert.equal(row.executable, server.path);
      assert.deepEqual(row.command_line?.slice(1), [
        "serve",
        "--port",
        "0",
        "--hostname",
        "127.0.0.1",
      ]);
      const instance = instanceOf(document, pid);
      assert.deepEqual([instance.role, instance.level], ["server", "normal"]);
      assert.equal(instance.cwd, server.cwd);
      // Other instances on this machine have a say in the verdict too.
      assert.equal(document.exit_code, EXIT_CODES[document.level ?? ""]);
    },

    "has a plausible footprint, of which the limits make a verdict": async ({ child }) => {
      child.freeze();
      const { pid } = child;
      const { instances } = await ocmemJson("check", "--pid", `${pid}`);
      const bytes = instances[0]!.footprint_bytes!;
      assert(bytes > PLAUSIBLE_BYTES.least && bytes < PLAUSIBLE_BYTES.most, `${bytes} bytes`);
      const below = String(bytes - FROZEN_TOLERANCE_BYTES);
      const above = String(bytes + FROZEN_TOLERANCE_BYTES);
      const verdicts = [
        { limits: [], level: "normal", code: 0 },
        { limits: ["--warning", above, "--critical", above], level: "normal", code: 0 },
        { limits: ["--warning", below, "--critical", above], level: "warning", code: 1 },
        { limits: ["--warning", below, "--critical", below], level: "critical", code: 2 },
      ];
      for (const { limits, level, code } of verdicts) {
        const args = ["check", "--pid", `${pid}`, ...limits];
        const outcome = await ocmem(...args, "--json");
        const document: Document = JSON.parse(outcome.stdout);
        assert.deepEqual([document.level, document.exit_code], [level, code], limits.join(" "));
        assert.equal(outcome.code, code);
        const quiet = await ocmem(...args, "--quiet");
        assert.equal(quiet.code, code);
        assert.equal(quiet.stderr, "");
        if (code === 0) assert.equal(quiet.stdout, "");
        else assert.match(quiet.stdout, new RegExp(level, "i"));
      }
    },

    "is shown as text": async ({ child: { pid } }) => {
      const { stdout, stderr, code } = await ocmem("list", "--wide", "--pid", `${pid}`);
      assert.deepEqual([stderr, code], ["", 0]);
      assert.match(stdout, new RegExp(`\\b${pid}\\b`));
      assert.match(stdout, /serve --port 0 --hostname 127\.0\.0\.1/);
      assert.doesNotMatch(stdout, /[^\P{Cc}\n]/u);
    },

    "is gone when it was killed": async ({ child }) => {
      await child.end();
      const document = await ocmemJson("check");
      assert.deepEqual(rows(document).filter((row) => row.pid === child.pid), []);
      const named = await ocmem("check", "--pid", `${child.pid}`);
      assert.equal(named.code, 3);
      assert.match(named.stderr, /^ocmem: Cannot use --pid \d+: no such process/);
      if (document.instances.length > 0) return;
      assert.deepEqual([document.level, document.exit_code], ["normal", 0]);
      const { stdout, code } = await ocmem("check");
      assert.match(stdout, /no OpenCode process is running/);
      assert.equal(code, 0);
    },
  });
});

live("opencode serve, against what /proc says", { ...NEEDS, Linux: isLinux }, async (t) => {
  await withServer(t, {
    "footprint": async ({ child }) => {
      child.freeze();
      const before = footprintOf(child.pid);
      const { memory } = rowOf(await ocmemJson("check"), child.pid);
      const after = footprintOf(child.pid);
      assertWithin(memory!.footprint_bytes, [before, after], FROZEN_TOLERANCE_BYTES);
    },

    "PSS and USS, and only when they are asked for": async ({ child: { pid } }) => {
      const before = rollupOf(pid);
      const { memory } = rowOf(await ocmemJson("check", "--exact"), pid);
      const after = rollupOf(pid);
      assertWithin(memory!.pss_bytes!, [before.pss, after.pss], SHARED_TOLERANCE_BYTES);
      assertWithin(memory!.uss_bytes!, [before.uss, after.uss], SHARED_TOLERANCE_BYTES);
      assert(memory!.uss_bytes! <= memory!.pss_bytes!);
      assert(memory!.pss_bytes! <= memory!.resident_bytes + FROZEN_TOLERANCE_BYTES);
      const plain = rowOf(await ocmemJson("check"), pid).memory!;
      assert.deepEqual([plain.pss_bytes, plain.uss_bytes], [null, null]);
    },
  });
});

function rollupOf(pid: number): { pss: number; uss: number } {
  const text = procText(pid, "smaps_rollup");
  const uss = figure(text, "Private_Clean") + figure(text, "Private_Dirty");
  return { pss: figure(text, "Pss"), uss };
}

function assertWithin(value: number, bounds: readonly number[], tolerance: number): void {
  const least = Math.min(...bounds) - tolerance, most = Math.max(...bounds) + tolerance;
  assert(value >= least && value <= most, `${value} is not between ${least} and ${most}`);
}
