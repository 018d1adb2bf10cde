import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS, reading } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";

const SESSION: FakeProcess = {
  pid: 10,
  ppid: 5,
  name: "opencode",
  exe: "/b/opencode",
  argv: ["opencode", "serve", "", "--token=hunter2"],
  cwd: "/work/\u202eapi",
  uid: 501,
  startedAtMs: NOW_MS - 1000,
  memory: reading(3 * GIB, { source: "task_info", peakBytes: null, swappedBytes: GIB }),
};

async function json(processes: readonly FakeProcess[], ...args: string[]): Promise<unknown> {
  const { out } = await runFake(args, { probe: new FakeProbe(processes, "darwin", 2) });
  return JSON.parse(out);
}

pure("every key of the report, with its value", async () => {
  const machine = [
    SESSION,
    { pid: 11, ppid: 10, argv: "denied", exe: null, memory: "denied" } as const,
  ];
  assert.deepEqual(await json(machine, "check", "--json", "--critical", "25%"), {
    schema_version: 1,
    tool: { name: "ocmem", version: "1.2.3" },
    taken_at: "2026-01-02T03:04:05.000Z",
    host: { os: "darwin", arch: "x86_64", memory_bytes: 16 * GIB },
    thresholds: {
      warning_bytes: 2 * GIB,
      critical_bytes: 4 * GIB,
      scope: "process",
      roles: {},
    },
    level: "warning",
    exit_code: 1,
    scan: { processes: 3, duration_ms: 0, unreadable: 3 },
    totals: { instances: 1, processes: 2, footprint_bytes: 3 * GIB, unread: 1 },
    hidden: 0,
    notes: [],
    instances: [{
      id: "10-s10",
      role: "server",
      level: "warning",
      because: "process 10: footprint 3 GiB is over the warning limit of 2 GiB",
      cwd: "/work/\\u202eapi",
      footprint_bytes: 3 * GIB,
      project: null,
      sessions: null,
      advice: [
        {
          kind: "stop",
          text: "Its sessions are kept; end it, start it as before and connect again",
          command: "ocmem stop 10",
        },
        {
          kind: "snapshot",
          text: "To see what fills it, start it with OPENCODE_AUTO_HEAP_SNAPSHOT=1; above 2 GiB " +
            "it writes a heap snapshot, which takes much more memory meanwhile",
          command: null,
        },
        { kind: "show", text: "All about it", command: "ocmem show 10" },
      ],
      children: null,
      processes: [
        {
          pid: 10,
          ppid: 5,
          uid: 501,
          name: "opencode",
          executable: "/b/opencode",
          command_line: ["opencode", "serve", "", "--token=***"],
          role: "server",
          matched_by: "name",
          depth: 0,
          started_at: "2026-01-02T03:04:04.000Z",
          level: "warning",
          because: "footprint 3 GiB is over the warning limit of 2 GiB",
          memory: {
            footprint_bytes: 3 * GIB,
            resident_bytes: 3 * GIB + 10 * MIB,
            peak_bytes: null,
            swapped_bytes: GIB,
            pss_bytes: null,
            uss_bytes: null,
            source: "task_info",
          },
          missing: null,
          purpose: null,
        },
        {
          pid: 11,
          ppid: 10,
          uid: null,
          name: "thing",
          executable: null,
          command_line: null,
          role: "child",
          matched_by: "enumeration",
          depth: 1,
          started_at: "2026-01-02T03:03:05.011Z",
          level: "unknown",
          because:
            "its memory can't be read: it belongs to another user (look as that user, or as root)",
          memory: null,
          missing: "denied",
          purpose: null,
        },
      ],
    }],
  });
});

pure("list has no verdict: thresholds, levels and reasons are null", async () => {
  const report = await json([SESSION], "list", "--json") as Record<string, unknown>;
  assert.equal(report.thresholds, null);
  assert.equal(report.level, null);
  assert.equal(report.exit_code, 0);
  const [instance] = report.instances as Record<string, unknown>[];
  assert.equal(instance!.level, null);
  assert.equal(instance!.because, null);
});

pure("an instance of which nothing could be read has no total, not 0", async () => {
  const report = await json([{ ...SESSION, memory: "denied" }], "--json") as {
    instances: { footprint_bytes: unknown }[];
  };
  assert.equal(report.instances[0]!.footprint_bytes, null);
});

pure("hostile names stay valid JSON with nothing that steers a terminal", async () => {
  const hostile = '\x1b]0;x\x07"\\\u2028\x9b\ud800</script>';
  const { out } = await runFake(["--json"], {
    probe: new FakeProbe([{
      ...SESSION,
      name: `opencode${hostile}`,
      exe: `/${hostile}/opencode`,
      argv: ["opencode", hostile],
      cwd: hostile,
    }]),
  });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(out.replaceAll("\n", ""), /[\x00-\x1f\x7f-\x9f\u2028\ud800-\udfff]/);
  const [instance] = JSON.parse(out).instances;
  assert.equal(instance.cwd, '\\x1b]0;x\\x07"\\\\u2028\\x9b\\ud800</script>');
  const [process] = instance.processes;
  assert.equal(process.command_line[1], instance.cwd);
  assert.equal(process.name, `opencode${instance.cwd}`);
  assert.equal(process.executable, `/${instance.cwd}/opencode`);
});
