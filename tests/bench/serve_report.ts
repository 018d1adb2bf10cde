/** `serve` under load, as Markdown. */

import { ROOT } from "../support.ts";
import { goal } from "./report.ts";
import type { Loaded } from "./serve_load.ts";

const MIB = 1024 ** 2;
/** Footprint at the end by that of the first seconds: what does not grow with time is flat. */
const GOAL_GROWTH = 1.2;

/** Runs the load in a process of its own. */
export async function runServeLoad(): Promise<Loaded> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}tests/bench/serve_load.ts`],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`The load failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The results with the goals. */
export function serveSection(loaded: Loaded): string {
  const { readers, seconds, requests, errors, p50Ms, p99Ms, streams, looks } = loaded;
  const { idleBytes, firstBytes, lastBytes, cpuSeconds } = loaded;
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  const rows = Object.entries(loaded.addresses).map(([address, asked]) =>
    `| \`${address}\` | ${asked.requests} | ${asked.p50Ms.toFixed(0)} | ${
      asked.p99Ms.toFixed(0)
    } |\n`
  );
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return `serve: ${readers} readers for ${seconds} s, a day of history: ${requests} requests ` +
    `(${(requests / seconds).toFixed(0)}/s), median ${p50Ms.toFixed(0)} ms, 99% below ` +
    `${p99Ms.toFixed(0)} ms; ${streams} streams with ${looks} looks each or more\n` +
    `footprint: ${mib(idleBytes)} MiB before, ${mib(firstBytes)} from 5 to 10 s, ` +
    `${mib(lastBytes)} in the last 5 s; ${cpuSeconds?.toFixed(0) ?? "?"} s of CPU time\n\n` +
    `| address | requests | median ms | 99% ms |\n| --- | ---: | ---: | ---: |\n${
      rows.join("")
    }\n` +
    goal("requests that failed", 0, failed, 0) +
    goal(
      "footprint at the end by that of the first seconds",
      GOAL_GROWTH,
      lastBytes / firstBytes,
      2,
    );
}
