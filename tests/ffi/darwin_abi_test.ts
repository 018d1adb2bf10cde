import assert from "node:assert/strict";
import { decodeProcessTable, decodeRusage, decodeTaskVmInfo } from "../../src/ffi/darwin_abi.ts";
import type { ProcessInfo, Reading } from "../../src/types.ts";
import { pure } from "../support.ts";
import { canaries, facts, put, putText } from "./facts.ts";

const { kinfo_proc, task_vm_info, rusage_info_v4 } = facts.structs;
const { constants, counts } = facts;

/** A kinfo_proc in which every field holds another number, and every other byte a canary. */
function putRecord(bytes: Uint8Array, base: number, name: string, state: number): ProcessInfo {
  const fields = kinfo_proc.fields;
  put(bytes, fields.starttime_sec, 1_700_000_001 + base, base);
  put(bytes, fields.starttime_usec, 1_234, base);
  put(bytes, fields.p_flag, 0x11111111, base);
  put(bytes, fields.p_stat, state, base);
  put(bytes, fields.p_pid, 71_002 + base, base);
  putText(bytes, fields.p_comm, name, base);
  put(bytes, fields.e_pcred_p_ruid, 503, base);
  put(bytes, fields.e_ucred_cr_uid, 504 + base, base);
  put(bytes, fields.e_ppid, 81_005 + base, base);
  put(bytes, fields.e_pgid, 91_006, base);
  return {
    key: { pid: 71_002 + base, started: `${1_700_000_001 + base}.001234` },
    ppid: 81_005 + base,
    name,
    uid: 504 + base,
    startedAtMs: (1_700_000_001 + base) * 1000 + 1,
    zombie: state === constants.SZOMB,
  };
}

pure("an empty process table has no rows", () => {
  assert.deepEqual(decodeProcessTable(new Uint8Array(), 0), []);
  assert.deepEqual(decodeProcessTable(canaries(kinfo_proc.size * 3), 0), []);
});

pure("every record is decoded from its own fields", () => {
  const size = kinfo_proc.size;
  const bytes = canaries(size * 4);
  const expected = [
    putRecord(bytes, 0, "opencode", 2),
    putRecord(bytes, size, "", constants.SZOMB),
    putRecord(bytes, size * 2, "x".repeat(constants.MAXCOMLEN), 3),
  ];
  assert.deepEqual(decodeProcessTable(bytes, size * 3), expected);
  assert.deepEqual(decodeProcessTable(bytes.subarray(0, size), size), expected.slice(0, 1));
});

pure("the length that came back counts, whole records only", () => {
  const size = kinfo_proc.size;
  const bytes = canaries(size * 2);
  const expected = [putRecord(bytes, 0, "one", 2), putRecord(bytes, size, "two", 2)];
  assert.deepEqual(decodeProcessTable(bytes, size * 2), expected);
  assert.deepEqual(decodeProcessTable(bytes, size * 2 - 1), expected.slice(0, 1));
  assert.deepEqual(decodeProcessTable(bytes, size - 1), []);
  assert.deepEqual(decodeProcessTable(bytes, size * 9), expected, "longer than the buffer");
  const behind = new Uint8Array([...canaries(8), ...bytes]).subarray(8);
  assert.deepEqual(decodeProcessTable(behind, size * 2), expected, "a view into a larger buffer");
});

pure("only SZOMB is a zombie", () => {
  for (let state = 0; state <= 255; state++) {
    const bytes = canaries(kinfo_proc.size);
    putRecord(bytes, 0, "x", state);
    const [row] = decodeProcessTable(bytes, bytes.length);
    assert.equal(row!.zombie, state === constants.SZOMB, `${state}`);
  }
});

pure("starts within one second differ, and sort in their order within it", () => {
  const started = (microseconds: number) => {
    const bytes = canaries(kinfo_proc.size);
    putRecord(bytes, 0, "x", 2);
    put(bytes, kinfo_proc.fields.starttime_usec, microseconds);
    return decodeProcessTable(bytes, bytes.length)[0]!;
  };
  const tokens = [0, 1, 9, 10, 100_000, 999_999].map((usec) => started(usec).key.started);
  assert.equal(new Set(tokens).size, tokens.length);
  assert.deepEqual(tokens.toSorted(), tokens);
  assert.equal(started(999_999).startedAtMs, 1_700_000_001_999);
});

const TASK = {
  resident: 11_000_001,
  compressed: 12_000_002,
  footprint: 13_000_003,
  peak: 14_000_004,
};

