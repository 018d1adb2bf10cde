/**
 * A program that exports families as a command does: `once`, or `again` each line that it reads, a list
 * of families. The test's own, run with no permission at all.
 */

import { exportOnce, openExport } from "../../src/telemetry/metrics.ts";

const VERSION = "1.2.3";

if (Deno.args[0] === "once") {
  exportOnce(JSON.parse(Deno.args[1]!), VERSION);
} else {
  using exported = openExport(VERSION);
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) exported.show(JSON.parse(line));
  }
}
