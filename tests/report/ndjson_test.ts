import assert from "node:assert/strict";
import { formatJson } from "../../src/report/json.ts";
import { formatNdjson } from "../../src/report/ndjson.ts";
import type { Report } from "../../src/report/report.ts";
import { GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { HOSTILE, reportOn, session } from "./reported.ts";

const MACHINE = [
  session(10, 3 * GIB, { argv: ["opencode", "serve"], cwd: "/work/api" }),
  { pid: 11, ppid: 10, argv: "denied", memory: "denied" },
  session(20, GIB),
] as const;

function linesOf(report: Report): Record<string, unknown>[] {
  const text = formatNdjson(report);
  assert.ok(text.endsWith("}\n"));
  return text.slice(0, -1).split("\n").map((line) => JSON.parse(line));
}

pure("a line for the report, each instance and, behind it, each of its processes", async () => {
  const lines = linesOf(await reportOn(MACHINE));
  assert.deepEqual(
    lines.map(({ type, instance, id, pid }) => [type, instance ?? id, pid]),
    [
      ["report", undefined, undefined],
      ["instance", "10-s10", undefined],
      ["process", "10-s10", 10],
      ["process", "10-s10", 11],
      ["instance", "20-s20", undefined],
      ["process", "20-s20", 20],
    ],
  );
  assert.deepEqual(lines[1], {
    type: "instance",
    id: "10-s10",
    role: "server",
    level: "warning",
    because: "process 10: footprint 3 GiB is over the warning limit of 2 GiB",
    cwd: "/work/api",
    footprint_bytes: 3 * GIB,
    project: null,
    sessions: null,
    advice: null,
    children: null,
    pids: [10, 11],
  });
});

/** The lines put together again to the one document that `--json` writes. */
function together([report, ...lines]: Record<string, unknown>[]): unknown {
  const { type: _, ...head } = report!;
  const instances: Record<string, unknown>[] = [];
  for (const { type, instance, pids, ...rest } of lines) {
    if (type === "instance") instances.push({ ...rest, processes: [], pids });
    else {
      const { id, processes } = instances.at(-1)! as { id: string; processes: unknown[] };
      assert.equal(instance, id);
      processes.push(rest);
    }
  }
  for (const instance of instances) {
    const { processes } = instance as { processes: { pid: number }[] };
    assert.deepEqual(instance.pids, processes.map((process) => process.pid));
    delete instance.pids;
  }
  return { ...head, instances };
}

pure("the lines hold what the JSON document holds, with the same keys", async () => {
  const hostile = session(30, MIB, { cwd: HOSTILE, argv: ["opencode", HOSTILE] });
  for (
    const report of [
      await reportOn([hostile, ...MACHINE]),
      await reportOn([...MACHINE, hostile], { scope: "instance" }),
      await reportOn(MACHINE, null),
      await reportOn([]),
    ]
  ) {
    assert.deepEqual(together(linesOf(report)), JSON.parse(formatJson(report)));
  }
});

pure("nothing is running: the report is the only line", async () => {
  assert.deepEqual(linesOf(await reportOn([])).map(({ type, level }) => [type, level]), [
    ["report", "normal"],
  ]);
});
