/** The source of the manual page: what roff must not misread. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { manual } from "../../src/cli/manual.ts";
import { plain } from "../../src/cli/roff.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";

/** The requests of man(7) and roff(7) that old and new readers have. */
const REQUEST =
  /^\.(?:TH|SH|SS|PP|TP|RS|RE|nf|fi|br|nh|ad)(?: ".*"| \d+| l| OCMEM 1 "" ".*" ".*")?$/;

pure("text as roff: what it would take for its own is escaped", () => {
  // By groff_char(7): \e a backslash, \- a minus to copy, \(aq ' \(dq " \(ga ` \(ha ^ \(ti ~.
  const cases = [
    ["a\\b", "a\\eb"],
    ["--json", "\\-\\-json"],
    ["'x' `y` \"z\" ^ ~", "\\(aqx\\(aq \\(gay\\(ga \\(dqz\\(dq \\(ha \\(ti"],
    [".SH x", "\\&.SH x"],
    ["  indented", "\\&  indented"],
    ["line\n.SH line", "line .SH line"],
    ["… 🙂", "\\[u2026] \\[u1F642]"],
    ["", ""],
  ];
  for (const [text, roff] of cases) assert.equal(plain(text!), roff);
});

pure("any text is one line of ASCII that is no request", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const line = plain(text);
      assert.match(line, /^(?:[\x20-\x7e]*)$/);
      assert.doesNotMatch(line, /^[.' ]/);
      assert.doesNotMatch(line.replace(/\\(?:[e&-]|\(..|\[u[0-9A-F]{4,6}\])/g, ""), /[\\'"`^~-]/);
    }),
    { numRuns: 1000 },
  );
});

pure("the page: requests that every reader has, the version, no date", () => {
  const page = manual("1.2.3-beta");
  const [comment, title, ...lines] = page.split("\n");
  assert.match(comment!, /^\.\\" /);
  assert.equal(title, '.TH OCMEM 1 "" "ocmem 1.2.3\\-beta" "User Commands"');
  assert.equal(lines.pop(), "", "the last line is whole");
  for (const line of lines) {
    assert.match(line, /^[\x20-\x7e]+$/);
    if (/^[.']/.test(line)) assert.match(line, REQUEST);
  }
  const sections = lines.filter((line) => line.startsWith(".SH")).map((line) => line.slice(5, -1));
  // The order of man-pages(7).
  assert.deepEqual(sections, [
    ...["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS"],
    "SEE ALSO",
  ]);
  // What apropos(1) reads: a line of the name and what it is for.
  assert.match(page, /\n\.SH "NAME"\nocmem \\- [a-z][^\n.]+\n\.SH/);
  assert.equal(manual("1.2.3-beta"), page);
});

pure("ocmem man prints it", async () => {
  assert.deepEqual(await runFake(["man"]), { code: 0, out: manual("1.2.3"), err: "" });
});
