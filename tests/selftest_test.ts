/** What the self-test says, and that each of its checks can fail. */

import assert from "node:assert/strict";
import { look } from "../src/look.ts";
import { describe } from "../src/selftest/discovery.ts";
import type { SourceReading } from "../src/types.ts";
import { FakeProbe, type FakeProcess, MIB, NOW_MS } from "./fake.ts";
import { ARGS, documentOf, failedIn, openCode, own, runOn, sources } from "./selftest_scene.ts";
import { pure } from "./support.ts";

pure("the whole document of a run that passes", async () => {
  const child = { pid: 11, ppid: 10, memory: 50 * MIB };
  const hidden = openCode({ pid: 20, cwd: null, memory: "denied", argv: ["opencode", "serve"] });
  const machine = [own(), openCode(), child, hidden];
  const at = (ms: number) => new Date(NOW_MS + ms).toISOString();
  const check = (name: string, detail: string) => ({ name, passed: true, detail });
  const bytes = 300 * MIB;
  const document = await documentOf(runOn(machine, { json: true, duration: 2500 }));
  const [one, two] = document.discovery!.instances.map(({ id }) => id);
  assert.notEqual(one, two);
  assert.deepEqual(document, {
    schema_version: 1,
    type: "selftest",
    tool: { name: "ocmem", version: "1.2.3" },
    host: { os: "linux", arch: "x86_64", memory_bytes: 16 * 1024 * MIB },
    taken_at: at(0),
    passed: true,
    interrupted: false,
    exit_code: 0,
    platform: {
      checks: [
        check("Library opened", "The C library of linux on x86_64 lists 4 processes"),
        check("Own process listed", "Process 999 is in the process table"),
        check("Own footprint by proc_status", "It tells 40960 KiB"),
        check("Own footprint by proc_smaps_rollup", "It tells 41984 KiB"),
        check("Sources agree", "They are 1024 KiB apart"),
        check(
          "Own arguments read back",
          "The system shows 7, which end exactly with the 4 given",
        ),
        check("Own start time", `The process started at ${at(-500)}, 500 ms before its runtime`),
      ],
    },
    discovery: {
      scanned: 4,
      unreadable: 0,
      processes: 3,
      instances: [
        {
          id: one,
          role: "tui",
          pid: 10,
          matched_by: "name",
          cwd: "/w/\\x1b[31mred",
          processes: 2,
          footprint_bytes: 350 * MIB,
        },
        {
          id: two,
          role: "server",
          pid: 20,
          matched_by: "name",
          cwd: null,
          processes: 1,
          footprint_bytes: null,
        },
      ],
      checks: [check("This tool left out", "Process 999 is not among those of OpenCode")],
    },
    tracking: {
      pid: 10,
      role: "tui",
      interval_ms: 500,
      planned: 5,
      ended: null,
      samples: 5,
      min_bytes: bytes,
      max_bytes: bytes,
      mean_bytes: bytes,
      readings: [0, 500, 1000, 1500, 2000].map((ms) => ({
        at: at(ms),
        footprint_bytes: bytes,
        missing: null,
      })),
      checks: [check("Every reading taken", "5 of 5 readings were taken")],
    },
    thresholds: [
      [500, 524_288_000, "normal"],
      [2500, 2_621_440_000, "warning"],
      [5000, 5_242_880_000, "critical"],
    ].map(([megabytes, footprint_bytes, level]) => ({
      megabytes,
      footprint_bytes,
      level,
      expected: level,
      passed: true,
    })),
    // The scripted clock stands while nobody waits: what it can't tell is not 0.
    cost: {
      enumeration_ms: null,
      processes: 4,
      memory_reading_us: null,
      own_footprint_bytes: 40 * MIB,
    },
  });
});

pure("text: the parts by their titles, within 80 columns, the verdict last", async () => {
  const ran = await runOn([own(), openCode({ cwd: "/home/ann/w" })], {}, {
    env: { HOME: "/home/ann" },
  });
  assert.equal(ran.code, 0);
  const titles = ran.out.split("\n").filter((line) => /^[A-Z][A-Za-z ]+$/.test(line));
  assert.deepEqual(titles, [
    "Platform",
    "Process Discovery",
    "Memory Tracking",
    "Threshold Detection",
    "Cost",
  ]);
  assert(ran.out.endsWith("\n\nSelf-test passed\n"));
  for (const line of ran.out.split("\n")) assert(line.length <= 80, line);
  for (
    const part of [
      "ocmem 1.2.3 self-test on linux x86_64 with 16 GiB of memory\n",
      "  1 OpenCode instance, 1 of 2 processes\n",
      "  tui, pid 10: 300 MiB in 1 process, found by name, in ~/w\n",
      "  The largest OpenCode process, pid 10 (tui), read every 1000 ms\n",
      "  samples 10, min 300 MiB, max 300 MiB, avg 300 MiB\n",
      // An eighth in the first line would end in column 82.
      `  readings ${Array(7).fill("300 MiB").join(", ")},\n  300 MiB, 300 MiB, 300 MiB\n`,
      "  ✓ ok      2500 MB: warning\n",
      "  - ms per enumeration of 2 processes\n",
    ]
  ) assert(ran.out.includes(part), part);
  for (const none of ["FAILED", "\x1b", "hunter2", "NaN", "null", "\u00a0"]) {
    assert(!ran.out.includes(none), none);
  }
});

