import assert from "node:assert/strict";
import { formatCsv } from "../../src/report/csv.ts";
import { GIB, MIB, reading } from "../fake.ts";
import { pure } from "../support.ts";
import { HOSTILE, reportOn, session } from "./reported.ts";

const TITLES =
  "taken_at,instance,instance_role,instance_level,cwd,pid,ppid,uid,role,matched_by,depth,name," +
  "executable,command_line,started_at,level,missing,footprint_bytes,resident_bytes,peak_bytes," +
  "swapped_bytes,pss_bytes,uss_bytes,source";

/** The cell of each title in a row without quotes. */
function cells(row: string): Record<string, string> {
  assert.doesNotMatch(row, /"/);
  const values = row.split(",");
  assert.equal(values.length, TITLES.split(",").length);
  return Object.fromEntries(TITLES.split(",").map((title, i) => [title, values[i]!]));
}

pure("a row for each process, the instance's cells in every one; unknown is empty", async () => {
  const memory = reading(3 * GIB, { swappedBytes: MIB, pssBytes: 7, ussBytes: 5, uid: 501 });
  const report = await reportOn([
    session(10, memory, { ppid: 5, argv: ["opencode", "serve"], cwd: "/work/api" }),
    { pid: 11, ppid: 10, name: "mcp", exe: null, argv: "denied", memory: "denied" },
  ]);
  const [titles, first, second, ...rest] = formatCsv(report).split("\n");
  assert.equal(titles, TITLES);
  assert.deepEqual(cells(first!), {
    taken_at: "2026-01-02T03:04:05.000Z",
    instance: "10-s10",
    instance_role: "server",
    instance_level: "warning",
    cwd: "/work/api",
    pid: "10",
    ppid: "5",
    uid: "501",
    role: "server",
    matched_by: "name",
    depth: "0",
    name: "opencode",
    executable: "/b/opencode",
    command_line: "opencode serve",
    started_at: "2026-01-02T03:03:05.010Z",
    level: "warning",
    missing: "",
    footprint_bytes: "3221225472",
    resident_bytes: "3231711232",
    peak_bytes: "3242196992",
    swapped_bytes: "1048576",
    pss_bytes: "7",
    uss_bytes: "5",
    source: "proc_status",
  });
  assert.deepEqual(cells(second!), {
    ...cells(first!),
    pid: "11",
    ppid: "10",
    uid: "",
    role: "child",
    matched_by: "enumeration",
    depth: "1",
    name: "mcp",
    executable: "",
    command_line: "",
    started_at: "2026-01-02T03:03:05.011Z",
    level: "unknown",
    missing: "denied",
    footprint_bytes: "",
    resident_bytes: "",
    peak_bytes: "",
    swapped_bytes: "",
    pss_bytes: "",
    uss_bytes: "",
    source: "",
  });
  assert.deepEqual(rest, [""]);
});

pure("0 is written, and is not an empty cell", async () => {
  const [, row] = formatCsv(await reportOn([session(10, reading(0))])).split("\n");
  assert.deepEqual(
    [cells(row!).footprint_bytes, cells(row!).swapped_bytes, cells(row!).depth],
    ["0", "0", "0"],
  );
});

pure("without a verdict the levels are empty; without a process there are the titles", async () => {
  const [, row] = formatCsv(await reportOn([session(10, GIB)], null)).split("\n");
  assert.deepEqual([cells(row!).instance_level, cells(row!).level], ["", ""]);
  assert.equal(formatCsv(await reportOn([])), `${TITLES}\n`);
});

pure("a row stays a line, and a cell no formula", async () => {
  const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"];
  const report = await reportOn([
    session(10, GIB, { cwd: HOSTILE, exe: `/${HOSTILE}/opencode`, argv: ["opencode", HOSTILE] }),
    ...formulas.map((name, i) => ({
      pid: 11 + i,
      ppid: 10,
      name,
      exe: name,
      argv: [name],
      memory: MIB,
    })),
  ]);
  const text = formatCsv(report);
  assert.equal(text.split("\n").length, 1 + 1 + formulas.length + 1);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.ok(text.isWellFormed());
  assert.doesNotMatch(text, /(^|,)"?[=+@＝-]/m);
});

pure("a command line is words of a shell, quoted where one has to be", async () => {
  const commandLine = async (...argv: string[]) => {
    const report = await reportOn([session(10, GIB, { argv })]);
    // Its cell is the only one here that may hold a comma or a quote.
    const [, cell] = /,\/b\/opencode,(.*),2026-/.exec(formatCsv(report))!;
    return cell!.replace(/^"(.*)"$/, "$1").replaceAll('""', '"');
  };
  assert.equal(await commandLine("opencode", "serve", "--port=4096"), "opencode serve --port=4096");
  assert.equal(await commandLine("opencode", "fix it", ""), "opencode 'fix it' ''");
  assert.equal(await commandLine("opencode", "don't"), "opencode 'don'\\''t'");
  assert.equal(await commandLine("opencode", 'say "x", $HOME'), `opencode 'say "x", $HOME'`);
  assert.equal(await commandLine("opencode", "a\\b", "*"), "opencode 'a\\b' '*'");
  // As it stands in the cell: the quote before it is a shell's, and no mark of a spreadsheet.
  assert.equal(await commandLine("-bash", "-x"), "'-bash' -x");
  assert.equal(await commandLine("=x"), "'=x'");
  assert.equal(await commandLine(), "");
});
