import assert from "node:assert/strict";
import fc from "fast-check";
import { readMarks } from "../../src/ffi/marks.ts";
import type { Marks } from "../../src/types.ts";
import { pure } from "../support.ts";
import { nulJoined, utf8 } from "./facts.ts";

const NONE: Marks = { openCodePid: null, runsAsBun: false };

function marksOf(...entries: readonly string[]): Marks {
  return readMarks(nulJoined(entries.map(utf8)));
}

pure("no environment, no marks", () => {
  assert.deepEqual(readMarks(new Uint8Array()), NONE);
  assert.deepEqual(readMarks(new Uint8Array([0])), NONE);
  assert.deepEqual(readMarks(new Uint8Array([0, 0, 0])), NONE);
  assert.deepEqual(marksOf("HOME=/Users/a", "PATH=/bin"), NONE);
});

pure("both marks are found wherever they are", () => {
  const pid = "OPENCODE_PID=4711", bun = "BUN_BE_BUN=1", other = "HOME=/Users/a";
  assert.deepEqual(marksOf(pid), { openCodePid: 4711, runsAsBun: false });
  assert.deepEqual(marksOf(bun), { openCodePid: null, runsAsBun: true });
  const both: Marks = { openCodePid: 4711, runsAsBun: true };
  assert.deepEqual(marksOf(pid, bun), both);
  assert.deepEqual(marksOf(bun, pid), both);
  assert.deepEqual(marksOf(other, pid, "", "", bun, other), both);
  assert.deepEqual(marksOf("", pid, other, bun, ""), both);
});

pure("only the very names count", () => {
  assert.deepEqual(marksOf("MY_OPENCODE_PID=1", "XBUN_BE_BUN=1"), NONE);
  assert.deepEqual(marksOf("OPENCODE_PID_FILE=1", "BUN_BE_BUN_TOO=1"), NONE);
  assert.deepEqual(marksOf("opencode_pid=1", "bun_be_bun=1"), NONE);
  assert.deepEqual(marksOf("A=OPENCODE_PID=1", "B=BUN_BE_BUN=1"), NONE);
  assert.deepEqual(marksOf("OPENCODE_PID", "BUN_BE_BUN"), NONE);
});

pure("BUN_BE_BUN is a mark only if it is 1", () => {
  for (const value of ["", "0", "10", "11", "true", " 1", "1 "]) {
    assert.deepEqual(marksOf(`BUN_BE_BUN=${value}`), NONE, value);
  }
});

pure("OPENCODE_PID is a mark only if it is a pid", () => {
  assert.equal(marksOf("OPENCODE_PID=1").openCodePid, 1);
  assert.equal(marksOf("OPENCODE_PID=99999").openCodePid, 99999);
  assert.equal(marksOf("OPENCODE_PID=4194304").openCodePid, 4194304);
  const values = [
    "",
    "0",
    "-1",
    "+1",
    "01",
    " 1",
    "1 ",
    "1x",
    "0x10",
    "1e3",
    "1.5",
    "१",
    "12345678901",
  ];
  for (const value of values) assert.deepEqual(marksOf(`OPENCODE_PID=${value}`), NONE, value);
});

pure("a block that is cut anywhere gives no mark that the whole block does not give", () => {
  const block = nulJoined(["A=1", "BUN_BE_BUN=1", "OPENCODE_PID=4711", "Z=2"].map(utf8));
  for (let length = 0; length <= block.length; length++) {
    const { openCodePid, runsAsBun } = readMarks(block.subarray(0, length));
    assert([null, 4711].includes(openCodePid), `${length}`);
    assert.equal(runsAsBun, length >= "A=1\0BUN_BE_BUN=1\0".length, `${length}`);
  }
});

pure("whatever the other entries are, the marks are read, and nothing else", () => {
  const byte = fc.integer({ min: 1, max: 255 });
  const entry = fc.array(byte).map((bytes) => new Uint8Array(bytes));
  const entries = fc.array(entry);
  fc.assert(
    fc.property(entries, entries, entries, fc.integer({ min: 1, max: 4194304 }), (a, b, c, pid) => {
      const pidEntry = utf8(`OPENCODE_PID=${pid}`);
      const block = nulJoined([...a, pidEntry, ...b, utf8("BUN_BE_BUN=1"), ...c]);
      assert.deepEqual(readMarks(block), { openCodePid: pid, runsAsBun: true });
      assert.deepEqual(readMarks(nulJoined([...a, ...b, ...c])), NONE);
    }),
  );
});
