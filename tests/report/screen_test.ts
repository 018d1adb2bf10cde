import assert from "node:assert/strict";
import truncatedWidth from "fast-string-truncated-width";
import { discover } from "../../src/discover.ts";
import type { Past } from "../../src/report/process_table.ts";
import { buildReport, type Report } from "../../src/report/report.ts";
import { type News, renderScreen, type Scene } from "../../src/report/screen.ts";
import type { Level } from "../../src/types.ts";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS, reading } from "../fake.ts";
import { pure } from "../support.ts";

const LIMITS = { warningBytes: 2 * GIB, criticalBytes: 4 * GIB, scope: "process" } as const;
const MACHINE: readonly FakeProcess[] = [
  {
    pid: 15291,
    name: "opencode",
    exe: "/b/opencode",
    argv: ["opencode", "--continue"],
    cwd: "/home/ann/work/web",
    memory: 2.5 * GIB,
    startedAtMs: NOW_MS - 3_600_000,
  },
  {
    pid: 15301,
    ppid: 15291,
    argv: ["npm", "exec", "mcp-資料"],
    memory: 120 * MIB,
    startedAtMs: NOW_MS - 60_000,
  },
];
const NEWS: readonly News[] = [
  {
    atMs: NOW_MS - 600_000,
    name: "found",
    message: "instance 15291 (tui) in ~/work/web: 2.1 GiB in 2 processes",
    level: null,
  },
  {
    atMs: NOW_MS,
    name: "level",
    message:
      "process 15291 (tui) in ~/work/web: footprint 2.5 GiB is over the warning limit of 2 GiB, was normal",
    level: "warning",
  },
];

function reportOf(machine: readonly FakeProcess[]): Report {
  const { instances } = discover(new FakeProbe(machine), { match: null, pids: [] });
  const found = instances.map((instance) => {
    const judged = instance.members.map((member) => {
      const bytes = machine.find((p) => p.pid === member.info.key.pid)!.memory as number;
      const level: Level = bytes > LIMITS.warningBytes ? "warning" : "normal";
      const sample = { key: member.info.key, atMs: NOW_MS, reading: reading(bytes) };
      const because = { kind: "within", limitBytes: 1, footprintBytes: bytes } as const;
      return { member, sample, verdict: { level, because } };
    });
    return { instance, judged, verdict: judged[0]!.verdict };
  });
  const frame = {
    toolVersion: "1.2.3",
    takenAtMs: NOW_MS,
    host: { os: "linux", arch: "x86_64", memoryBytes: 16 * GIB } as const,
    thresholds: LIMITS,
    level: found.length > 0 ? "warning" as const : "normal" as const,
    exitCode: 0,
    scan: { processes: 99, durationMs: 0, unreadable: 0 },
  };
  return buildReport(frame, found, { showSecrets: false });
}

function past(bytes: number): Past {
  const history = Array.from({ length: 30 }, (_, i) => bytes * (0.5 + i / 60));
  return { peakBytes: bytes, slope: bytes / 3_600_000, history };
}

function scene(machine: readonly FakeProcess[] = MACHINE, news = NEWS): Scene {
  return {
    report: reportOf(machine),
    pastOf: ({ reading }) => past(reading?.footprintBytes ?? 0),
    news,
    intervalMs: 60_000,
    timeOf: (ms) => new Date(ms).toISOString().slice(11, 19),
  };
}

const STYLE = { colour: false, home: "/home/ann" };

function assertFits(lines: readonly string[], columns: number, rows: number): void {
  assert.equal(lines.length, rows);
  for (const line of lines) {
    // deno-lint-ignore no-control-regex
    const shown = line.replace(/\x1b\[[\d;]*m/g, "");
    assert.ok(truncatedWidth(shown).width <= columns, line);
    assert.doesNotMatch(shown, /\p{Cc}/u);
  }
}

for (const [columns, rows] of [[80, 24], [120, 40]] as const) {
  pure(`the screen at ${columns}×${rows}`, async (t) => {
    const lines = renderScreen(scene(), { columns, rows }, STYLE);
    assertFits(lines, columns, rows);
    assert.match(
      lines[0]!,
      /^OCMEM WARNING - 1 OpenCode instance, 2\.62 GiB in 2 proc.* every 1m$/,
    );
    assert.match(lines[2]!, /PID +ROLE +LEVEL +FOOTPRINT .*PEAK +TREND +HISTORY/);
    assert.match(lines[3]!, /15291 +tui +warning +2\.5 GiB .*\+42\.7 MiB\/min +.*█/);
    assert.match(lines.at(-1)!, /^q quit {2}r look now$/);
    await t.assertSnapshot(lines.map((line) => line.trimEnd()).join("\n"));
  });
}

pure("it fits any window, and the last line stays the keys", () => {
  const many = Array.from({ length: 100 }, (_, i): FakeProcess => ({
    pid: 20_000 + i,
    ppid: 15291,
    argv: ["node", `server-${i}`, "é".repeat(300)],
    memory: MIB,
  }));
  const news = Array.from({ length: 200 }, (_, i) => ({ ...NEWS[i % 2]! }));
  for (const machine of [[], MACHINE, [...MACHINE, ...many]]) {
    for (const columns of [1, 39, 60, 80, 300]) {
      for (const rows of [1, 2, 5, 24, 150]) {
        for (const some of [[], NEWS, news]) {
          const lines = renderScreen(scene(machine, some), { columns, rows }, STYLE);
          assertFits(lines, columns, rows);
          assert.ok("q quit  r look now".startsWith(lines.at(-1)!.replace("…", "")));
        }
      }
    }
  }
});

pure("what there is no room for is counted, and the latest news stay", () => {
  const many = Array.from({ length: 30 }, (_, i): FakeProcess => ({
    pid: 20_000 + i,
    ppid: 15291,
    argv: ["node", `server-${i}`],
    memory: MIB,
  }));
  const lines = renderScreen(scene([...MACHINE, ...many]), { columns: 80, rows: 24 }, STYLE);
  // 32 processes; of 24 lines 4 are frame and 2 news: 18 for titles, 16 processes and this.
  const at = lines.findIndex((line) => line.startsWith("…"));
  assert.equal(
    lines[at],
    "… and 16 processes more",
  );
  assert.equal(at, 2 + 17);
  assert.match(lines[at + 2]!, /^02:54:05 found/);
  assert.match(lines[at + 3]!, /^03:04:05 level/);
});

pure("of many news the latest stay, the newest last", () => {
  const news = Array.from({ length: 50 }, (_, i) => ({ ...NEWS[0]!, message: `number ${i}` }));
  const lines = renderScreen(scene(MACHINE, news), { columns: 80, rows: 24 }, STYLE);
  const shown = lines.flatMap((line) => /number (\d+)$/.exec(line)?.[1] ?? []).map(Number);
  // Of 24 lines 4 are frame and 3 the table.
  assert.deepEqual(shown, Array.from({ length: 17 }, (_, i) => 33 + i));
});

pure("colours show the level, and nothing but", () => {
  const lines = renderScreen(scene(), { columns: 120, rows: 24 }, { ...STYLE, colour: true });
  assertFits(lines, 120, 24);
  assert.ok(lines[0]!.startsWith("OCMEM \x1b[33mWARNING\x1b[0m - "));
  assert.ok(lines.some((line) => line.includes("\x1b[33mlevel     \x1b[0m process 15291")));
  const plain = renderScreen(scene(), { columns: 120, rows: 24 }, STYLE);
  // deno-lint-ignore no-control-regex
  assert.deepEqual(lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, "")), plain);
});
