import assert from "node:assert/strict";
import { COLUMNS, sorted, worstOf } from "../../src/page/client/columns.js";
import { readHistory } from "../../src/page/client/history.js";
import { pure } from "../support.ts";
import { documentOf, GiB, INTERVAL_MS, START, THRESHOLDS } from "./documents.ts";

/** Three instances, one of which could not be read. */
const PROCESSES = [
  { instance: 1, pid: 1, role: "tui", name: "b" },
  { instance: 2, pid: 2, role: "tui", name: "C" },
  { instance: 3, pid: 3, role: "tui", name: "a" },
];
const MODEL = readHistory(documentOf([
  { at: START, bytes: [3 * GiB, null, 1 * GiB] },
  { at: START + INTERVAL_MS, bytes: [2 * GiB, null, 1.5 * GiB] },
  { at: START + 2 * INTERVAL_MS, bytes: [2 * GiB, null, 1.5 * GiB] },
], { processes: PROCESSES }));

const ORDERS: Readonly<Record<string, readonly [up: string, down: string]>> = {
  name: ["abC", "Cba"],
  last: ["abC", "baC"],
  peak: ["abC", "baC"],
  mean: ["abC", "baC"],
  growth: ["baC", "abC"],
  warning: ["Cab", "baC"],
  // 0 s of the other two: they stay as they were.
  critical: ["Cab", "bCa"],
  alerts: ["bCa", "bCa"],
  seen: ["bCa", "bCa"],
};

for (const column of COLUMNS) {
  pure(`sorted by ${column.id}: ${ORDERS[column.id]}; what is not known comes last`, () => {
    const lines = [1, 2, 3].map((pid) => MODEL.instances.find(({ about }) => about.pid === pid)!);
    const orders = [false, true].map((isDown) =>
      sorted(lines, column, isDown).map(({ about }) => about.name).join("")
    );
    assert.deepEqual(orders, ORDERS[column.id]);
  });
}

pure("a row says what the document says", () => {
  const line = MODEL.instances.find(({ about }) => about.name === "b")!;
  const said = Object.fromEntries(COLUMNS.map(({ id, say }) => [id, say(line)]));
  assert.deepEqual({ ...said, seen: "" }, {
    name: "b",
    last: "2 GiB",
    peak: "3 GiB",
    // 3 GiB and 2 GiB for a minute each.
    mean: "2.5 GiB",
    growth: "-1 GiB",
    warning: "2m",
    critical: "1m",
    alerts: "–",
    seen: "",
  });
});

pure("a peak equal to a limit is not over it", () => {
  const of = (bytes: number | null) =>
    worstOf({ stats: { max_bytes: bytes } } as never, THRESHOLDS);
  assert.deepEqual([null, GiB, GiB + 1, 2 * GiB, 2 * GiB + 1].map(of), [
    null,
    null,
    "warning",
    "warning",
    "critical",
  ]);
});
