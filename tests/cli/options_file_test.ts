/** Options that make no sense: refused by name, file and line. */

import assert from "node:assert/strict";
import { pure } from "../support.ts";
import { run } from "./with_options.ts";

const BAD: readonly (readonly [file: string, sentence: RegExp])[] = [
  [
    '{\n "warnin": "1GiB" }',
    /"warnin" in \/home\/ada.*config\.jsonc, line 2: .*Did you mean "warning"\?/,
  ],
  [
    '{\n\n "watch": { "intervall": "1s" } }',
    /"watch\.intervall".*line 3: .*Did you mean "interval"\?/,
  ],
  ['{ "list": { "warning": "1GiB" } }', /"list\.warning".*no such key of list/],
  ['{ "warning": "2G" }', /"warning".*line 1: expected more than 0, as 2GiB.*not "2G"/],
  ['{ "warning": true }', /"warning".*not true/],
  ['{ "warning": null }', /"warning".*not null/],
  ['{ "warning": ["1GiB"] }', /"warning".*not \["1GiB"\]/],
  ['{ "scope": "all" }', /"scope".*expected one of process, instance, not "all"/],
  ['{ "scope": 1 }', /"scope".*not 1/],
  ['{ "watch": { "notify": "yes" } }', /"watch\.notify".*expected true or false, not "yes"/],
  ['{ "interval": 5 }', /"interval".*expected a duration.*not 5/],
  ['{ "watch": true }', /"watch".*expected an object/],
  ['{ "names": ["a/b"] }', /"names".*expected a name without a slash, not "a\/b"/],
  ['{ "names": [1] }', /"names".*not 1/],
  ['{ "patterns": [""] }', /"patterns".*expected a regular expression/],
  ['{ "patterns": ["x", "("] }', /"patterns" in .*line 1, "\(": missing closing/],
  ['{ "roles": { "servr": {} } }', /"roles\.servr".*Did you mean "server"\?/],
  [
    '{ "roles": { "server": { "warn": "1GiB" } } }',
    /"roles\.server\.warn".*Did you mean "warning"\?/,
  ],
  ['{ "roles": { "server": { "warning": "lots" } } }', /"roles\.server\.warning".*not "lots"/],
  ['{ "roles": { "tui": { "warning": "5GiB" } } }', /role tui above 5GiB.*4GiB/],
  ['{ "warning": "5GiB" }', /"warning" in .*line 1, 5GiB with --critical 4GiB, the default/],
  ['{ "warning": "1GiB",\n "warning": "2GiB" }', /"warning".*line 2: it is there twice/],
  ['{ "constructor": 1 }', /"constructor".*no such key/],
  ['{ "__proto__": { "warning": "1GiB" } }', /"__proto__".*no such key/],
  ['{ "pid": [1] }', /"pid".*no such key/],
  ["[1]", /line 1: expected an object/],
  ['{ "warning": "1GiB"\n\n', /line \d/],
  ["", /line 1: Unexpected end of input found\. Expected JSON/],
  ['{ "k0": 1 }', /no such key\. There are warning, critical,/],
  ['{ "warn": 1 }', /Did you mean "warning"\?/],
  ['{\n "warning": "1GiB",\n "scope": }', /config\.jsonc, line 3: /],
  [`{ "${"x".repeat(500)}": 1 }`, /"x{60}…" in/],
  ['{ "a\\u001b[31m": 1 }', /\\x1b\[31m/],
];

for (const [file, sentence] of BAD) {
  pure(`bad options file: ${file.replaceAll("\n", "⏎")}`, async () => {
    const { code, out, err } = await run(["watch", "--count", "1"], file);
    assert.deepEqual([code, out], [78, ""]);
    assert.match(err, sentence);
    assert.ok(err.includes("config.jsonc") || /of the options file/.test(err), "it names the file");
    assert.ok(!err.includes("--help"), "and no flag is to blame");
    assert.ok(!err.includes("\x1b"));
    // Monitoring must not take it for a verdict.
    assert.equal((await run(["check"], file)).code, 3);
  });
}

const BAD_VARIABLES: readonly (readonly [string, string, RegExp])[] = [
  ["OCMEM_WARNING", "2G", /Cannot use OCMEM_WARNING "2G": expected more than 0/],
  ["OCMEM_SCOPE", "all", /Cannot use OCMEM_SCOPE "all": expected one of process, instance/],
  ["OCMEM_SHOW_SECRETS", "maybe", /OCMEM_SHOW_SECRETS "maybe": expected true or false/],
  ["OCMEM_EXEC_TIMEOUT", "1", /OCMEM_EXEC_TIMEOUT "1": expected a duration/],
  ["OCMEM_WARNING", "9GiB", /Cannot use OCMEM_WARNING 9GiB with --critical 4GiB, the default/],
];

for (const [name, value, sentence] of BAD_VARIABLES) {
  pure(`bad variable: ${name}=${value}`, async () => {
    const { code, out, err } = await run(["watch", "--count", "1"], null, { [name]: value });
    assert.deepEqual([code, out], [64, ""]);
    assert.match(err, sentence);
  });
}