pure("colours do not replace the words", async () => {
  const machine = [own({ readings: sources(40 * MIB, "denied") })];
  const plain = (await runOn(machine)).out;
  const coloured = (await runOn(machine, { color: "always" })).out;
  const [green, red, none] = ["\x1b[32m", "\x1b[1;31m", "\x1b[0m"];
  assert(coloured.includes(`  ${green}✓ ok${none}      Library`), coloured);
  assert(coloured.includes(`  ${red}✗ FAILED${none}  Sources agree`), coloured);
  const stripped = [green, red, none].reduce((text, one) => text.replaceAll(one, ""), coloured);
  assert.equal(stripped, plain);
});

const AGREE = "Sources agree";
const ROLLUP = "Own footprint by proc_smaps_rollup";
const ARGUMENTS = "Own arguments read back";
const START = "Own start time";

/** What is wrong with this tool's own process as the system tells it, and the checks that see it. */
const WRONGS: readonly [string, Partial<FakeProcess>, readonly string[]][] = [
  ["nothing", {}, []],
  ["8 MiB apart", { readings: sources(40 * MIB, 48 * MIB) }, []],
  ["a byte more than that", { readings: sources(48 * MIB + 1, 40 * MIB) }, [AGREE]],
  ["a source that is denied", { readings: sources(4 * MIB, "denied") }, [ROLLUP, AGREE]],
  ["no other arguments before", { argv: ARGS }, [ARGUMENTS]],
  ["fewer arguments", { argv: ARGS.slice(1) }, [ARGUMENTS]],
  ["an empty argument lost", { argv: ["deno", "x", "selftest", ...ARGS.slice(2)] }, [ARGUMENTS]],
  ["another argument", { argv: ["deno", ...ARGS.with(3, "Hunter2")] }, [ARGUMENTS]],
  ["one argument too many", { argv: ["deno", ...ARGS, ""] }, [ARGUMENTS]],
  ["arguments that are denied", { argv: "denied" }, [ARGUMENTS]],
  ["a tick late", { startedAtMs: NOW_MS + 20 }, []],
  ["later than its runtime", { startedAtMs: NOW_MS + 21 }, [START]],
  ["a minute before", { startedAtMs: NOW_MS - 60_000 }, []],
  ["more than a minute before", { startedAtMs: NOW_MS - 60_001 }, [START]],
  ["in 1970", { startedAtMs: 0 }, [START]],
  ["memory that is denied", { memory: "denied" }, ["Every reading taken"]],
];

for (const [wrong, process, failed] of WRONGS) {
  pure(`its own process with ${wrong}`, async () => {
    const ran = runOn([own(process)], { json: true });
    const document = await documentOf(ran);
    assert.deepEqual(failedIn(document), failed);
    assert.equal(document.exit_code, failed.length > 0 ? 1 : 0);
    assert.equal(document.passed, failed.length === 0);
    assert(!/[Hh]unter2/.test((await ran).out), "an argument's value was told");
    const text = await runOn([own(process)]);
    const verdict = failed.length > 0
      ? `Self-test failed: ${failed.length} of 12 checks\n`
      : "Self-test passed\n";
    assert(text.out.endsWith(`\n\n${verdict}`), text.out);
    const words = text.out.match(/✗ FAILED/g) ?? [];
    assert.equal(words.length, failed.length);
  });
}

pure("a start that is still to come is wrong, though the runtime says the same", async () => {
  const startedAtMs = NOW_MS + 30_000;
  const ran = runOn([own({ startedAtMs })], { json: true }, {}, (world) => {
    Object.assign(world, { startedAtMs });
  });
  assert.deepEqual(failedIn(await documentOf(ran)), [START]);
});

pure("what could not be read is null, never 0", async () => {
  const ran = runOn([own({ memory: "denied" })], { json: true });
  const { tracking, cost } = await documentOf(ran);
  const { samples, min_bytes, max_bytes, mean_bytes, readings } = tracking!;
  assert.deepEqual([samples, min_bytes, max_bytes, mean_bytes], [0, null, null, null]);
  assert.equal(cost!.own_footprint_bytes, null);
  assert.equal(readings.length, 10);
  for (const { footprint_bytes, missing } of readings) {
    assert.deepEqual([footprint_bytes, missing], [null, "denied"]);
  }
});

pure("a tool that counts itself is told", () => {
  const probe = new FakeProbe([openCode()]);
  const seen = look(probe, { match: null, pids: [] }, { nowMs: () => NOW_MS }, { exact: false });
  const detail = "Process 10 is among those of OpenCode";
  assert.deepEqual(describe(seen, 10).checks, [{
    name: "This tool left out",
    passed: false,
    detail,
  }]);
});

pure("a garbage collection between two sources is no disagreement", async () => {
  class Collecting extends FakeProbe {
    #times = 0;
    override readings(): readonly SourceReading[] {
      return this.#times++ === 3 ? sources(40 * MIB, 40 * MIB) : sources(90 * MIB, 40 * MIB);
    }
  }
  const document = await documentOf(
    runOn([], { json: true }, { probe: new Collecting([own()]) }),
  );
  assert.deepEqual(failedIn(document), []);
});

pure("a tool that is not in the table: nothing of its own is asked", async () => {
  const probe = new FakeProbe([own()]);
  const table = probe.processTable();
  probe.processTable = () => ({ ...table, get: () => undefined, hint: () => null });
  const document = await documentOf(runOn([], { json: true }, { probe }));
  assert.deepEqual(failedIn(document), ["Own process listed"]);
  assert.equal(document.platform.checks.length, 2);
  assert.equal(document.tracking, null);
  assert.equal(document.cost!.own_footprint_bytes, null);
});
