/** A check within its time: who is late says so once, and who is not leaves nothing running. */

import assert from "node:assert/strict";
import { openCode } from "../commands/running.ts";
import { FakeProbe, GIB } from "../fake.ts";
import { type FakeFile, type Ran, runFake, type Scene } from "../fake_world.ts";
import { pure } from "../support.ts";

/** A machine that takes so long for each reading of memory. */
function slowMachine(ms: number, passes: (ms: number) => void): FakeProbe {
  const probe = new FakeProbe([openCode(GIB), openCode(GIB, { pid: 11 })]);
  const memory = probe.memory.bind(probe);
  probe.memory = (process, options) => {
    passes(ms);
    return memory(process, options);
  };
  return probe;
}

/** Runs a check whose clock goes on by so much at each reading. */
async function checkOn(ms: number, args: readonly string[], scene: Scene = {}): Promise<Ran> {
  let elapsedMs = 0;
  const probe = slowMachine(ms, (more) => elapsedMs += more);
  return await runFake(["check", ...args], { probe, elapsedMs: () => elapsedMs, ...scene });
}

pure("a slow machine is unknown as soon as the time is up", async () => {
  const late = await checkOn(600, ["--timeout", "1s"]);
  assert.deepEqual([late.code, late.out], [3, ""]);
  assert.match(late.err, /within 1s\. --timeout allows longer/);
  // Two readings of 500 ms are in time: equal is not over.
  assert.equal((await checkOn(500, ["--timeout", "1s"])).code, 0);
});

pure(
  "the deadline is started with what is left, and what it would say; and it is given back",
  async () => {
    const deadlines: NonNullable<Scene["deadlines"]> = [];
    const ran = await checkOn(1, ["--timeout", "2s"], { deadlines });
    assert.equal(ran.code, 0);
    assert.equal(deadlines.length, 1);
    const [{ ms, stream, leftover }] = deadlines as [NonNullable<typeof deadlines[0]>];
    assert.ok(ms > 2000 && ms < 3000, "a little later than the check itself");
    assert.deepEqual([stream, leftover], ["stderr", null]);
  },
);

pure("without a time-out nothing waits; a plugin has one of 10 seconds", async () => {
  const deadlines: NonNullable<Scene["deadlines"]> = [];
  await checkOn(1, ["--json"], { deadlines });
  assert.equal(deadlines.length, 0);
  await checkOn(1, ["--format", "nagios"], { deadlines });
  assert.equal(Math.floor(deadlines[0]!.ms / 1000), 10);
  assert.equal(deadlines[0]!.stream, "stdout");
  assert.match(deadlines[0]!.text, /^OCMEM UNKNOWN - [^|\n]*\n$/);
});

pure("who is late asks nothing more, of the table neither", async () => {
  let elapsedMs = 0;
  const machine = [openCode(GIB), openCode(GIB, { pid: 11 }), openCode(GIB, { pid: 12 })];
  const probe = new FakeProbe(machine);
  const memory = probe.memory.bind(probe);
  probe.memory = (process, options) => (elapsedMs += 600, memory(process, options));
  await runFake(["check", "--timeout", "1s"], { probe, elapsedMs: () => elapsedMs });
  assert.equal(probe.asked.memory.length, 2);
  // Who is no OpenCode is only glanced at, one after the other.
  const crowd = new FakeProbe([1, 2, 3, 4].map((pid) => ({ pid, name: "sh" })));
  const table = crowd.processTable();
  let glances = 0;
  crowd.processTable = () => ({
    ...{ pids: table.pids, unreadable: 0 },
    get: (pid) => table.get(pid),
    hint: (pid) => (glances++, elapsedMs += 600, table.hint(pid)),
    children: (pid) => table.children(pid),
  });
  elapsedMs = 0;
  await runFake(["check", "--timeout", "1s"], { probe: crowd, elapsedMs: () => elapsedMs });
  assert.equal(glances, 2);
});

pure("the time is counted from the start of the process", async () => {
  const deadlines: NonNullable<Scene["deadlines"]> = [];
  const scene = { probe: new FakeProbe([]), elapsedMs: () => 1500, deadlines };
  await runFake(["check", "--timeout", "10s"], scene);
  assert.ok(deadlines[0]!.ms >= 8500 && deadlines[0]!.ms < 9000);
});

pure("the options file and a variable set it, too", async () => {
  const ran = await checkOn(600, [], { env: { OCMEM_TIMEOUT: "1s" } });
  assert.equal(ran.code, 3);
});

pure("text in a file is as wide as where no terminal is", async () => {
  const files = new Map<string, FakeFile>();
  const probe = new FakeProbe([openCode(GIB, { argv: ["opencode", "x".repeat(300)] })]);
  const size = { columns: 200, rows: 24 };
  await runFake(["list", "--output", "/x/out"], { probe, size, terminal: true, files });
  const widths = files.get("/x/out")!.text.split("\n").map((line) => line.length);
  assert.equal(Math.max(...widths), 80);
});

pure("the file that is not kept is what it removes", async () => {
  const deadlines: NonNullable<Scene["deadlines"]> = [];
  const files = new Map();
  await checkOn(1, ["--timeout", "2s", "--output", "/x/out"], { deadlines, files });
  assert.equal(deadlines[0]!.leftover, "/x/out.tmp");
  assert.match(files.get("/x/out").text, /^OCMEM OK/);
  const late = await checkOn(3000, ["--timeout", "2s", "--output", "/x/late"], { files });
  assert.deepEqual([late.code, files.has("/x/late")], [3, false]);
});