/** A task_vm_info of which `units` are filled as told; behind them are canaries. */
function taskInfo(units: number, values = TASK): DataView {
  const whole = canaries(task_vm_info.size);
  const fields = task_vm_info.fields;
  const others = [fields.virtual_size, fields.resident_size_peak, fields.internal, fields.external];
  for (const [i, other] of others.entries()) put(whole, other, 90_000_000 + i);
  put(whole, fields.min_address, 0x1_0000_0000);
  put(whole, fields.resident_size, values.resident);
  put(whole, fields.compressed, values.compressed);
  put(whole, fields.phys_footprint, values.footprint);
  put(whole, fields.ledger_phys_footprint_peak, values.peak);
  const bytes = canaries(task_vm_info.size);
  bytes.set(whole.subarray(0, units * 4));
  return new DataView(bytes.buffer);
}

const FROM_TASK: Reading = {
  footprintBytes: TASK.footprint,
  residentBytes: TASK.resident,
  peakBytes: TASK.peak,
  swappedBytes: TASK.compressed,
  pssBytes: null,
  ussBytes: null,
  source: "task_info",
  uid: null,
};

pure("task_vm_info: each revision gives what it covers, and never a canary", () => {
  const expected: readonly [number, Reading | null][] = [
    [0, null],
    [counts.REV0.units, null],
    [counts.REV1.units - 1, null],
    [counts.REV1.units, { ...FROM_TASK, peakBytes: null }],
    [counts.REV2.units, { ...FROM_TASK, peakBytes: null }],
    [counts.REV2.units + 1, { ...FROM_TASK, peakBytes: null }],
    [counts.REV2.units + 2, FROM_TASK],
    [counts.REV3.units, FROM_TASK],
    [counts.REV5.units, FROM_TASK],
    [counts.newest.units, FROM_TASK],
  ];
  for (const [units, reading] of expected) {
    assert.deepEqual(decodeTaskVmInfo(taskInfo(units), units), reading, `${units} units`);
  }
});

pure("task_vm_info: a count beyond the buffer reads nothing beyond the buffer", () => {
  assert.deepEqual(decodeTaskVmInfo(taskInfo(93), 2 ** 32 - 1), FROM_TASK);
  const short = new DataView(taskInfo(93).buffer, 0, counts.REV1.units * 4);
  assert.deepEqual(decodeTaskVmInfo(short, 93), { ...FROM_TASK, peakBytes: null });
});

pure("task_vm_info: a footprint of 0 is no reading; 0 elsewhere is a number", () => {
  assert.equal(decodeTaskVmInfo(taskInfo(93, { ...TASK, footprint: 0 }), 93), null);
  const reading = decodeTaskVmInfo(taskInfo(93, { ...TASK, resident: 0, compressed: 0 }), 93);
  assert.deepEqual(reading, { ...FROM_TASK, residentBytes: 0, swappedBytes: 0 });
});

pure("sizes beyond 4 GiB are whole", () => {
  const large = {
    resident: 2 ** 33 + 1,
    compressed: 2 ** 34 + 2,
    footprint: 52e9,
    peak: 2 ** 40 + 3,
  };
  const reading = decodeTaskVmInfo(taskInfo(93, large), 93);
  assert.equal(reading?.footprintBytes, 52e9);
  assert.equal(reading?.residentBytes, 2 ** 33 + 1);
  assert.equal(reading?.swappedBytes, 2 ** 34 + 2);
  assert.equal(reading?.peakBytes, 2 ** 40 + 3);
});

function rusage(footprint: number): DataView {
  const bytes = canaries(rusage_info_v4.size);
  const fields = rusage_info_v4.fields;
  put(bytes, fields.ri_wired_size, 90_000_001);
  put(bytes, fields.ri_proc_start_abstime, 90_000_002);
  put(bytes, fields.ri_interval_max_phys_footprint, 90_000_003);
  put(bytes, fields.ri_resident_size, 21_000_001);
  put(bytes, fields.ri_phys_footprint, footprint);
  put(bytes, fields.ri_lifetime_max_phys_footprint, 23_000_003);
  return new DataView(bytes.buffer);
}

pure("rusage_info_v4 is decoded from its own fields, and a footprint of 0 is no reading", () => {
  assert.deepEqual(decodeRusage(rusage(22_000_002)), {
    footprintBytes: 22_000_002,
    residentBytes: 21_000_001,
    peakBytes: 23_000_003,
    swappedBytes: null,
    pssBytes: null,
    ussBytes: null,
    source: "proc_pid_rusage",
    uid: null,
  });
  assert.equal(decodeRusage(rusage(0)), null);
});
