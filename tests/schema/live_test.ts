/** What the program itself prints on this machine, against its schemas. */

import assert from "node:assert/strict";
import { ocmem, type Outcome } from "../live/command_line.ts";
import { live } from "../support.ts";
import { linesOf } from "./run.ts";
import { closedValidator, SCHEMAS, validator } from "./schemas.ts";

const OWN = ["--pid", `${Deno.pid}`];
const ONE = ({ stdout }: Outcome) => [JSON.parse(stdout)];
const LINES = ({ stdout }: Outcome) => linesOf(stdout);

const RUNS: readonly (readonly [string, readonly string[], (ran: Outcome) => unknown[]])[] = [
  ["report", ["check", "--json", "--exact", ...OWN], ONE],
  ["report", ["list", "--json"], ONE],
  ["report-line", ["check", "--format", "ndjson", ...OWN], LINES],
  ["track", ["track", "--json", "--duration", "50ms", "--interval", "10ms", ...OWN], ONE],
  ["track-line", ["track", "--format", "ndjson", "--duration", "10ms", ...OWN], LINES],
  ["event", ["watch", "--json", "--interval", "10ms", "--count", "2", ...OWN], LINES],
  ["selftest", ["selftest", "--json", "--duration", "50ms"], ONE],
  ["error", ["list", "--json", "--pid", "no"], ({ stderr }) => linesOf(stderr)],
  ["version", ["--version", "--json"], ONE],
];

for (const [name, args, valuesOf] of RUNS) {
  const shown = args.filter((arg) => !OWN.includes(arg)).join(" ");
  live(`${name}: ocmem ${shown} prints what it describes, and nothing else`, {}, async () => {
    const values = valuesOf(await ocmem(...args));
    assert.ok(values.length > 0);
    for (const validate of [validator(SCHEMAS[name]!), closedValidator(SCHEMAS[name]!)]) {
      for (const value of values) assert.equal(validate(value), null, JSON.stringify(value));
    }
  });
}

live("ocmem schema prints a schema, with the permissions that are documented", {}, async () => {
  assert.deepEqual(ONE(await ocmem("schema", "report")), [SCHEMAS.report]);
});
