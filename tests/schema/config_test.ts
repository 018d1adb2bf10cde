/** The schema of the options file against what reads that file: they take the same, and say why not. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type CommandName, COMMANDS } from "../../src/cli/command_table.ts";
import { parseOptions } from "../../src/cli/options_file.ts";
import { optionsOf } from "../../src/cli/settings.ts";
import { ConfigError } from "../../src/errors.ts";
import { pure } from "../support.ts";
import { parts, SCHEMAS, validator } from "./schemas.ts";

const SCHEMA = SCHEMAS.config!;
const COMMAND_NAMES = (Object.keys(COMMANDS) as CommandName[])
  .filter((name) => optionsOf(name).length > 0);
const OPTION_NAMES = [
  ...new Set(COMMAND_NAMES.flatMap((name) => optionsOf(name).map(([option]) => option))),
];

function isRead(value: unknown): boolean {
  try {
    parseOptions("/c", JSON.stringify(value));
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

pure("it has every option of every command, and says what each means", () => {
  const { properties = {} } = SCHEMA;
  const others = ["$schema", "roles", "names", "patterns"];
  assert.deepEqual(
    Object.keys(properties).sort(),
    [...OPTION_NAMES, ...COMMAND_NAMES, ...others].sort(),
  );
  for (const name of COMMAND_NAMES) {
    const own = optionsOf(name).map(([option]) => option);
    assert.deepEqual(Object.keys(properties[name]!.properties ?? {}).sort(), own.sort());
  }
  for (const [path, { properties = {} }] of parts(SCHEMA)) {
    for (const [key, { description }] of Object.entries(properties)) {
      assert.ok(description, `/${path.join("/")}/${key}`);
    }
  }
});

/** Values as people write them, right and wrong. */
const VALUES = [
  ...["1GiB", "500MB", "2g", "75%", "0%", "10s", "1h30m", "5", "5x", "", " ", "90%", "101%", "-1s"],
  ...["process", "instance", "ok", "critical", "auto", "never", "true", "8", "0", "1", "0s", "2d"],
  ...[0, 1, 8, 1.5, -1, 1073741824, true, false, null, [], {}, ["x"], { warning: "1GiB" }],
];
/** Where the reader knows more than a pattern can say: how long at least and at most, which bytes. */
const ONLY_READER = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$|^[\d.]+ ?[a-z]{0,3}$|^[\d.]+%$/i;

pure("what the reader takes fits the schema; what it refuses does not, but for ranges", () => {
  const fits = validator(SCHEMA);
  let [taken, refused] = [0, 0];
  const compare = (file: Record<string, unknown>, value: unknown) => {
    const isFit = fits(file) === null;
    if (isRead(file)) {
      taken++;
      assert.ok(isFit, `the schema refuses ${JSON.stringify(file)}: ${fits(file)}`);
    } else if (!(typeof value === "string" && ONLY_READER.test(value))) {
      refused++;
      assert.ok(!isFit, `the schema takes ${JSON.stringify(file)}`);
    }
  };
  for (const value of VALUES) {
    for (const option of [...OPTION_NAMES, "roles", "names", "patterns", "pid", "format", "x"]) {
      compare({ [option]: value }, value);
      for (const command of COMMAND_NAMES) compare({ [command]: { [option]: value } }, value);
    }
    compare({ roles: { tui: { warning: value } } }, value);
    compare({ roles: { nobody: { warning: value } } }, null);
    compare({ names: [value] }, value);
    compare({ patterns: [value] }, value);
    compare({ names: ["a/b", value] }, null);
  }
  assert.ok(taken > 200 && refused > 1000, `${taken} ${refused}`);
});

pure("any JSON is read or refused, and the reader never takes what the schema refuses", () => {
  const fits = validator(SCHEMA);
  const key = fc.constantFrom(
    ...OPTION_NAMES,
    ...COMMAND_NAMES,
    "roles",
    "names",
    "tui",
    "warning",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...VALUES),
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(key, fc.string()), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree), (file) => {
      if (isRead(file)) assert.equal(fits(file), null);
    }),
    { numRuns: 2000 },
  );
});
