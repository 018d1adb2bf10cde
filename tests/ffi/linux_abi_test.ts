import assert from "node:assert/strict";
import fc from "fast-check";
import {
  LIBC_PATHS,
  LIBC_SYMBOLS,
  parseChildren,
  parseMemTotal,
  parsePids,
  parseSmapsRollup,
  parseStat,
  parseStatus,
  trimTitle,
} from "../../src/ffi/linux_abi.ts";
import { pure } from "../support.ts";
import { utf8 } from "./facts.ts";

const BOOT_AT_MS = 1_700_000_000_000;

/** Fields 3 to 25 of a real line: ppid 4242, start 123456 ticks, 74 GB of address space. */
const BEHIND_NAME = " S 4242 4243 4244 34816 4245 4194560 912 0 7 0 31 12 0 0 20 0 14 0 123456 " +
  "74123456789 1500 18446744073709551615";

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function statLine(name: Uint8Array, behind = BEHIND_NAME): Uint8Array {
  return concat(utf8("77 ("), name, utf8(`)${behind}\n`));
}

function row(name: string, zombie = false): unknown {
  return {
    key: { pid: 77, started: "123456" },
    ppid: 4242,
    name,
    uid: null,
    // 123456 ticks of 10 ms.
    startedAtMs: 1_700_001_234_560,
    zombie,
  };
}

pure("a stat line becomes a row", () => {
  assert.deepEqual(parseStat(statLine(utf8("opencode")), 77, BOOT_AT_MS), row("opencode"));
  assert.deepEqual(parseStat(statLine(utf8("")), 77, BOOT_AT_MS), row(""));
});

pure("a name may look like the rest of the line", () => {
  const names = [
    "npm exec openco",
    "tmux: server",
    ") R 1 (",
    "a) S 1 2 3 (b",
    ")",
    "(",
    "))))",
    "()",
    ") Z 1",
    "a\nb",
    "\n",
    "77 (x) Z 1\n",
    "ünï",
  ];
  for (const name of names) {
    assert.deepEqual(parseStat(statLine(utf8(name)), 77, BOOT_AT_MS), row(name), name);
  }
});

pure("a name that is not UTF-8 becomes valid text", () => {
  const name = new Uint8Array([0x61, 0xff, 0x1b, 0x5b, 0x29]);
  assert.deepEqual(parseStat(statLine(name), 77, BOOT_AT_MS), row("a\u{fffd}\x1b[)"));
  // As the kernel cuts a name at 15 bytes: in the middle of a letter.
  const cut = utf8("fourteen bytesü").subarray(0, 15);
  assert.deepEqual(parseStat(statLine(cut), 77, BOOT_AT_MS), row("fourteen bytes\u{fffd}"));
});

pure("whatever the name is, the other fields are read", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (name) => {
      const found = parseStat(statLine(name), 77, BOOT_AT_MS);
      assert(found);
      assert(found.name.isWellFormed());
      assert.deepEqual(found, row(found.name));
    }),
    { numRuns: 1000 },
  );
});

pure("only state Z is a zombie", () => {
  for (const state of "RSDTtXIPKW") {
    const line = statLine(utf8("Z"), BEHIND_NAME.replace("S", state));
    assert.deepEqual(parseStat(line, 77, BOOT_AT_MS), row("Z"), state);
  }
  const zombie = statLine(utf8("a"), BEHIND_NAME.replace("S", "Z"));
  assert.deepEqual(parseStat(zombie, 77, BOOT_AT_MS), row("a", true));
});

pure("init and kernel threads: no parent, no terminal, no address space", () => {
  const line = " S 0 0 0 0 -1 2129984 0 0 0 0 0 15 0 0 20 0 1 0 3 0 0 18446744073709551615";
  assert.deepEqual(parseStat(statLine(utf8("kthreadd"), line), 2, 0), {
    key: { pid: 2, started: "3" },
    ppid: 0,
    name: "kthreadd",
    uid: null,
    startedAtMs: 30,
    zombie: false,
  });
});

pure("what is cut off before the end of the start time is no row, wherever it is cut", () => {
  const line = statLine(utf8("a) b"));
  const needed = line.length - "74123456789 1500 18446744073709551615\n".length;
  for (let length = 0; length < needed; length++) {
    assert.equal(parseStat(line.subarray(0, length), 77, BOOT_AT_MS), null, `${length}`);
  }
});

pure("what is no stat line is no row", () => {
  const texts = [
    "",
    "\n",
    "77",
    "77 (a",
    "77 a) S",
    ")(",
    "77 (a)",
    "77 (a) ",
    "77 (a) S x 2",
    `77 (a)${BEHIND_NAME.replace("4242", "-1")}`,
    `77 (a)${BEHIND_NAME.replace("123456", "soon")}`,
  ];
  for (const text of texts) assert.equal(parseStat(utf8(text), 77, BOOT_AT_MS), null, text);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseStat(bytes, 77, BOOT_AT_MS)));
});

