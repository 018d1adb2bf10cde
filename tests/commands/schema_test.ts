import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { schema } from "../../src/commands/schema.ts";
import { UsageError } from "../../src/errors.ts";
import { FakeWorld, runFake } from "../fake_world.ts";
import { SCHEMAS } from "../schema/schemas.ts";
import { pure } from "../support.ts";

pure("without a name: a line for each schema, with what it describes, in a column", async () => {
  const { out, err, code } = await runFake(["schema"]);
  assert.deepEqual([err, code], ["", 0]);
  const lines = out.trimEnd().split("\n");
  const titles = lines.map((line) => line.split(/ {2,}/));
  const known = Object.entries(SCHEMAS).map(([name, { title }]) => [name, title]);
  assert.deepEqual(titles.toSorted(), known.toSorted());
  assert.equal(new Set(lines.map((line, i) => line.indexOf(titles[i]![1]!))).size, 1);
});

pure("with a name: that schema as it is published, key by key", async () => {
  for (const [name, published] of Object.entries(SCHEMAS)) {
    const { out, err, code } = await runFake(["schema", name]);
    assert.deepEqual([err, code], ["", 0]);
    // As text: the order in which a reader finds things is a part of it.
    assert.equal(out, `${JSON.stringify(published, null, 2)}\n`);
  }
});

pure("the command line offers the names that there are", () => {
  assert.deepEqual([...COMMANDS.schema.positional.values].sort(), Object.keys(SCHEMAS).sort());
});

pure("a name that is not known is refused with those that are", async () => {
  const nothing = new FakeWorld({}, () => assert.fail("printed"), () => assert.fail("printed"));
  for (const name of ["", "reprot", "Report", "report.json", "toString", "__proto__", "\x1b[2J"]) {
    assert.throws(() => schema([name], nothing), (error) => {
      assert.ok(error instanceof UsageError);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error.message, /\x1b/);
      for (const known of Object.keys(SCHEMAS)) assert.ok(error.message.includes(known));
      return true;
    });
  }
  const ran = await runFake(["schema", "reprot"]);
  assert.deepEqual([ran.code, ran.out], [64, ""]);
  assert.match(ran.err, /reprot.*report-line/);
});
