import assert from "node:assert/strict";
import fc from "fast-check";
import { type Column, cut, renderTable } from "../../src/report/table.ts";
import { pure } from "../support.ts";

function column(title: string, cells: readonly string[], rest: Partial<Column> = {}): Column {
  return { title, cells, align: "left", ...rest };
}

const NUMBERS = column("N", ["1", "22"], { align: "right" });
const WORDS = column("WORD", ["alpha", "be"], { flexible: true, dropOrder: 1 });
const TAIL = column("TAIL", ["the quick brown fox", ""], { flexible: true, dropOrder: 2 });

pure("a table that fits: aligned, two spaces apart, no trailing spaces", () => {
  assert.deepEqual(renderTable([NUMBERS, WORDS, TAIL], 80), [
    " N  WORD   TAIL",
    " 1  alpha  the quick brown fox",
    "22  be",
  ]);
});

pure("a narrow table: flexible columns are cut, then columns go in their order", () => {
  assert.deepEqual(renderTable([NUMBERS, WORDS, TAIL], 24), [
    " N WORD  TAIL",
    " 1 alpha the quick brow…",
    "22 be",
  ]);
  assert.deepEqual(renderTable([NUMBERS, WORDS, TAIL], 16), [
    " N TAIL",
    " 1 the quick br…",
    "22",
  ]);
  assert.deepEqual(renderTable([NUMBERS, WORDS, TAIL], 5), [" N", " 1", "22"]);
  assert.deepEqual(renderTable([NUMBERS, WORDS, TAIL], 1), ["N", "1", "…"]);
});

pure("as wide as it takes: nothing is cut", () => {
  const long = "x".repeat(5000);
  const lines = renderTable([NUMBERS, column("C", [long, "y"], { flexible: true })], Infinity);
  assert.deepEqual(lines, [" N  C", ` 1  ${long}`, "22  y"]);
});

pure("wide characters count as the two columns that they take", () => {
  const lines = renderTable([column("A", ["日本", "x"]), column("B", ["1", "2"])], 80);
  assert.deepEqual(lines, ["A     B", "日本  1", "x     2"]);
  assert.equal(cut("日本語テキスト", 7), "日本語…");
});

pure("paint sees padded cells and never the title", () => {
  const paint = (text: string, row: number) => `<${row}:${text}>`;
  const lines = renderTable([column("L", ["ok", "bad"], { paint }), column("R", ["1", "2"])], 80);
  assert.deepEqual(lines, ["L    R", "<0:ok >  1", "<1:bad>  2"]);
});

pure("no rows: the titles alone", () => {
  assert.deepEqual(renderTable([column("A", []), column("B", [])], 80), ["A  B"]);
});

pure("any cells, any width: no line is wider than the width", () => {
  const cells = fc.array(fc.string({ unit: fc.constantFrom("a", " ", "日", "é", "…") }), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(fc.property(cells, cells, cells, fc.integer({ min: 1, max: 60 }), (a, b, c, width) => {
    const columns = [
      column("PID", a, { align: "right" }),
      column("DIRECTORY", b, { flexible: true, dropOrder: 1 }),
      column("COMMAND", c, { flexible: true, dropOrder: 2 }),
    ];
    for (const line of renderTable(columns, width)) {
      // 日 takes two columns, everything else here takes one.
      const wide = [...line].length + [...line].filter((ch) => ch === "日").length;
      assert.ok(wide <= width, `${wide} > ${width}: ${line}`);
    }
  }));
});
