/** The real `opencode serve` while it serves requests, followed by the real command line. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { linesOf, ocmem, ocmemStarted, type TrackDocument } from "./command_line.ts";
import { needs, serve, type Server } from "./opencode.ts";
import { Children } from "./processes.ts";

const MIB = 1024 * 1024;
const SAMPLES = 8;

const NEEDS: Readonly<Record<string, boolean>> = {
  ...needs(),
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

async function withServer(body: (server: Server) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  await body(await serve(children, folder.path));
}

/** Asks the server again and again while something goes on, and returns how often it said it is well. */
async function askedWhile({ url }: Server, goesOn: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = goesOn.finally(() => isOver = true);
  let asked = 0;
  while (!isOver) {
    const response = await fetch(`${url}/global/health`);
    const { healthy } = await response.json();
    assert.deepEqual([response.status, healthy], [200, true]);
    asked++;
  }
  await over;
  return asked;
}

live("opencode serve is watched while it serves, until it is killed", NEEDS, async () => {
  await withServer(async (server) => {
    const { pid } = server.child;
    await using watch = ocmemStarted([
      ...["watch", "--interval", "200ms", "--warning", "1MiB", "--critical", "1TiB"],
      ...["--format", "ndjson"],
    ]);
    const isItsSample = new RegExp(`"type":"sample".*"pid":${pid},`);
    const samples = (async () => {
      for (let i = 0; i < SAMPLES; i++) await watch.line(isItsSample);
    })();
    assert(await askedWhile(server, samples) > 0);
    await server.child.end();
    await watch.line(new RegExp(`"event":"gone".*"pid":${pid},`));
    // Others may be running on this machine: it goes on without this one.
    watch.kill("SIGTERM");
    const { code, stdout, stderr } = await watch.outcome();
    assert.deepEqual([code, stderr], [0, ""]);

    const lines = linesOf(stdout);
    const its = lines.filter((line) => line.pid === pid);
    const read = its.filter((line) => line.type === "sample");
    assert(read.length >= SAMPLES);
    for (const sample of read) {
      assert.deepEqual([sample.role, sample.level], ["server", "warning"]);
      assert(sample.footprint_bytes! > 100 * MIB, `${sample.footprint_bytes} bytes`);
    }
    // What it grows by while it starts may be told of as well.
    const events = its.filter((line) => line.type === "event" && line.event !== "growth");
    assert.deepEqual(events.map((line) => line.event), ["found", "level", "gone"]);
    const [found, level, gone] = events as [typeof its[0], typeof its[0], typeof its[0]];
    assert.deepEqual([found!.role, found!.cwd], ["server", server.cwd]);
    assert.deepEqual(
      [level!.previous_level, level!.level, level!.limit_bytes],
      ["normal", "warning", MIB],
    );
    assert(gone!.peak_bytes! >= Math.max(...read.map((sample) => sample.footprint_bytes!)));
    assert(gone!.lifetime_ms! > 0);
    assert.equal(lines.at(-1)!.type, "summary");
  });
});

live("opencode serve is tracked while it serves", NEEDS, async () => {
  await withServer(async (server) => {
    const { pid } = server.child;
    const tracking = ocmem("track", "--duration", "2s", "--interval", "200ms", "--json");
    assert(await askedWhile(server, tracking) > 0);
    const { code, stdout, stderr } = await tracking;
    assert.deepEqual([code, stderr], [0, ""]);
    const document: TrackDocument = JSON.parse(stdout);
    assert.deepEqual([document.planned, document.looks], [10, 10]);
    const { role, ended, readings, stats } = document.series.find((one) => one.pid === pid)!;
    assert.deepEqual([role, ended, stats.count, readings.length], ["server", null, 10, 10]);
    const inOrder = ["min", "median", "p95", "max"].map((name) => stats[`${name}_bytes`]!);
    assert.deepEqual(inOrder, inOrder.toSorted((a, b) => a - b));
    assert(inOrder[0]! > 100 * MIB, `${inOrder[0]} bytes`);
    assert(stats.mean_bytes! >= stats.min_bytes! && stats.mean_bytes! <= stats.max_bytes!);
    assert(stats.slope_low_bytes_per_minute! <= stats.slope_bytes_per_minute!);
    assert(stats.slope_bytes_per_minute! <= stats.slope_high_bytes_per_minute!);
  });
});
