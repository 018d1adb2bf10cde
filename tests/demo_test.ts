import assert from "node:assert/strict";
import { finished } from "./live/command_line.ts";
import { live } from "./support.ts";

live("the demo shows normal, warning and critical, a tree with a helper, and leaves nothing", {
  "macOS or Linux": Deno.build.os === "darwin" || Deno.build.os === "linux",
}, async () => {
  const ran = await finished(Deno.execPath(), ["task", "--quiet", "demo"]);
  assert.equal(ran.code, 0, ran.stderr);
  const checks = ran.stdout.split("\n$ ocmem ").slice(1);
  const codes = checks.map((text) => Number(/\(exit code (\d)\)/.exec(text)?.[1]));
  assert.deepEqual(codes.slice(0, 4), [0, 1, 2, 0]);
  assert.match(checks[0]!, /tui +normal/);
  assert.match(checks[1]!, /tui +warning/);
  assert.match(checks[2]!, /tui +critical/);
  assert.match(checks[3]!, /[├└] helper/);
  assert.match(checks[3]!, /[├└] child/);
  assert.match(checks[4]!, /\(tui\) grows: [^]*over the\s+critical\s+limit\s+of\s+500\s+MiB\n/);
  // Another OpenCode may run on this machine, but the stand-in is gone.
  assert.doesNotMatch(checks[5]!, /ocmem-demo-/);
});
