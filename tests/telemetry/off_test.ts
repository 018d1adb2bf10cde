/** Metrics that are asked for where Deno's exporter is off, as in an executable: that is said. */

import assert from "node:assert/strict";
import { runFake } from "../fake_world.ts";
import { live } from "../support.ts";

// In the process of the tests nobody has turned it on.
const env = { OTEL_DENO_METRICS: "true" };
const REASON = "Cannot export metrics: Deno's exporter can't be turned on in an executable";

live("check says it on standard error, and its verdict and output are as ever", {}, async () => {
  const [plain, asked] = [await runFake(["check"]), await runFake(["check"], { env })];
  assert.deepEqual([asked.code, asked.out], [plain.code, plain.out]);
  assert.equal(plain.err, "");
  assert.match(asked.err, new RegExp(`^ocmem: ${REASON}[^\n]*\n$`));
});

live("watch says it once, as a trouble, and goes on", {}, async () => {
  const { code, out, err } = await runFake(["watch", "--count", "3", "--format", "log"], { env });
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(out.split(REASON).length, 2);
  assert.match(out, / 3 looks: /);
});