/** A directory entry as the kernel lays it out, 0x31 ("1") in every byte that is not of it. */
function dirent(
  name: string,
  length = Math.ceil((19 + utf8(name).length + 1) / 8) * 8,
): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x31);
  // d_ino 8 bytes, d_off 8, d_reclen 2, d_type 1: all but the length look like digits.
  bytes.set([length & 0xff, length >> 8], 16);
  bytes.set(utf8(`${name}\0`).subarray(0, length - 19), 19);
  return bytes;
}

function direntsOf(names: readonly string[]): Uint8Array {
  return Uint8Array.from(names.flatMap((name) => [...dirent(name)]));
}

pure("directory entries that are numbers are pids, whatever stands between them", () => {
  const pids = [1, 7, 10, 99, 4650, 12345, 99999, 4194304];
  assert.deepEqual(parsePids(direntsOf(pids.map(String))), pids);
  const others = [".", "..", "self", "thread-self", "sys", "1a", "a1", "1 ", " 1", "-1", "", "0"];
  others.push("1.5", "/1", ":", "12:", "१", "kcore", "x".repeat(255));
  assert.deepEqual(parsePids(direntsOf(others)), []);
  assert.deepEqual(parsePids(direntsOf(["4", ...others, "5"])), [4, 5]);
});

pure("a record that makes no sense ends the list, and a name without its end is no pid", () => {
  assert.deepEqual(parsePids(new Uint8Array()), []);
  const whole = direntsOf(["4", "5"]);
  for (let length = 0; length < whole.length; length++) {
    const found = parsePids(whole.subarray(0, length));
    assert.deepEqual(found, length < 24 ? [] : [4], `${length}`);
  }
  const endless = dirent("5");
  endless.set([0, 0], 16);
  assert.deepEqual(parsePids(endless), []);
  assert.deepEqual(parsePids(dirent("12345", 24)), []);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parsePids(bytes)));
});

pure("the kernel's list of children", () => {
  assert.deepEqual(parseChildren(""), []);
  assert.deepEqual(parseChildren("12 13 4194304 "), [12, 13, 4194304]);
});

pure("libc is looked for by absolute paths, and no variadic function is bound", () => {
  assert.deepEqual(Object.keys(LIBC_PATHS).sort(), ["aarch64", "x86_64"]);
  for (const paths of Object.values(LIBC_PATHS)) {
    assert(paths.length > 0 && paths.every((path) => path.startsWith("/")));
  }
  const variadic = ["open", "openat", "fcntl", "ioctl", "syscall", "printf", "fprintf", "prctl"];
  for (const name of variadic) assert(!(name in LIBC_SYMBOLS), name);
});

pure("the machine's memory in bytes", () => {
  const text = "MemTotal:       24684092 kB\nMemFree:        23915236 kB\nSwapTotal: 5 kB\n";
  // 24,684,092 × 1,024
  assert.equal(parseMemTotal(text), 25_276_510_208);
  assert.equal(parseMemTotal("MemFree: 1 kB\n" + text), 25_276_510_208);
  assert.equal(parseMemTotal("MemTotal:        1 kB"), 1024);
  for (const none of ["", "\n", "MemFree: 1 kB\n", "XMemTotal: 1 kB\n", "MemTotal:\n"]) {
    assert.equal(parseMemTotal(none), null, none);
  }
});

pure("PSS and USS in bytes", () => {
  const text = [
    "5581a2c52000-7ffd3f5f2000 ---p 00000000 00:00 0                          [rollup]",
    "Rss:              325300 kB",
    "Pss:              284227 kB",
    "Pss_Dirty:        201000 kB",
    "Pss_Anon:         200000 kB",
    "Shared_Clean:      80000 kB",
    "Private_Clean:      1000 kB",
    "Private_Dirty:    200000 kB",
    "SwapPss:               0 kB",
    "",
  ].join("\n");
  // 284,227 × 1,024, and (1,000 + 200,000) × 1,024.
  assert.deepEqual(parseSmapsRollup(text), { pssBytes: 291_048_448, ussBytes: 205_824_000 });
  for (const name of ["Pss:", "Private_Clean:", "Private_Dirty:"]) {
    const lines = text.split("\n").filter((line) => !line.startsWith(name));
    assert.equal(parseSmapsRollup(lines.join("\n")), null, name);
  }
  assert.equal(parseSmapsRollup(""), null);
});

pure("a title in place of the arguments is one text, its filler is no argument", () => {
  const cases: readonly [readonly string[], readonly string[]][] = [
    [[], []],
    [[""], [""]],
    [["", ""], ["", ""]],
    [["cat"], ["cat"]],
    [["cat", ""], ["cat", ""]],
    [["cat", "", ""], ["cat", "", ""]],
    [["npm exec opencode"], ["npm exec opencode"]],
    [["npm exec opencode", "", "", ""], ["npm exec opencode"]],
    [["my program", "", "x"], ["my program", "", "x"]],
    [["my program", "x", ""], ["my program", "x", ""]],
  ];
  for (const [argv, expected] of cases) assert.deepEqual(trimTitle(argv), expected);
});

