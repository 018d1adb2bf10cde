import assert from "node:assert/strict";
import { LinuxTable, type Rows } from "../../src/ffi/linux_table.ts";
import { RowTable } from "../../src/ffi/row_table.ts";
import type { Missing, ProcessInfo } from "../../src/types.ts";
import { pure } from "../support.ts";

function row(pid: number, ppid: number, name = "thing"): ProcessInfo {
  const key = { pid, started: "1" };
  return { key, ppid, name, uid: null, startedAtMs: 0, zombie: false };
}

/** A machine: init with two children, one of which has one; kthreadd with two threads; somebody's process. */
const ROWS: readonly ProcessInfo[] = [
  row(1, 0, "init"),
  row(2, 0, "kthreadd"),
  row(3, 2, "kworker"),
  row(4, 2, "ksoftirqd"),
  row(10, 1),
  row(11, 1, "hidden"),
  row(12, 10),
  row(99, 10, "ocmem"),
];
const KERNEL = [2, 3, 4];

class Machine implements Rows {
  readonly read: number[] = [];
  listed = 0;
  refused: Missing | null = null;

  constructor(readonly rows = ROWS, readonly listsChildren = true, readonly threadCount = 1) {}

  row(pid: number): ProcessInfo | Missing {
    this.read.push(pid);
    return this.refused ?? this.rows.find((r) => r.key.pid === pid) ?? "gone";
  }

  executable(pid: number): string | null {
    return KERNEL.includes(pid) || pid === 11 ? null : `/bin/${pid}`;
  }

  threads(pid: number): readonly number[] {
    return Array.from({ length: this.threadCount }, (_, i) => pid + i * 1000);
  }

  childrenOfThread(pid: number, thread: number): readonly number[] | Missing {
    if (!this.listsChildren) return "gone";
    this.listed++;
    if (thread !== pid) return [];
    return this.rows.filter((r) => r.ppid === pid).map((r) => r.key.pid);
  }
}

function tableOf(machine: Machine): LinuxTable {
  return new LinuxTable(machine.rows.map((r) => r.key.pid), machine, 99);
}

pure("a path is told where it can be read, else the row; of the kernel's threads nothing", () => {
  const machine = new Machine();
  const table = tableOf(machine);
  assert.deepEqual(table.hint(10), { path: "/bin/10" });
  assert.equal((table.hint(11) as ProcessInfo).name, "hidden");
  assert.equal(table.hint(3), null);
  assert.equal(table.hint(4), null);
  assert.deepEqual(machine.read.filter((pid) => pid !== 2), [11], "one row was needed");
});

pure("a process that only calls itself kthreadd hides none of its children", () => {
  const impostors = [
    [row(2, 1, "kthreadd"), row(3, 2, "opencode")],
    [row(2, 0, "bash"), row(3, 2, "opencode")],
  ];
  for (const rows of impostors) {
    const machine = new Machine([...rows, row(99, 1)]);
    assert.equal((tableOf(machine).hint(3) as ProcessInfo).name, "opencode");
  }
});

pure("children are the same from the kernel's lists and from all rows", () => {
  for (const machine of [new Machine(), new Machine(ROWS, false), new Machine(ROWS, true, 5)]) {
    const table = tableOf(machine);
    // Asked again and again: with many threads the table turns to the rows of all.
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(table.children(1), [10, 11]);
      assert.deepEqual(table.children(10), [12, 99]);
      assert.deepEqual(table.children(12), []);
    }
  }
});

pure("a tree with more threads than there are processes costs no more than the rows of all", () => {
  const machine = new Machine(ROWS, true, 5);
  const table = tableOf(machine);
  for (let i = 0; i < 20; i++) for (const pid of [1, 10, 12]) table.children(pid);
  assert.ok(machine.listed <= 1 + ROWS.length + 5, `${machine.listed} lists`);
  assert.equal(machine.read.length, ROWS.length, "every row once");
});

pure(
  "rows: read once, only of this table's processes; hidden ones are counted, gone ones are not",
  () => {
    const machine = new Machine();
    const table = tableOf(machine);
    assert.equal(table.get(10)?.ppid, 1);
    table.get(10);
    assert.equal(table.get(5000), undefined);
    assert.deepEqual(machine.read, [10]);
    for (const [refused, unreadable] of [["gone", 0], ["denied", 1], ["unsupported", 2]] as const) {
      machine.refused = refused;
      assert.equal(table.get({ gone: 11, denied: 12, unsupported: 1 }[refused]), undefined);
      assert.equal(table.unreadable, unreadable);
    }
  },
);

pure("a table of rows: the name is the hint, children by ppid, nothing of strangers", () => {
  const table = new RowTable(ROWS, 3);
  assert.deepEqual(table.pids, ROWS.map((r) => r.key.pid));
  assert.equal(table.unreadable, 3);
  assert.deepEqual(table.hint(11), ROWS[5]);
  assert.equal(table.hint(5000), null);
  assert.equal(table.get(5000), undefined);
  assert.deepEqual(table.children(1), [10, 11]);
  assert.deepEqual(table.children(5000), []);
});
