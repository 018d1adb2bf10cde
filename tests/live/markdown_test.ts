import assert from "node:assert/strict";
import fc from "fast-check";
import { visible } from "../../src/report/harmless.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import type { Report } from "../../src/report/report.ts";
import { GIB, MIB, reading } from "../fake.ts";
import { reportOf, type Sketch, STYLE, texts } from "../report/session_reports.ts";
import { hasProgram, live } from "../support.ts";

const NEEDS = { "cmark-gfm": hasProgram("cmark-gfm") };

live("markdown: cmark-gfm reads a verdict, a list and a table", NEEDS, async () => {
  const html = await render(reportOf([
    {
      level: "warning",
      directory: "/home/ann/api",
      processes: [
        { argv: ["opencode"], memory: reading(3 * GIB), level: "warning" },
        { role: "child", depth: 1, argv: ["sh"], memory: reading(2 * MIB) },
        { role: "child", depth: 2, argv: ["make"], memory: reading(MIB) },
      ],
    },
    { role: "orphan", level: "unknown", directory: null, processes: [{ memory: null }] },
  ], { level: "warning" }));
  const [verdict, first, second, ...others] = [...html.matchAll(/<(p|li)>(.*)<\/\1>/g)];
  assert.match(verdict![2]!, /^<strong>OCMEM WARNING<\/strong> - 1 OpenCode instance and 1 orphan/);
  assert.match(first![2]!, /^<strong>warning<\/strong> instance 100 \(tui\): footprint 3 GiB is/);
  assert.match(second![2]!, /^<strong>unknown<\/strong> instance 103 \(orphan\): its memory can't/);
  assert.equal(others.length, 1, "what could not be looked at");
  const [titles, ...rows] = tableOf(html);
  assert.deepEqual(titles!.slice(0, 4), ["PID", "ROLE", "LEVEL", "FOOTPRINT"]);
  assert.deepEqual(rows.map((cells) => cells.slice(0, 4)), [
    ["100", "tui", "warning", "3 GiB"],
    ["101", "└\u00a0child", "normal", "2 MiB"],
    ["102", "\u00a0\u00a0└\u00a0child", "normal", "1 MiB"],
    ["103", "orphan", "normal", "denied"],
  ]);
  assert.deepEqual(rows.map((cells) => cells.slice(-2)), [
    ["~/api", "opencode"],
    ["", "sh"],
    ["", "make"],
    ["-", "opencode"],
  ]);
});

live("markdown: any text is read back by cmark-gfm as it is, in its own cell", NEEDS, async () => {
  /** What is cut off by its length is shown by another test. */
  const shortTexts = texts.map((text) => visible(text)).filter((text) => text.length < 48);
  const machine: fc.Arbitrary<Sketch> = fc.record({
    directory: fc.option(shortTexts),
    processes: fc.tuple(fc.record({
      name: shortTexts,
      argv: fc.option(fc.tuple(shortTexts, shortTexts)),
    })),
  });
  const machines = fc.array(machine, { minLength: 200, maxLength: 300, size: "max" });
  const wanted = ({ directory, processes }: Sketch) => {
    const [{ argv, name }] = processes as [{ argv: string[] | null; name: string }];
    return [
      directory ?? "-",
      argv === null ? `(${name})` : argv.map((text) => text === "" ? "''" : text).join(" "),
    ];
  };
  await fc.assert(
    fc.asyncProperty(machines, async (sketches) => {
      const [titles, ...rows] = tableOf(await render(reportOf(sketches)));
      assert.equal(titles!.length, 9);
      assert.ok(rows.every((cells) => cells.length === titles!.length));
      assert.deepEqual(rows.map((cells) => cells.slice(-2)), sketches.map(wanted));
    }),
    { numRuns: 10 },
  );
});

live("markdown: advice with any name or folder in it is read back as it is", NEEDS, async () => {
  // A sentence and a command of ours never begin or end with what strangers say.
  const harmless = texts.map((text) => visible(text));
  const advice = fc.array(fc.tuple(harmless, harmless), {
    minLength: 100,
    maxLength: 150,
    size: "max",
  });
  await fc.assert(
    fc.asyncProperty(advice, async (all) => {
      const report = reportOf([{ level: "warning" }]);
      const wanted = all.map(([name, folder]) => ({
        kind: "stop" as const,
        text: `It is "${name}", ended alone`,
        command: `cd '${folder}' && opencode`,
      }));
      const instances = [{ ...report.instances[0]!, advice: wanted }];
      const html = await render({ ...report, instances });
      const items = [...html.matchAll(/<li>(It is .*)<code>(.*)<\/code><\/li>/g)];
      assert.deepEqual(
        items.map(([, text, code]) => [textOf(text!), textOf(code!)]),
        wanted.map(({ text, command }) => [`${text}: `, command]),
      );
    }),
    { numRuns: 10 },
  );
});

/** The Report's Markdown as HTML, with raw HTML let through, as GitHub does with `<code>`. */
async function render(report: Report): Promise<string> {
  const extensions = ["table", "autolink", "strikethrough", "tagfilter"];
  const process = new Deno.Command("cmark-gfm", {
    args: ["--unsafe", ...extensions.flatMap((name) => ["--extension", name])],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const markdown = new Blob([formatMarkdown(report, STYLE)]).stream();
  const [{ stdout, success }] = await Promise.all([
    process.output(),
    markdown.pipeTo(process.stdin),
  ]);
  assert.ok(success);
  return new TextDecoder().decode(stdout);
}

/** The texts of a table's cells. Throws if there is markup in one, besides code. */
function tableOf(html: string): string[][] {
  const rows = html.split("<tr>").slice(1);
  assert.ok(rows.length > 0, html);
  return rows.map((row) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => textOf(cell!))
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function textOf(cell: string): string {
  const inner = cell.replace(/^<code>(.*)<\/code>$/s, "$1").replaceAll("<!-- -->", "");
  assert.equal(/[<>]/.test(inner), false, `markup in ${cell}`);
  return inner.replace(/&(\w+);/g, (_, name) => ENTITIES[name]!);
}
