import assert from "node:assert/strict";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { GIB, MIB, reading } from "../fake.ts";
import { pure } from "../support.ts";
import { reportOf, STYLE } from "./session_reports.ts";

pure("markdown: the verdict in bold, the reasons, a table with the tree drawn", () => {
  const report = reportOf([{
    level: "critical",
    directory: "/home/ann/api",
    processes: [
      { argv: ["/b/opencode"], memory: reading(5.25 * GIB), level: "critical" },
      { role: "child", depth: 1, argv: ["gopls", "serve"], memory: reading(300 * MIB) },
      { role: "child", depth: 2, argv: null, name: "sh", memory: null, level: "unknown" },
      { role: "helper", depth: 1, argv: ["a|b", ""], memory: reading(MIB, { peakBytes: null }) },
    ],
  }], { scan: { processes: 9, durationMs: 1, unreadable: 2 } });
  assert.equal(
    formatMarkdown(report, STYLE),
    `\
**OCMEM CRITICAL** - 1 OpenCode instance, 5.54 GiB in 4 processes, largest 5.25 GiB (pid 100, tui), 1 unread

- **critical** instance 100 (tui): footprint 5 GiB is over the critical limit of 4 GiB
- 3 processes could not be looked at

| PID | ROLE | LEVEL | FOOTPRINT | RESIDENT | PEAK | UPTIME | DIRECTORY | COMMAND |
| ---: | --- | --- | ---: | ---: | ---: | ---: | --- | --- |
| 100 | tui | critical | 5.25 GiB | 5.26 GiB | 5.27 GiB | 1m | \`~/api\` | \`/b/opencode\` |
| 101 | ├&nbsp;child | normal | 300 MiB | 310 MiB | 320 MiB | 1m |  | \`gopls serve\` |
| 102 | │&nbsp;└&nbsp;child | unknown | denied | - | - | 1m |  | \`(sh)\` |
| 103 | └&nbsp;helper | normal | 1 MiB | 11 MiB | - | 1m |  | <code>a&#124;b &#39;&#39;</code> |
`,
  );
});

pure("markdown: where nothing is judged there is no level, and no verdict", () => {
  const text = formatMarkdown(
    reportOf([{ level: null }], { level: null, thresholds: null }),
    STYLE,
  );
  assert.match(
    text,
    /^1 OpenCode instance, 1 GiB in 1 process, .*\n\n\| PID \| ROLE \| FOOTPRINT \|/,
  );
});

pure("markdown: the verdict only, where no OpenCode is running", () => {
  const nothing = reportOf([], { level: "normal" });
  assert.equal(
    formatMarkdown(nothing, STYLE),
    "**OCMEM OK** - no OpenCode process is running (321 processes looked at)\n",
  );
});

pure("markdown: a text is a code span, or where that can't hold it, references in HTML", () => {
  const cell = (argument: string) => {
    const text = formatMarkdown(reportOf([{ processes: [{ argv: [argument] }] }]), STYLE);
    return text.trimEnd().split(" | ").at(-1)!.replace(/ \|$/, "");
  };
  assert.equal(cell("a <b> *c* http://x @d #1 $e$ &amp;"), "`a <b> *c* http://x @d #1 $e$ &amp;`");
  assert.equal(cell("a`b"), "<code>a&#96;b</code>");
  assert.equal(cell("a\\b<i>é"), "<code>a&#92;b&#60;i&#62;é</code>");
  assert.equal(cell("|@"), "<code>&#124;&#64;<!-- --></code>");
  assert.equal(cell(" a "), "<code> a </code>");
  assert.equal(cell(" a"), "` a`");
});

pure("markdown: long texts are cut", () => {
  const long = "x".repeat(5000);
  const report = reportOf([{ directory: `/${long}`, processes: [{ argv: [long] }] }]);
  const cut = `${"x".repeat(99)}…`;
  assert.ok(
    formatMarkdown(report, STYLE).endsWith(` | \`/${cut.slice(1)}\` | \`${cut}\` |\n`),
  );
});