/** A status text: the lines of `figures` in kB, after the lines that every process has. */
function statusText(
  figures: Readonly<Record<string, number>>,
  name = "opencode",
  state = "S",
): string {
  const lines = [
    `Name:\t${name}`,
    "Umask:\t0022",
    `State:\t${state} (sleeping)`,
    "Tgid:\t77",
    "Pid:\t77",
    "PPid:\t1",
    "Uid:\t1000\t1001\t1002\t1003",
    "Gid:\t2000\t2001\t2002\t2003",
  ];
  for (const [label, kb] of Object.entries(figures)) {
    lines.push(`${label}:\t${String(kb).padStart(8)} kB`);
  }
  return [...lines, "Threads:\t14", "voluntary_ctxt_switches:\t5", ""].join("\n");
}

const FIGURES = {
  VmPeak: 74_000_001,
  VmSize: 74_000_000,
  VmLck: 3,
  VmHWM: 918_196,
  VmRSS: 751_384,
  RssAnon: 650_000,
  RssFile: 96_384,
  RssShmem: 5_000,
  VmData: 9_999_999,
  VmSwap: 70,
} as const;

/** What the figures above say, each times 1,024. */
const READING = {
  // 650,000 + 5,000 + 70
  footprintBytes: 670_791_680,
  residentBytes: 769_417_216,
  peakBytes: 940_232_704,
  swappedBytes: 71_680,
  pssBytes: null,
  ussBytes: null,
  source: "proc_status",
  uid: 1001,
};

pure("the footprint is anonymous, shared and swapped memory, without the pages of files", () => {
  assert.deepEqual(parseStatus(statusText(FIGURES)), READING);
});

pure("each part of the footprint counts once", () => {
  const none = { VmHWM: 0, VmRSS: 0, RssAnon: 0, RssFile: 0, RssShmem: 0, VmSwap: 0 };
  const zero = parseStatus(statusText(none));
  assert(typeof zero !== "string" && zero.footprintBytes === 0 && zero.swappedBytes === 0);
  for (const part of ["RssAnon", "RssShmem", "VmSwap"]) {
    const reading = parseStatus(statusText({ ...none, [part]: 3 }));
    assert(typeof reading !== "string" && reading.footprintBytes === 3072, part);
  }
  for (const other of ["VmHWM", "VmRSS", "RssFile"]) {
    const reading = parseStatus(statusText({ ...none, [other]: 3 }));
    assert(typeof reading !== "string" && reading.footprintBytes === 0, other);
  }
});

pure("a kernel without swap tells no swap", () => {
  const { VmSwap: _, ...figures } = FIGURES;
  assert.deepEqual(parseStatus(statusText(figures)), {
    ...READING,
    footprintBytes: 670_720_000,
    swappedBytes: null,
  });
});

pure("without one of its figures there is no reading, and never 0 bytes", () => {
  for (const name of ["RssAnon", "RssShmem", "VmRSS"] as const) {
    const { [name]: _, ...figures } = FIGURES;
    assert.equal(parseStatus(statusText(figures)), "unsupported", name);
  }
  const { VmHWM: _, ...figures } = FIGURES;
  assert.deepEqual(parseStatus(statusText(figures)), { ...READING, peakBytes: null });
});

pure("kernel threads, and what is no status, have no reading", () => {
  for (const text of [statusText({}, "kthreadd"), "", "\n", "Name:\topencode\n"]) {
    assert.equal(typeof parseStatus(text), "string", text);
  }
});

pure("a zombie is one, whatever else is there", () => {
  assert.equal(parseStatus(statusText({}, "opencode", "Z")), "zombie");
  assert.equal(parseStatus(statusText(FIGURES, "opencode", "Z")), "zombie");
});

pure("a name that imitates other lines changes nothing", () => {
  // The kernel writes a line break in a name as \n.
  const names = [
    "VmRSS:\t  1 kB",
    "RssAnon:",
    "State:\tZ",
    "x\\nState:\tZ (zombie)",
    "Uid:\t0\t0\t0\t0",
    "Name:",
    "",
  ];
  for (const name of names) {
    assert.deepEqual(parseStatus(statusText(FIGURES, name)), READING, name);
  }
});

pure("status: a thread of the kernel has no footprint, and has not ended", () => {
  const thread = "Name:\tkthreadd\nState:\tS (sleeping)\nPid:\t2\nPPid:\t0\nKthread:\t1\n";
  assert.equal(parseStatus(thread), "unsupported");
  assert.equal(parseStatus(thread.replace("Kthread:\t1", "Kthread:\t0")), "gone");
});
