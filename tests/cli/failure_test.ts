/** Errors: where they are said, and that nothing in them steers a terminal or a plugin's reader. */

import assert from "node:assert/strict";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";

pure("a plugin says what is wrong on standard output, in one line", async () => {
  for (const format of [["--format", "nagios"], ["--format=nagios"]]) {
    for (const command of [[], ["check"]]) {
      const ran = await runFake([...command, ...format, "--warning", "a|b"]);
      assert.deepEqual([ran.code, ran.err], [3, ""]);
      assert.match(ran.out, /^OCMEM UNKNOWN - Cannot use --warning "a\\x7cb": [^|\n]*\n$/);
    }
  }
  // list is no plugin.
  const ran = await runFake(["list", "--format", "nagios"]);
  assert.equal(ran.out, "");
});

pure("JSON is asked for in each way that it can be", async () => {
  for (const words of ["--json", "--format json", "--format=json", "--format ndjson"]) {
    const ran = await runFake(["list", ...words.split(" "), "--bogus"]);
    assert.deepEqual(JSON.parse(ran.err), {
      type: "error",
      message: "Unknown flag --bogus",
      exit_code: 64,
    });
  }
  assert.match((await runFake(["list", "--format", "csv", "--bogus"])).err, /^ocmem: Unknown flag/);
});

pure("what stands behind -- asks for nothing here", async () => {
  const ran = await runFake(["service", "cron", "--", "check", "--json", "--bogus"]);
  assert.equal(ran.code, 64);
  assert.match(ran.err, /^ocmem: Unknown flag --bogus/);
});

pure("what is in an error does not reach the terminal as it is", async () => {
  const openProbe = () => {
    throw new Error("broken \x1b[31m\u202e and\nmore");
  };
  const ran = await runFake(["list"], { openProbe });
  assert.equal(ran.code, 70);
  assert.match(ran.err, /broken \\x1b\[31m\\u202e and\n/);
  assert.doesNotMatch(ran.err.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
});
