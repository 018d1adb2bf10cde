/** `--format csv`, read back by Python's csv module; its command lines by Python's shlex. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished, ocmem } from "./command_line.ts";
import { HOSTILE } from "./hooks.ts";
import { Children, footprintOf } from "./processes.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  python3: hasProgram("python3"),
  ...ACTORS,
};

/** Strict, where it would else make the best of what it finds. */
const SCRIPT = `
import csv, io, json, shlex, sys
rows = list(csv.DictReader(io.StringIO(sys.argv[1], newline=""), strict=True))
for row in rows: row["argv"] = shlex.split(row["command_line"])
print(json.dumps(rows))
`;

type Row = Readonly<Record<string, string>> & { readonly argv: readonly string[] };

async function csvOf(...args: string[]): Promise<Row[]> {
  const { stdout, stderr } = await ocmem(...args, "--format", "csv");
  assert.equal(stderr, "");
  const read = await finished("python3", ["-c", SCRIPT, stdout]);
  assert.deepEqual([read.code, read.stderr], [0, ""]);
  return JSON.parse(read.stdout);
}

live("names of any kind come back as they are, each in its cell", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const cwd = `${folder.path}/a,b"c" ${HOSTILE}`;
  Deno.mkdirSync(cwd);
  const path = castAs(`${cwd}/opencode`);
  const shell = castAs(`${folder.path}/-bash`);
  const spawned = ["-bash", "-c", `echo "a, b" 'c'; ${HOSTILE}`, "", "=1+1", "naïve 資料 🦊", "\\"];
  const { child, pid, below: [below] } = await act(children, path, {
    args: ["serve"],
    cwd,
    name: '=1+1,"x',
    spawn: [{ path: shell, argv: spawned }],
  });
  child.freeze();
  // Without --pid, so that the instance is found with its tree: others may be running beside it.
  const rows = (await csvOf("check")).filter((row) => row.instance!.startsWith(`${pid}-`));
  assert.deepEqual(rows.map((row) => row.pid), [String(pid), String(below)]);
  const [first, second] = rows as [Row, Row];
  assert.equal(first.cwd, cwd);
  assert.equal(second.cwd, cwd);
  assert.equal(first.executable, path);
  assert.deepEqual(first.argv, [path, "serve"]);
  assert.deepEqual(second.argv, spawned);
  // A formula, if a quote did not mark it as text.
  assert.equal(first.name, `'=1+1,"x`);
  assert.equal(first.footprint_bytes, String(footprintOf(pid)));
  assert.equal(first.instance, second.instance);
  assert.deepEqual([first.role, second.role, first.level], ["server", "child", "normal"]);
  assert.equal(second.ppid, String(pid));
  // Neither was asked for.
  assert.deepEqual([first.pss_bytes, first.uss_bytes, first.missing], ["", "", ""]);
});

live("list has the same rows without levels; a line break stays a line's", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const cwd = `${folder.path}/a\nb\r,`;
  Deno.mkdirSync(cwd);
  const { pid } = await act(children, castAs(`${folder.path}/opencode`), { cwd });
  const [row, ...more] = await csvOf("list", "--pid", `${pid}`);
  assert.deepEqual(more, []);
  assert.deepEqual([row!.level, row!.instance_level], ["", ""]);
  assert.equal(row!.cwd, `${folder.path}/a\\nb\\r,`);
});
